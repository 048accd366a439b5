"""The pages of a non-disclosure: who finds which of them, and what they show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kotisatama.people import actions
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

PHONE = "+358401230001"


@pytest.fixture(name="counsellor")
def counsellor_fixture() -> Worker:
    return builders.a_worker(Role.COUNSELLOR)


@pytest.fixture(name="lead")
def lead_fixture() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD)


@pytest.fixture(name="salme")
def salme_fixture(counsellor: Worker, lead: Worker) -> Person:
    for code in ("005", "010"):
        builders.a_municipality(code)
    with builders.as_worker(counsellor):
        person = actions.make_person(
            controller=builders.JOENSUU,
            name="Salme Turva",
            municipality="005",
            channels=[("phone", PHONE, True)],
            by=counsellor,
        )
    builders.a_case(person, counsellor)
    builders.a_contact(lead, person=person)
    return person


def set_by_page(person: Person, worker: Worker) -> Client:
    browser, today = builders.signed_in(worker), timezone.localdate()
    given = {"begins_on": today, "ends_on": today + timedelta(days=30), "decided_by": "dvv"}
    assert browser.post(f"/desk/people/{person.pk}/non-disclosure/new/", given).status_code == 302
    return browser


def test_a_counsellor_sets_it_on_the_page_and_sees_no_place_from_then_on(salme: Person, counsellor: Worker) -> None:
    browser = set_by_page(salme, counsellor)
    page = browser.get(f"/desk/people/{salme.pk}/").content.decode()
    assert "Non-disclosure for personal safety" in page
    assert "Secret (non-disclosure)" in page
    assert "Kunta 005" not in page
    assert PHONE not in page
    assert "Open the hidden details" not in page
    assert browser.get(f"/desk/people/{salme.pk}/non-disclosure/details/").status_code == 403
    assert browser.get(f"/desk/people/{salme.pk}/non-disclosure/end/").status_code == 403
    assert browser.get("/desk/people/non-disclosure/").status_code == 403


def test_a_lead_sees_the_details_only_after_giving_a_reason(salme: Person, counsellor: Worker, lead: Worker) -> None:
    set_by_page(salme, counsellor)
    browser, address = builders.signed_in(lead), f"/desk/people/{salme.pk}/non-disclosure/details/"
    asked, refused = browser.get(address), browser.post(address, {"reason": "curiosity"})
    shown = browser.post(address, {"reason": "serve"})
    for page in (asked, refused):
        assert PHONE not in page.content.decode()
    assert PHONE in shown.content.decode()
    assert "Kunta 005" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert builders.audit_actions()[-3:] == ["person.viewed", "person.viewed", "protection.viewed"]


def test_a_lead_corrects_what_is_hidden(salme: Person, counsellor: Worker, lead: Worker) -> None:
    set_by_page(salme, counsellor)
    browser, address = builders.signed_in(lead), f"/desk/people/{salme.pk}/non-disclosure/details/"
    given = {"version": 1, "municipality": "010", "safe_channels": "salme@posti.example", "addresses": "Salakuja 5"}
    wrong = browser.post(f"{address}change/", given | {"other_channels": "12"})
    assert "This is not a telephone number" in wrong.content.decode()
    assert "Salakuja 5" in wrong.content.decode()
    assert browser.post(f"{address}change/", given).status_code == 302
    shown = browser.post(address, {"reason": "correct"}).content.decode()
    assert "Salakuja 5" in shown
    assert "salme@posti.example" in shown
    stale = browser.post(f"{address}change/", given)
    assert "Somebody else changed this non-disclosure" in stale.content.decode()


def test_a_lead_renews_and_ends_it(salme: Person, counsellor: Worker, lead: Worker) -> None:
    set_by_page(salme, counsellor)
    browser, address = builders.signed_in(lead), f"/desk/people/{salme.pk}/non-disclosure/"
    assert "Salme Turva" in browser.get("/desk/people/non-disclosure/").content.decode()
    later = timezone.localdate() + timedelta(days=400)
    assert browser.post(f"{address}renew/", {"version": 1, "ends_on": later, "decided_by": "dvv"}).status_code == 302
    assert "None ends in the next two months" in browser.get("/desk/people/non-disclosure/").content.decode()
    assert "Ask the person first" in browser.get(f"{address}end/").content.decode()
    assert browser.post(f"{address}end/", {"version": 2}).status_code == 302
    assert PHONE in browser.get(f"/desk/people/{salme.pk}/").content.decode()
    assert browser.get(f"{address}end/").status_code == 302


def test_a_wrong_day_is_told_at_its_field_and_what_was_typed_stays(salme: Person, counsellor: Worker) -> None:
    browser, today = builders.signed_in(counsellor), timezone.localdate()
    given = {"begins_on": today, "ends_on": today - timedelta(days=1), "decided_by": "awaited"}
    page = browser.post(f"/desk/people/{salme.pk}/non-disclosure/new/", given).content.decode()
    assert "The last day has passed already" in page
    assert (today - timedelta(days=1)).isoformat() in page


def test_a_list_asks_the_database_as_often_for_one_as_for_twenty(counsellor: Worker, lead: Worker) -> None:
    browser, numbers = builders.signed_in(lead), []
    browser.get("/desk/people/non-disclosure/")
    for number in range(20):
        set_by_page(builders.a_person(f"Turva {number}"), counsellor)
        if number in {0, 19}:
            with CaptureQueriesContext(connection) as asked:
                browser.get("/desk/people/non-disclosure/")
            numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_the_pages_of_a_relative_name_no_place(salme: Person, counsellor: Worker, lead: Worker) -> None:
    with builders.as_worker(counsellor):
        aunt = actions.make_person(
            controller=builders.JOENSUU,
            name="Anna Turva",
            municipality="005",
            channels=[("phone", "+358401239999", True)],
            by=counsellor,
        )
    builders.a_case(aunt, counsellor)
    builders.a_contact(lead, person=aunt)
    with builders.as_worker(counsellor):
        actions.relate(aunt, salme, kind="sibling", by=counsellor)
    browser = builders.signed_in(counsellor)
    assert "Kunta 005" in browser.get(f"/desk/people/{aunt.pk}/").content.decode()
    set_by_page(salme, counsellor)
    for address in (f"/desk/people/{aunt.pk}/", "/desk/people/?q=Anna+Turva"):
        page = browser.get(address).content.decode()
        assert "Anna Turva" in page
        assert "Kunta 005" not in page
        assert "+358401239999" not in page
    assert browser.get(f"/desk/people/{aunt.pk}/edit/").status_code == 403
    assert builders.signed_in(lead).get(f"/desk/people/{aunt.pk}/edit/").status_code == 200
