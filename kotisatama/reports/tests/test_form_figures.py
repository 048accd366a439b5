"""Figures of a form's questions: counted by choice, small ones hidden, nobody's words."""

import copy
import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from kotisatama.forms import actions
from kotisatama.forms.models import Version
from kotisatama.forms.tests.test_exporting import SECOND, a_version, sent
from kotisatama.reports import form_figures
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
SECRET = "Nobody may read this"


@pytest.fixture
def form() -> Version:
    """Fourteen forms: nine from Joensuu, three from Liperi, two without a place."""
    version = a_version("1", [*SECOND, ("integer", "size", "Koko")])
    for number in range(14):
        place = {"municipality": "167" if number < 9 else "426"} if number < 12 else {}
        sent(version, name=SECRET, size=number, places=["167"] if number < 8 else ["167", "426"], **place)
    sent(version, builders.KITEE, municipality="167")
    return version


def found(worker: Worker, version: Version) -> dict[str, form_figures.QuestionFigures]:
    with builders.as_worker(worker):
        year = form_figures.years()[0]
        every = form_figures.figures(worker, version.form, year=year, reader="fi")
    return {each.question.name: each for each in every.questions}


def shown(figures: form_figures.QuestionFigures) -> dict[str, Any]:
    return {row.code: row.figure.value for row in figures.rows}


def test_a_small_count_is_hidden_with_what_would_tell_it(form: Version) -> None:
    every = found(builders.a_worker(Role.REPORT_READER), form)
    assert shown(every["municipality"]) == {"167": 9, "426": None, "": None}
    assert shown(every["places"]) == {"167": 14, "426": 6, "": 0}


def test_a_number_has_its_middle_when_there_are_enough(form: Version) -> None:
    assert found(builders.a_worker(Role.REPORT_READER), form)["size"].middle == (6.5,)


def test_of_words_only_their_number_is_told(form: Version) -> None:
    reader = builders.a_worker(Role.REPORT_READER)
    assert shown(found(reader, form)["name"]) == {"answered": 14, "": 0}
    page = builders.signed_in(reader).get(reverse("reports:form", args=["trial"]))
    assert page.status_code == 200
    assert SECRET not in page.content.decode()


def test_a_question_with_statistics_no_is_left_out(form: Version) -> None:
    rows = copy.deepcopy(form.source)
    rows["survey"]["columns"].append("kotisatama::statistics")
    next(cells for _number, cells in rows["survey"]["rows"] if cells.get("name") == "name")[
        "kotisatama::statistics"
    ] = "no"
    later = actions.start_version(form.form, rows=rows, by=None)
    assert actions.check_version(later, revision=later.revision, by=None) == []
    actions.publish_version(later)
    assert "name" not in found(builders.a_worker(Role.REPORT_READER), form)


def test_a_form_of_few_tells_nothing(form: Version) -> None:
    page = builders.signed_in(builders.an_outsider(Role.REPORT_READER)).get(reverse("reports:form", args=["trial"]))
    assert page.context["figures"].total.is_hidden
    assert not page.context["figures"].questions


def test_page_and_file_hide_the_same_and_leave_a_line_each(form: Version) -> None:
    client = builders.signed_in(builders.a_worker(Role.REPORT_READER))
    before = len(builders.audit_lines())
    year = client.get(reverse("reports:form", args=["trial"])).context["figures"].year
    response = client.get(reverse("reports:form_export", args=["trial", year]))
    table = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    counts = {row["choice"]: row["count"] for row in table if row["question"] == "municipality"}
    assert counts == {"167": "9", "426": "–", "no_answer": "–"}
    actions = [line.action for line in builders.audit_lines()[before:]]
    assert actions == ["form_figures.viewed", "form_figures.exported"]


def test_the_list_leads_to_figures_and_leads_to_answers(form: Version) -> None:
    lead, reader = builders.a_worker(Role.TEAM_LEAD), builders.a_worker(Role.REPORT_READER)
    export = reverse("forms:export", args=["trial"])
    pages = [builders.signed_in(each).get(reverse("reports:forms")).content.decode() for each in (lead, reader)]
    assert [export in page for page in pages] == [True, False]
