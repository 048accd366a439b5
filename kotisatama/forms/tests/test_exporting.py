"""Exports of a form: all versions in one table, repeats apart, nothing that a spreadsheet calculates, nobody else's."""

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from kotisatama.forms import concealing, xlsform
from kotisatama.forms import definition as definitions
from kotisatama.forms import versions as lives
from kotisatama.forms.models import Form, Submission, Version
from kotisatama.kernel import identifiers, row_security
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
CODE = "trial"


def a_version(number: str, questions: Iterable[tuple[str, str, str]]) -> Version:
    """A published version; each question is (type, name, label)."""
    head = ["type", "name", "label::Suomi (fi)"]
    survey = [[place, dict(zip(head, row, strict=True))] for place, row in enumerate(questions, start=2)]
    choices = [
        [place, {"list_name": "place", "name": name, "label::Suomi (fi)": label}]
        for place, (name, label) in enumerate([("167", "Joensuu"), ("426", "Liperi")], start=2)
    ]
    settings = {"form_title": "Koe", "form_id": CODE, "version": number, "default_language": "Suomi (fi)"}
    rows = {
        "name": "trial.xlsx",
        "survey": {"columns": head, "rows": survey},
        "choices": {"columns": ["list_name", "name", "label::Suomi (fi)"], "rows": choices},
        "settings": {"columns": list(settings), "rows": [[2, settings]]},
    }
    compiled = definitions.compile_definition(xlsform.source_from_json(rows))
    assert compiled.definition, compiled.problems
    form = Form.objects.get_or_create(code=CODE, defaults={"title": "Koe"})[0]
    version = Version.objects.create(
        form=form,
        number=number,
        source=rows,
        definition=compiled.definition.to_json(),
        sha256=number.zfill(64),
        state=Version.State.CHECKED,
    )
    lives.publish_version(version)
    return version


FIRST = [("text", "name", "Nimi"), ("integer", "old", "Vanha"), ("select_one place", "municipality", "Kunta")]
SECOND = [
    *(("text", "name", "Nimi"), ("date", "born", "Syntynyt"), ("select_multiple place", "places", "Paikat")),
    *(("select_one place", "municipality", "Kunta"), ("begin_repeat", "child", "Lapsi")),
    *(("text", "child_name", "Nimi"), ("integer", "age", "Ikä"), ("end_repeat", "", "")),
]


def sent(version: Version, controller: str = builders.JOENSUU, **answers: Any) -> Submission:
    """A submission of these answers."""
    with row_security.context(controllers=[controller]):
        return Submission.objects.create(
            controller=builders.a_municipality(controller),
            holder="0" * 64,
            key=identifiers.new_id(),
            reference=identifiers.new_reference(),
            version=version,
            language="fi",
            answers=answers,
        )


@pytest.fixture
def lead() -> Worker:
    old, new = a_version("1", FIRST), a_version("2", SECOND)
    sent(old, name="=HYPERLINK(1)", old=7, municipality="426")
    children = [{"child_name": "@a", "age": 4}, {"child_name": "b"}]
    sent(new, name="Олена", born="1990-02-11", places=["167", "426"], municipality="167", child=children)
    sent(new, builders.KITEE, name="Kiteeltä")
    return builders.a_worker(Role.TEAM_LEAD)


def exported(worker: Worker, **asked: str) -> Any:
    given = {"file_type": "csv", "wording": "codes"} | asked
    return builders.signed_in(worker).post(reverse("forms:export", args=[CODE]), given)


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def tables(response: Any) -> dict[str, list[dict[str, str]]]:
    """The tables of a CSV export by file."""
    with zipfile.ZipFile(io.BytesIO(content(response))) as packed:
        texts = {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}
    return {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()}


def test_all_versions_come_in_one_table_and_each_repeat_in_its_own(lead: Worker) -> None:
    found = tables(exported(lead))
    assert list(found) == ["trial.csv", "trial-child.csv"]
    main = found["trial.csv"]
    assert list(main[0])[5:] == ["name", "born", "places", "municipality", "old"]
    assert [row["_version"] for row in main] == ["1", "2"]
    assert (main[0]["old"], main[1]["old"], main[1]["born"]) == ("7", "", "1990-02-11")
    assert main[1]["places"] == "167 426"
    rows = [(row["_reference"], row["_row"], row["child_name"], row["age"]) for row in found["trial-child.csv"]]
    assert rows == [(main[1]["_reference"], "1", "'@a", "4"), (main[1]["_reference"], "2", "b", "")]


def test_nobody_elses_municipality_is_in_the_file(lead: Worker) -> None:
    assert {row["_municipality"] for row in tables(exported(lead))["trial.csv"]} == {"167"}


def test_choices_come_as_codes_or_words_or_both(lead: Worker) -> None:
    words, both = tables(exported(lead, wording="labels")), tables(exported(lead, wording="both"))
    assert words["trial.csv"][1]["places"] == "Joensuu; Liperi"
    assert (both["trial.csv"][1]["places"], both["trial.csv"][1]["places:label"]) == ("167 426", "Joensuu; Liperi")


def test_a_spreadsheet_has_typed_dates_and_no_formulas(lead: Worker) -> None:
    with zipfile.ZipFile(io.BytesIO(content(exported(lead, file_type="xlsx")))) as packed:
        assert packed.namelist() == ["trial.xlsx", "trial-child.xlsx"]
        sheet = openpyxl.load_workbook(io.BytesIO(packed.read("trial.xlsx"))).active
    assert sheet is not None
    rows = [{str(head.value): cell for head, cell in zip(sheet[1], row, strict=True)} for row in sheet.iter_rows(2)]
    assert rows[1]["born"].value == datetime.datetime(1990, 2, 11)  # noqa: DTZ001 - a sheet knows no zones
    assert isinstance(rows[0]["_sent"].value, datetime.datetime)
    assert rows[0]["old"].value == 7
    assert (rows[0]["name"].value, rows[0]["name"].data_type) == ("=HYPERLINK(1)", "s")


def test_json_keeps_the_repeats_inside(lead: Worker) -> None:
    found = json.loads(content(exported(lead, file_type="json")))
    assert [each["name"] for each in found] == ["=HYPERLINK(1)", "Олена"]
    assert found[1]["child"] == [{"_row": "1", "child_name": "@a", "age": 4}, {"_row": "2", "child_name": "b"}]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"municipality": "426"}, 1),
        ({"version": "2"}, 1),
        ({"language": "fi"}, 2),
        ({"first": "2020-01-01", "last": "2020-12-31"}, 0),
        ({"first": "2020-01-01"}, 2),
    ],
)
def test_an_export_is_narrowed_and_leaves_one_line_with_its_count(
    lead: Worker, asked: dict[str, str], count: int
) -> None:
    before = len(builders.audit_lines())
    assert len(tables(exported(lead, **asked))["trial.csv"]) == count
    lines = builders.audit_lines()[before:]
    assert [(line.action, line.details["count"]) for line in lines] == [("submissions.exported", count)]
    assert set(lines[0].details["filters"]) == set(asked)


def test_what_a_non_disclosure_hides_stays_hidden(lead: Worker) -> None:
    with row_security.context(controllers=[builders.JOENSUU]):
        concealing.conceal(Submission.objects.filter(answers__name="Олена").values_list("pk", flat=True))
    hidden = tables(exported(lead))["trial.csv"][1]
    assert {name: value for name, value in hidden.items() if value} == {
        "_reference": hidden["_reference"],
        "_sent": hidden["_sent"],
        "_version": "2",
        "_municipality": "secret",
    }
    assert len(tables(exported(lead, language="fi"))["trial.csv"]) == 1


def test_a_form_that_was_sent_empty_is_nobodys_secret(lead: Worker) -> None:
    sent(Version.objects.get(number="2"))
    empty = tables(exported(lead, version="2"))["trial.csv"][1]
    assert (empty["_municipality"], empty["_language"], empty["name"]) == ("167", "fi", "")
    assert len(tables(exported(lead, version="2", language="fi"))["trial.csv"]) == 2


@pytest.mark.parametrize("last", ["9999-12-31", "2999-01-01"])
def test_a_last_day_that_has_not_come_means_until_now(lead: Worker, last: str) -> None:
    assert len(tables(exported(lead, first="0001-01-01", last=last))["trial.csv"]) == 2


def test_bad_wishes_are_said_at_their_fields(lead: Worker) -> None:
    response = exported(lead, file_type="exe", first="2026-02-31", version="9")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"file_type", "first", "version"}
    assert exported(lead, first="2026-02-02", last="2026-02-01").status_code == 422


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.MAIN_USER, Role.MUNICIPAL_WORKER, Role.REPORT_READER])
def test_only_a_team_lead_takes_answers_out(lead: Worker, role: Role) -> None:
    assert exported(builders.a_worker(role)).status_code == 403


def test_the_page_reads_nobodys_answers(lead: Worker) -> None:
    before = builders.audit_actions()
    page = builders.signed_in(lead).get(reverse("forms:export", args=[CODE]))
    assert page.status_code == 200
    assert builders.audit_actions() == before
