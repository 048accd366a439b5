"""The page of a person: warnings first, what is due, the family, who else supports; and the pages behind it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kotisatama.people import actions
from kotisatama.people.models import Person, Relation
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def browser(worker: Worker) -> Client:
    return builders.signed_in(worker)


@pytest.fixture
def person(worker: Worker) -> Person:
    person = builders.a_person("Oleksandra Shevchenko", gender="female", date_of_birth=date(1991, 2, 11))
    builders.a_case(person, worker)
    return person


def relate(worker: Worker, one: Person, other: Person, kind: str, **given: Any) -> Relation:
    with builders.as_worker(worker):
        return actions.relate(one, other, kind=kind, by=worker, **given)


def page(browser: Client, person: Person, name: str = "detail", *further: Any) -> str:
    return browser.get(reverse(f"people:{name}", args=[person.pk, *further])).content.decode()


def years_ago(years: int) -> date:
    return timezone.localdate() - timedelta(days=years * 366)


def test_a_relation_reads_right_from_both_ends(browser: Client, worker: Worker, person: Person) -> None:
    child = builders.a_person("Danylo Shevchenko", gender="male", date_of_birth=years_ago(9))
    builders.a_case(child, worker)
    relate(worker, person, child, "parent")
    assert "son" in page(browser, person).split('id="family"')[1].split("</section>")[0]
    assert "mother" in page(browser, child).split('id="family"')[1].split("</section>")[0]


def test_a_minor_is_marked_before_the_name_with_who_decides(browser: Client, worker: Worker, person: Person) -> None:
    child = builders.a_person("Danylo", date_of_birth=years_ago(9))
    builders.a_case(child, worker)
    text = page(browser, child)
    assert text.index("No guardian is known.") < text.index("<h1>")
    relate(worker, person, child, "guardian")
    assert "Guardians: Oleksandra Shevchenko." in page(browser, child)


@pytest.mark.parametrize(("days", "shown"), [(30, "The ground of stay ends"), (-3, "The ground of stay has ended")])
def test_a_ground_that_ends_soon_is_due(browser: Client, worker: Worker, days: int, shown: str) -> None:
    ends = timezone.localdate() + timedelta(days=days)
    person = builders.a_person("Sanduni", ground_of_stay="study", ground_ends_on=ends)
    builders.a_case(person, worker)
    assert shown in page(browser, person)
    with builders.as_worker(worker):
        following = ends + timedelta(days=1)
        actions.record_ground(person, ground="study", valid_from=years_ago(1), valid_to=ends, by=worker)
        actions.record_ground(person, ground="work", valid_from=following, by=worker)
    assert shown not in page(browser, person)


def test_an_open_case_without_a_contact_for_long_is_due(browser: Client, worker: Worker) -> None:
    quiet, met = builders.a_person("Quiet"), builders.a_person("Met")
    for person in (quiet, met):
        builders.a_case(person, worker, opened_on=timezone.localdate() - timedelta(days=100))
    builders.a_contact(worker, person=met)
    assert "No contact for a long time" in page(browser, quiet)
    assert "No contact for a long time" not in page(browser, met)


def test_who_else_supports_is_named(browser: Client, worker: Worker, person: Person) -> None:
    friend = builders.a_person("Iryna Kravchenko")
    relate(worker, friend, person, "supports")
    luotsi = builders.an_organisation("luotsi", kind="authority")
    builders.a_contact(builders.a_worker(organisation=luotsi), person=person)
    around = page(browser, person).split('id="around"')[1].split("</section>")[0]
    for name in ("Iryna Kravchenko", "Luotsi", worker.name):
        assert name in around


def test_a_language_that_the_worker_does_not_speak_asks_for_an_interpreter(browser: Client, person: Person) -> None:
    assert "Interpreter: Ukrainian" in page(browser, person)


def test_an_address_is_shown_but_never_that_of_a_person_with_non_disclosure(
    browser: Client, worker: Worker, person: Person
) -> None:
    with builders.as_worker(worker):
        actions.record_residence(person, kind="actual", municipality="167", street_address="Esimerkkikatu 7", by=worker)
    assert "Esimerkkikatu 7" in page(browser, person)
    with builders.as_worker(worker):
        actions.change_person(person, version=person.version, municipality="secret", by=worker)
    for name in ("detail", "stay", "history"):
        assert "Esimerkkikatu" not in page(browser, person, name)
        assert "Joensuu" not in page(browser, person, name).split("<main")[1]


def test_every_code_is_masked_until_it_is_asked_for(browser: Client, worker: Worker, person: Person) -> None:
    with builders.as_worker(worker):
        actions.set_identifier(person, kind="passport", code="FA123456", issuing_country="UA", by=worker)
        row = person.identifiers.get()
    text = page(browser, person)
    assert "Passport, Ukraine" in text
    assert "FA123456" not in text
    answer = browser.post(reverse("people:identifier", args=[person.pk, row.pk]))
    assert "FA123456" in answer.content.decode()
    assert builders.audit_actions()[-1] == "person.identifier_viewed"


def test_earlier_events_are_a_press_away(browser: Client, worker: Worker, person: Person) -> None:
    for _number in range(10):
        builders.a_contact(worker, person=person)
    assert "Earlier: 4 lines" in page(browser, person)


@pytest.mark.parametrize("name", ["detail", "stay", "family", "channels", "identifiers", "history"])
def test_each_page_leaves_exactly_one_line(browser: Client, person: Person, name: str) -> None:
    before = len(builders.audit_lines())
    page(browser, person, name)
    assert len(builders.audit_lines()) == before + 1


@pytest.mark.parametrize(
    "name", ["stay", "family", "channels", "identifiers", "history", "new_residence", "new_ground", "leave_household"]
)
def test_another_municipalitys_client_has_no_pages_for_you(person: Person, name: str) -> None:
    outsider = builders.signed_in(builders.an_outsider())
    address = reverse(f"people:{name}", args=[person.pk])
    assert (outsider.post if name == "leave_household" else outsider.get)(address).status_code == 404


def test_the_page_takes_the_same_queries_for_a_large_family_and_a_long_history(
    browser: Client, worker: Worker, person: Person
) -> None:
    def add(number: int) -> None:
        child = builders.a_person(f"Child {number}", date_of_birth=years_ago(number + 1))
        relate(worker, person, child, "parent")
        with builders.as_worker(worker):
            actions.live_together(child, person, by=worker)
            actions.set_identifier(
                person,
                kind="passport",
                code=f"FA12345{number}",
                issuing_country=f"A{'ABCDEFGHIJKLMNOPQRST'[number]}",
                by=worker,
            )
        builders.a_contact(worker, person=person)

    def counts() -> list[int]:
        found = []
        for name in ("detail", "family", "history", "stay", "identifiers"):
            with CaptureQueriesContext(connection) as captured:
                page(browser, person, name)
            found.append(len(captured))
        return found

    with builders.as_worker(worker):
        actions.record_residence(person, kind="actual", municipality="167", by=worker)
    add(0)
    page(browser, person)
    before = counts()
    for number in range(1, 15):
        add(number)
    assert counts() == before
