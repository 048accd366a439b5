"""The screens of an import: from the file to the last decision, each press safe to repeat."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kotisatama.kernel import identifiers, row_security
from kotisatama.people.importing import jobs, mapping
from kotisatama.people.models import ImportRow, ImportRun, OldRecord, Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

IMPORTS = "/desk/people/import/"
OURS = ["167", "426"]
FILE = """Nro;Nimi;Syntymäaika;Kotikunta;Puhelin;Hetu
1;Olena Shevchenko;1.5.1994;Joensuu;0401234567;010594Y9032
2;Олена Шевченко;1.5.1994;Liperi;;
3;Ali Karimi;31.2.1990;Liperi;;
4;Fatima Noori;1980;Liperi;;
5;Olena Shevchenko;1.5.1994;Liperi;0509876543;010594Y9032
"""


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(roles=[Role.MAIN_USER, Role.COUNSELLOR])


@pytest.fixture
def browser(worker: Worker) -> Client:
    return builders.signed_in(worker)


def upload(browser: Client, content: str | bytes = FILE, **fields: Any) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    given = {"key": str(identifiers.new_id()), "controller": "167", "file": SimpleUploadedFile("old.csv", raw)}
    return browser.post(IMPORTS, given | fields)


def runs() -> list[ImportRun]:
    with row_security.context(controllers=OURS):
        return list(ImportRun.objects.order_by("created_at"))


def rows() -> dict[int, ImportRow]:
    with row_security.context(controllers=OURS):
        return {row.number: row for row in ImportRow.objects.select_related("person", "record")}


def people() -> list[str]:
    with row_security.context(controllers=OURS):
        return sorted(Person.objects.values_list("name", flat=True))


def a_draft(browser: Client) -> str:
    """A file that was sent and whose columns were taken as guessed; the address of its page."""
    answer = upload(browser)
    columns = answer["Location"]
    fields = browser.get(columns).context["form"].initial
    page = browser.post(columns, fields | {"source": "maire"})["Location"]
    assert page == reverse("people:import", args=[runs()[-1].pk])
    return str(page)


def an_import(browser: Client, worker: Worker) -> str:
    """The same, carried out."""
    page = a_draft(browser)
    browser.post(f"{page}start/")
    jobs.carry_out(runs()[-1].pk, "167", worker)
    return page


def test_columns_are_guessed_and_the_first_rows_shown_with_their_faults(browser: Client) -> None:
    page = a_draft(browser)
    text = browser.get(page).content.decode()
    for part in ("new client", "may be somebody known", "left out because of an error", "31.2.1990", "010594•••••"):
        assert part in text
    assert "010594Y9032" not in text
    assert "This is not a date in any of the ways of writing that the mapping names." in text
    assert people() == []
    (run,) = runs()
    assert run.mapping["fields"]["name"] == {"columns": ["Nimi"]}
    assert run.mapping["key"] == "Nro"


def test_what_is_kept_before_the_start_is_sealed(browser: Client) -> None:
    a_draft(browser)
    content = bytes(runs()[0].content or b"")
    assert content
    assert b"Olena" not in content


def test_each_view_leaves_one_line(browser: Client) -> None:
    page = a_draft(browser)
    before = len(builders.audit_actions())
    for address in (IMPORTS, page, f"{page}columns/", f"{page}mapping.yaml", f"{page}left-out.csv"):
        assert browser.get(address).status_code == 200
    assert builders.audit_actions()[before:] == [
        "imports.listed",
        "import.viewed",
        "import.viewed",
        "import.viewed",
        "import.exported",
    ]


def test_a_draft_sent_twice_is_one(browser: Client) -> None:
    key = str(identifiers.new_id())
    assert [upload(browser, key=key).status_code for _ in range(2)] == [302, 302]
    assert len(runs()) == 1


def test_start_pressed_twice_begins_once(browser: Client) -> None:
    page = a_draft(browser)
    for _ in range(2):
        assert browser.post(f"{page}start/").status_code == 302
    assert ProcrastinateJob.objects.filter(task_name="people.import_clients").count() == 1
    assert runs()[0].state == "waiting"


def test_progress_is_numbers_and_the_end_draws_the_page_anew(browser: Client, worker: Worker) -> None:
    page = a_draft(browser)
    browser.post(f"{page}start/")
    assert "Row 0 of 6 is done." in browser.get(page).content.decode()
    before = len(builders.audit_actions())
    answer = browser.get(f"{page}progress/")
    assert "HX-Refresh" not in answer.headers
    assert len(builders.audit_actions()) == before
    jobs.carry_out(runs()[0].pk, "167", worker)
    assert browser.get(f"{page}progress/").headers["HX-Refresh"] == "true"


def test_the_report_tells_what_became_and_what_waits(browser: Client, worker: Worker) -> None:
    page = an_import(browser, worker)
    text = browser.get(page).content.decode()
    assert people() == ["Fatima Noori", "Olena Shevchenko"]
    for part in ("Finished", "To be decided", "May be somebody known", "Known; something differs"):
        assert part in text
    assert runs()[0].content is None
    csv = browser.get(f"{page}left-out.csv").content.decode()
    assert csv.startswith("\ufeffSheet;Row;Column;What is wrong\r\n;4;Syntymäaika;This is not a date")


def test_a_column_that_looks_like_a_formula_leaves_as_text(browser: Client, worker: Worker) -> None:
    content = FILE.replace("Kotikunta", "-Kunta")
    columns = upload(browser, content)["Location"]
    fields = browser.get(columns).context["form"].initial | {"column_3": "municipality", "source": "maire"}
    page = browser.post(columns, fields | {"column_2": "moved_to_finland_on"})["Location"]
    browser.post(f"{page}start/")
    with row_security.context(controllers=OURS):
        ImportRun.objects.update(state="done", ended_at=runs()[0].created_at)
        ImportRow.objects.create(
            run=runs()[0],
            controller_id="167",
            number=9,
            outcome="refused",
            problems=[{"column": "-Kunta", "message": "x"}],
        )
    assert ";9;'-Kunta;x" in browser.get(f"{page}left-out.csv").content.decode()


def test_a_row_becomes_somebody_known_by_decision(browser: Client, worker: Worker) -> None:
    page = an_import(browser, worker)
    known = rows()[2].person
    assert known
    text = browser.get(f"{page}rows/3/").content.decode()
    assert "Олена Шевченко" in text
    assert "Olena Shevchenko" in text
    for _ in range(2):
        browser.post(f"{page}rows/3/", {"who": str(known.pk)})
    row = rows()[3]
    assert (row.outcome, row.person_id, row.sealed, row.decided_by_id) == ("same", known.pk, None, worker.pk)
    assert row.record
    assert (row.record.state, row.record.person_id) == ("same", known.pk)
    assert builders.audit_actions()[-2:].count("person.import_tied") == 1
    assert len(people()) == 2


def test_a_row_becomes_a_new_client_by_decision(browser: Client, worker: Worker) -> None:
    page = an_import(browser, worker)
    for _ in range(2):
        browser.post(f"{page}rows/3/", {"who": "new"})
    assert people() == ["Fatima Noori", "Olena Shevchenko", "Олена Шевченко"]
    assert rows()[3].outcome == "made"


def test_a_row_left_out_by_decision_is_left_out_by_the_next_import_too(browser: Client, worker: Worker) -> None:
    page = an_import(browser, worker)
    browser.post(f"{page}rows/3/", {"who": "leave_out"})
    assert rows()[3].outcome == "left_out"
    an_import(browser, worker)
    assert runs()[1].counts == {"left_out": 1, "refused": 1, "unchanged": 3}
    assert len(people()) == 2


def test_values_that_differ_are_taken_over_one_by_one(browser: Client, worker: Worker) -> None:
    page = an_import(browser, worker)
    text = browser.get(f"{page}rows/6/compare/").content.decode()
    assert "+358509876543" in text
    person = rows()[6].person
    assert person
    browser.post(f"{page}rows/6/compare/", {"version": person.version, "fields_taken": ["phone"]})
    with row_security.context(controllers=OURS):
        person.refresh_from_db()
        numbers = {each.value for each in person.channels.all()}
    assert numbers == {"+358401234567", "+358509876543"}
    assert person.municipality == "167"
    assert rows()[6].outcome == "changed"


def test_values_are_not_taken_over_what_somebody_saved_meanwhile(browser: Client, worker: Worker) -> None:
    page = an_import(browser, worker)
    answer = browser.post(f"{page}rows/6/compare/", {"version": 77, "fields_taken": ["phone"]})
    assert "Somebody else changed this person" in answer.content.decode()
    assert rows()[6].outcome == "differs"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a file. It can have at most 10 MB."),
        (";".join(["x"] * 200).encode(), "Row 1: This row has 200 columns."),
        (b"%PDF-1.7\n", "This is not a table but a file of the type PDF."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(browser: Client, content: bytes, sentence: str) -> None:
    answer = upload(browser, content)
    assert answer.status_code == 200
    assert sentence in " ".join(str(each) for each in answer.context["form"].errors["file"]) or not content
    assert runs() == []


def test_a_mapping_that_cannot_be_read_is_refused_with_its_line(browser: Client) -> None:
    bad = SimpleUploadedFile("m.yaml", b"source: maire\ncontroller: '167'\nfields:\n  nmae: Nimi\n")
    errors = upload(browser, mapping=bad).context["form"].errors["mapping"]
    assert any(str(each).startswith("Row 4: fields.nmae There is no field “nmae”.") for each in errors)


def test_a_mapping_that_was_sent_leads_to_the_first_rows(browser: Client) -> None:
    good = SimpleUploadedFile("m.yaml", b"source: maire\ncontroller: '426'\nkey: Nro\nfields:\n  name: Nimi\n")
    answer = upload(browser, mapping=good)
    assert answer["Location"] == reverse("people:import", args=[runs()[0].pk])
    assert runs()[0].controller_id == "426"
    page = browser.get(answer["Location"] + "mapping.yaml").content
    assert mapping.read(page).fields["name"].columns == ("Nimi",)


@pytest.mark.parametrize("roles", [[Role.MAIN_USER], [Role.COUNSELLOR], [Role.TEAM_LEAD, Role.REPORT_READER]])
def test_the_right_to_import_needs_the_right_to_make_clients(browser: Client, worker: Worker, roles: list[str]) -> None:
    page = an_import(browser, worker)
    other = builders.signed_in(builders.a_worker(roles=roles))
    for address in (IMPORTS, page, f"{page}columns/", f"{page}rows/3/", f"{page}left-out.csv", f"{page}progress/"):
        assert other.get(address).status_code in {403, 404}
    assert other.post(f"{page}start/").status_code in {403, 404}


def test_an_import_of_another_municipality_does_not_exist_for_you(browser: Client, worker: Worker) -> None:
    page = an_import(browser, worker)
    town = builders.an_organisation("kitee", home=builders.KITEE, mandates=[builders.KITEE])
    stranger = builders.signed_in(builders.a_worker(roles=[Role.MAIN_USER, Role.COUNSELLOR], organisation=town))
    assert [stranger.get(each).status_code for each in (page, f"{page}rows/3/", f"{page}progress/")] == [404] * 3
    assert "old.csv" not in stranger.get(IMPORTS).content.decode()


def test_a_draft_can_be_thrown_away(browser: Client) -> None:
    page = a_draft(browser)
    for _ in range(2):
        assert browser.post(f"{page}drop/").status_code == 302
    assert runs() == []


def test_a_mandate_that_ended_meanwhile_stops_the_job(browser: Client, worker: Worker) -> None:
    page = a_draft(browser)
    browser.post(f"{page}start/")
    worker.roles = [Role.COUNSELLOR.value]
    jobs.carry_out(runs()[0].pk, "167", worker)
    assert (runs()[0].state, runs()[0].content, people()) == ("failed", None, [])


def test_the_number_of_queries_of_the_report_does_not_grow(
    browser: Client, worker: Worker, django_assert_max_num_queries: Any
) -> None:
    page = an_import(browser, worker)
    with django_assert_max_num_queries(25):
        browser.get(page)
    with row_security.context(controllers=OURS):
        record = OldRecord.objects.filter(state="waiting").get()
        for number in range(20, 40):
            ImportRow.objects.create(
                run=runs()[0], controller_id="167", number=number, outcome="waiting", sealed=b"x", record=record
            )
    with django_assert_max_num_queries(25):
        browser.get(page)
