"""The pages behind a person's page: moves, grounds, family, channels, codes; bad input is told where it is."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.people import actions
from kotisatama.people.models import GroundPeriod, HouseholdMember, Identifier, Person, Relation, Residence
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
    person = builders.a_person("Oleksandra Shevchenko", date_of_birth=date(1991, 2, 11))
    builders.a_case(person, worker)
    return person


def post(browser: Client, person: Person, name: str, *further: Any, **fields: Any) -> Any:
    return browser.post(reverse(f"people:{name}", args=[person.pk, *further]), fields)


def rows(worker: Worker, model: Any) -> list[Any]:
    with builders.as_worker(worker):
        return list(model.objects.all())


def a_move(**changed: Any) -> dict[str, Any]:
    return {"kind": "registered", "municipality": "426", "valid_from": "2026-03-01", "valid_to": ""} | changed


def test_a_move_is_recorded_and_corrected(browser: Client, worker: Worker, person: Person) -> None:
    answer = post(browser, person, "new_residence", **a_move(street_address="Esimerkkikatu 1"))
    assert answer.status_code == 302
    (row,) = rows(worker, Residence)
    text = browser.get(answer["Location"]).content.decode()
    for part in ("Esimerkkikatu 1", "Liperi", "Municipality of residence"):
        assert part in text
    correction = {"municipality": "426", "street_address": "Esimerkkikatu 2", "reason": "wrong number"}
    assert post(browser, person, "residence", row.pk, **correction, valid_from="2026-03-01").status_code == 302
    history = browser.get(reverse("people:history", args=[person.pk])).content.decode()
    for part in ("Residence corrected", "wrong number", "Esimerkkikatu 1", worker.name):
        assert part in history


def test_a_row_that_was_never_true_is_taken_away(browser: Client, worker: Worker, person: Person) -> None:
    post(browser, person, "new_ground", ground="work", permit_type="B", valid_from="2026-03-01")
    (row,) = rows(worker, GroundPeriod)
    assert post(browser, person, "ground", row.pk, remove="1").status_code == 302
    assert rows(worker, GroundPeriod) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (a_move(valid_to="2026-02-01"), "The last day is before the first one."),
        (a_move(valid_from="1066-01-01"), "Check the year."),
        (a_move(municipality="999"), "Select a valid choice"),
        (a_move(kind="holiday"), "Select a valid choice"),
        (a_move(controller="260"), "This page does not know the field “controller”."),
    ],
)
def test_a_move_that_cannot_be_is_refused_where_it_is_and_what_was_typed_stays(
    browser: Client, worker: Worker, person: Person, fields: dict[str, Any], sentence: str
) -> None:
    text = post(browser, person, "new_residence", **fields, street_address="Esimerkkikatu 1").content.decode()
    assert sentence in text
    assert 'value="Esimerkkikatu 1"' in text
    assert rows(worker, Residence) == []


def a_relation(other: Person, **changed: Any) -> dict[str, Any]:
    fields = {"other": other.pk, "role": "child", "theirs": "nothing", "ours": "messages", "q": "Danylo"}
    return fields | changed


def test_a_child_is_found_and_added_with_who_may_know_what(browser: Client, worker: Worker, person: Person) -> None:
    with builders.as_worker(worker):
        child = actions.make_person(controller="167", name="Danylo Shevchenko", by=worker)
    address = reverse("people:family", args=[person.pk])
    assert str(child.pk) in browser.get(address, {"q": "Danylo"}).content.decode()
    assert post(browser, person, "family", **a_relation(child, lives_here="on")).status_code == 302
    (relation,) = rows(worker, Relation)
    assert (relation.from_person_id, relation.to_person_id, relation.kind) == (person.pk, child.pk, "parent")
    assert (relation.from_may_know, relation.to_may_know) == ("messages", "nothing")
    assert len(rows(worker, HouseholdMember)) == 2
    text = browser.get(address).content.decode()
    assert "Oleksandra Shevchenko may get messages for Danylo Shevchenko." in text
    assert post(browser, person, "leave_household", on="2999-01-01").status_code == 302
    assert "The day is in the future." in browser.get(address).content.decode()


def test_the_other_end_says_the_same(browser: Client, worker: Worker, person: Person) -> None:
    mother = builders.a_person("Iryna", date_of_birth=date(1963, 5, 2))
    builders.a_case(mother, worker)
    post(browser, person, "family", **a_relation(mother, role="parent", ours="visits"))
    (relation,) = rows(worker, Relation)
    assert (relation.from_person_id, relation.to_may_know, relation.from_may_know) == (mother.pk, "visits", "nothing")
    changed = {"version": 1, "theirs": "messages", "ours": "nothing"}
    assert post(browser, mother, "relation", relation.pk, **changed).status_code == 302
    (relation,) = rows(worker, Relation)
    assert (relation.to_may_know, relation.from_may_know) == ("messages", "nothing")


def test_a_client_made_for_the_family_is_offered_at_once(browser: Client, person: Person) -> None:
    other = builders.a_person("Danylo")
    text = browser.get(reverse("people:family", args=[person.pk]), {"person": str(other.pk)}).content.decode()
    assert f'value="{other.pk}" checked' in text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"other": "self"}, "A person cannot be related to themselves."),
        ({"other": ""}, "Choose the person."),
        ({"role": "parent"}, "A parent is older than the child."),
        ({"role": "none"}, "Choose what they are to each other, or that they live together."),
        ({"ours": "everything"}, "Select a valid choice"),
    ],
)
def test_a_relation_that_cannot_be_is_refused(
    browser: Client, worker: Worker, person: Person, changed: dict[str, Any], sentence: str
) -> None:
    child = builders.a_person("Danylo", date_of_birth=date(2017, 8, 30))
    if changed.get("other") == "self":
        changed = {"other": person.pk}
    text = post(browser, person, "family", **(a_relation(child) | changed)).content.decode()
    assert sentence in text
    assert rows(worker, Relation) == []


def test_a_relation_that_was_never_true_is_taken_away(browser: Client, worker: Worker, person: Person) -> None:
    post(browser, person, "family", **a_relation(builders.a_person("Danylo")))
    (relation,) = rows(worker, Relation)
    assert "Neither may" not in browser.get(reverse("people:family", args=[person.pk])).content.decode()
    assert post(browser, person, "relation", relation.pk, remove="1").status_code == 302
    assert rows(worker, Relation) == []


def ways(*values: tuple[str, str], version: int = 1, **flags: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"version": version, "way-TOTAL_FORMS": len(values), "way-INITIAL_FORMS": 0}
    for number, (kind, value) in enumerate(values):
        fields |= {f"way-{number}-kind": kind, f"way-{number}-value": value, f"way-{number}-language": "ru"}
    return fields | flags


def test_channels_are_written_with_what_is_safe(browser: Client, worker: Worker, person: Person) -> None:
    sent = ways(("phone", "0401234567"), ("messenger", "0407654321"), ("email", ""))
    assert post(browser, person, "channels", **sent, **{"way-1-safe_to_leave_message": "on"}).status_code == 302
    text = browser.get(reverse("people:detail", args=[person.pk])).content.decode()
    for part in ("+358401234567", "Do not call", "WhatsApp", "русский"):
        assert part in text


def test_a_channel_that_cannot_be_is_told_where_it_is(browser: Client, person: Person) -> None:
    text = post(browser, person, "channels", **ways(("phone", "twelve"), ("email", "a@b.example"))).content.decode()
    assert "This is not a telephone number." in text
    assert 'value="twelve"' in text


def test_channels_that_somebody_changed_meanwhile_are_not_overwritten(
    browser: Client, worker: Worker, person: Person
) -> None:
    with builders.as_worker(worker):
        actions.change_person(person, version=1, channels=[("phone", "0401111111", True)], by=worker)
    text = post(browser, person, "channels", **ways(("phone", "0402222222"))).content.decode()
    assert "Somebody else changed this person" in text
    with builders.as_worker(worker):
        assert [channel.value for channel in person.channels.all()] == ["+358401111111"]


def test_a_code_is_added_replaced_and_taken_away(browser: Client, worker: Worker, person: Person) -> None:
    for code in ("1234567", "7654321"):
        assert post(browser, person, "identifiers", kind="migri", code=code).status_code == 302
    (row,) = rows(worker, Identifier)
    text = browser.get(reverse("people:identifiers", args=[person.pk])).content.decode()
    assert "••••321" in text
    assert post(browser, person, "identifiers", remove=row.pk).status_code == 302
    assert rows(worker, Identifier) == []


@pytest.mark.parametrize(
    ("kind", "code", "sentence"),
    [
        ("hetu", "010594Y9033", "The last character of the identity code does not fit."),
        ("hetu", "010594Y9032", "tell different days"),
        ("migri", "abc", "does not have the form of its kind"),
        ("passport", "FA123456", "Choose the country that issued the passport."),
    ],
)
def test_a_code_that_cannot_be_is_refused(browser: Client, person: Person, kind: str, code: str, sentence: str) -> None:
    text = post(browser, person, "identifiers", kind=kind, code=code).content.decode()
    assert sentence in text
    assert f'value="{code}"' in text
