"""Figures of a form's questions: counted by choice, small ones hidden, nobody's words."""

import copy
import csv
import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from kotisatama.forms import actions
from kotisatama.forms.models import Submission, Version
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


def test_a_question_that_was_added_later_has_no_blanks_from_before(form: Version) -> None:
    later = a_version("2", [*SECOND, ("integer", "size", "Koko"), ("select_one place", "work", "Työ")])
    for number in range(12):
        sent(later, work="167" if number < 6 else None)
    every = found(builders.a_worker(Role.REPORT_READER), later)
    assert shown(every["work"]) == {"167": 6, "426": 0, "": 6}
    assert shown(every["name"]) == {"answered": 14, "": 12}


def test_few_who_were_not_asked_are_not_told_by_a_sum_that_misses_them(form: Version) -> None:
    later = a_version("2", [*SECOND, ("select_one place", "work", "Työ")])
    for _number in range(12):
        sent(later, work="167")
    last = a_version("3", [*SECOND, ("select_one place", "work", "Työ"), ("select_one place", "study", "Opinnot")])
    with builders.as_worker(builders.a_worker(Role.REPORT_READER)):
        Submission.objects.filter(version=form, pk__in=Submission.objects.filter(version=form)[:12]).delete()
    for _number in range(6):
        sent(last, work="167", study="426")
    every = found(builders.a_worker(Role.REPORT_READER), last)
    assert sum(row.figure.value or 0 for row in every["study"].rows) == 6
    assert shown(every["work"]) == {"167": None, "426": 0, "": None}


def test_a_question_that_left_a_repeat_never_has_fewer_than_nobody(form: Version) -> None:
    without = [row for row in SECOND if row[1] not in ("child", "child_name", "age") and row[0] != "end_repeat"]
    for _number in range(6):
        sent(form, child=[{"child_name": "a", "age": 1}, {"child_name": "b", "age": 2}, {"child_name": "c"}])
    later = a_version("2", [*without, ("integer", "age", "Ikä")])
    for _number in range(7):
        sent(later, age=30)
    every = found(builders.a_worker(Role.REPORT_READER), later)
    assert shown(every["age"]) == {"answered": 19, "": 6}
    assert shown(every["child_name"]) == {"answered": 18, "": 0}


def test_months_that_are_hidden_are_said_to_be_hidden() -> None:
    version, reader = a_version("1", SECOND), builders.a_worker(Role.REPORT_READER)
    every = [sent(version).pk for _number in range(14)]
    now = timezone.localtime()
    with builders.as_worker(reader):
        Submission.objects.filter(pk__in=every[:2]).update(submitted_at=now.replace(month=now.month % 12 + 1, day=15))
        figures = form_figures.figures(reader, version.form, year=now.year, reader="fi")
    assert not any(each.has_hidden for each in figures.questions)
    assert figures.has_hidden


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
    address = reverse("reports:form_export", args=["trial", page.context["figures"].year])
    outsider = builders.signed_in(builders.an_outsider(Role.REPORT_READER))
    assert "_total,Forms sent in,,,–," in outsider.get(address).content.decode()


def test_page_and_file_hide_the_same_and_leave_a_line_each(form: Version) -> None:
    client = builders.signed_in(builders.a_worker(Role.REPORT_READER))
    before = len(builders.audit_lines())
    year = client.get(reverse("reports:form", args=["trial"])).context["figures"].year
    response = client.get(reverse("reports:form_export", args=["trial", year]))
    table = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert [row["count"] for row in table if row["question"] == "_total"] == ["14"]
    assert sum(int(row["count"]) for row in table if row["question"] == "_month") == 14
    counts = {row["choice"]: row["count"] for row in table if row["question"] == "municipality"}
    assert counts == {"167": "9", "426": "–", "no_answer": "–"}
    actions = [line.action for line in builders.audit_lines()[before:]]
    assert actions == ["form_figures.viewed", "form_figures.exported"]


def test_the_list_leads_to_figures_and_leads_to_answers(form: Version) -> None:
    lead, reader = builders.a_worker(Role.TEAM_LEAD), builders.a_worker(Role.REPORT_READER)
    export = reverse("forms:export", args=["trial"])
    pages = [builders.signed_in(each).get(reverse("reports:forms")).content.decode() for each in (lead, reader)]
    assert [export in page for page in pages] == [True, False]
