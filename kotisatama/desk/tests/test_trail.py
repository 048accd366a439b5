"""The data protection officer's search, and everybody's own trail."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

HETU = "010594Y9032"


@pytest.fixture
def counsellor() -> Worker:
    return builders.a_worker(Role.COUNSELLOR, name="Aino Virtanen")


@pytest.fixture
def officer() -> Client:
    return builders.signed_in(builders.a_worker(Role.DATA_PROTECTION_OFFICER))


@pytest.fixture
def person(counsellor: Worker) -> Person:
    with builders.as_worker(counsellor):
        person = people.make_person(controller=builders.JOENSUU, name="Olena Shevchenko", by=counsellor, hetu=HETU)
    builders.a_case(person, counsellor)
    builders.signed_in(counsellor).get(f"/desk/people/{person.pk}/")
    return person


def shown(client: Client, **asked: str) -> list[str]:
    """Codes of the lines that the search shows."""
    page = client.get(f"/desk/trail/?{urlencode(asked)}")
    assert page.status_code == 200
    return [row.line.action for row in page.context["rows"]]


def test_the_officer_finds_lines_by_each_filter(officer: Client, counsellor: Worker, person: Person) -> None:
    ours = ["person.viewed", "person.made"]
    assert shown(officer, worker="virtanen") == ours
    assert shown(officer, person=str(person.pk)) == ["trail.searched", *ours][-2:]
    assert shown(officer, action="person.viewed") == ["person.viewed"]
    assert shown(officer, organisation=str(counsellor.organisation_id), worker="Aino") == ours
    assert shown(officer, until="2026-01-01") == []
    assert shown(officer, worker="nobody of that name") == []


def test_the_officer_finds_by_identity_code_which_is_not_written_down(officer: Client, person: Person) -> None:
    assert shown(officer, person=HETU.lower())[-2:] == ["person.viewed", "person.made"]
    line = builders.audit_lines()[-1]
    assert (line.action, line.person_id, line.details["filters"]) == ("trail.searched", person.pk, ["person"])
    assert HETU not in str(line.details)


def test_a_text_that_names_nobody_finds_nothing(officer: Client, person: Person) -> None:
    assert shown(officer, person="Olena Shevchenko") == []


def test_days_in_the_wrong_order_are_said_at_the_field(officer: Client) -> None:
    page = officer.get("/desk/trail/?since=2026-05-02&until=2026-05-01").content.decode()
    assert "The last day is before the first." in page


def test_the_name_of_the_client_is_nowhere_on_the_officers_pages(officer: Client, person: Person) -> None:
    for path in ("/desk/trail/", "/desk/trail/export.csv", "/desk/trail/unusual/"):
        assert b"Shevchenko" not in officer.get(path).content


def test_the_file_has_the_same_lines_and_leaves_its_own(officer: Client, person: Person) -> None:
    answer = officer.get("/desk/trail/export.csv?worker=virtanen")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == ["person.viewed", "person.made"]
    assert rows[0]["person_id"] == str(person.pk)
    assert builders.audit_actions()[-1] == "trail.exported"


def test_a_name_that_looks_like_a_formula_is_harmless_in_the_file(officer: Client) -> None:
    worker = builders.a_worker(Role.COUNSELLOR, name="=1+1")
    builders.signed_in(worker).get("/desk/people/")
    rows = list(csv.DictReader(io.StringIO(officer.get("/desk/trail/export.csv").content.decode("utf-8-sig"))))
    assert "'=1+1" in {row["worker"] for row in rows}


@pytest.mark.parametrize("path", ["/desk/trail/", "/desk/trail/export.csv", "/desk/trail/unusual/"])
def test_only_the_officer_reads_the_trail(path: str, counsellor: Worker) -> None:
    assert builders.signed_in(counsellor).get(path).status_code == 403


def test_an_officer_of_another_municipality_sees_none_of_our_lines(person: Person) -> None:
    theirs = builders.an_outsider(Role.DATA_PROTECTION_OFFICER)
    assert shown(builders.signed_in(theirs), worker="virtanen") == []
    assert shown(builders.signed_in(theirs), person=HETU) == []


def test_everybody_sees_the_own_trail_and_no_other(counsellor: Worker, person: Person) -> None:
    colleague = builders.a_worker(Role.COUNSELLOR)
    client = builders.signed_in(colleague)
    client.get("/desk/people/")
    page = client.get("/desk/trail/own/")
    assert [row.line.action for row in page.context["rows"]] == ["persons.searched"]
    assert "Your own trail" in client.get("/desk/staff/profile/").content.decode()


def test_a_worker_without_a_mandate_sees_an_empty_trail() -> None:
    nobody = builders.a_worker(organisation=builders.an_organisation("club", mandates=[]))
    assert builders.signed_in(nobody).get("/desk/trail/own/").status_code == 200


def test_as_many_statements_for_twenty_lines_as_for_one(
    officer: Client, counsellor: Worker, person: Person, django_assert_max_num_queries: Any
) -> None:
    client = builders.signed_in(counsellor)
    for _ in range(20):
        client.get(f"/desk/people/{person.pk}/")
    officer.get("/desk/trail/")
    with django_assert_max_num_queries(16):
        assert len(shown(officer)) > 20


def test_the_main_user_decides_for_each_municipality_whether_names_are_shown() -> None:
    client = builders.signed_in(builders.a_worker(Role.MAIN_USER))
    assert client.post("/desk/trail/names/", {"shows": [builders.LIPERI]}).status_code == 302
    assert builders.audit_actions() == ["looks_setting.changed"]
    page = client.get("/desk/trail/names/")
    assert {each.pk: shows for each, shows in page.context["controllers"]} == {"167": False, "426": True}
    client.post("/desk/trail/names/", {"shows": [builders.LIPERI]})
    assert builders.audit_actions() == ["looks_setting.changed"]
