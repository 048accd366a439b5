"""Families: relations read right from both ends, nobody their own ancestor, one household at a time."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import actions
from kotisatama.people.models import HouseholdMember, Person, PersonChange, Relation
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def family() -> list[Person]:
    born = [date(1963, 5, 2), date(1991, 2, 11), date(2017, 8, 30)]
    names = ["Iryna", "Oleksandra", "Danylo"]
    return [builders.a_person(name, date_of_birth=day) for name, day in zip(names, born, strict=True)]


def relate(worker: Worker, one: Person, other: Person, kind: str = "parent", **given: Any) -> Relation:
    with builders.as_worker(worker):
        return actions.relate(one, other, kind=kind, by=worker, **given)


def test_a_relation_is_stored_once_whoever_tells_it(worker: Worker, family: list[Person]) -> None:
    _grandmother, mother, child = family
    first = relate(worker, mother, child, to_may_know="nothing", from_may_know="messages")
    assert relate(worker, mother, child) == first
    one, other = relate(worker, mother, family[0], "sibling"), relate(worker, family[0], mother, "sibling")
    assert one == other
    assert builders.audit_actions() == ["relation.recorded", "relation.recorded"]


def test_nobody_may_know_anything_unless_it_was_said(worker: Worker, family: list[Person]) -> None:
    relation = relate(worker, family[1], family[2])
    assert (relation.from_may_know, relation.to_may_know) == ("nothing", "nothing")


def test_nobody_is_their_own_parent(worker: Worker, family: list[Person]) -> None:
    with pytest.raises(NotAllowed, match="related to themselves"):
        relate(worker, family[0], family[0])


def test_nobody_is_their_own_ancestor(worker: Worker) -> None:
    """Birthdays that are not known do not hide a circle."""
    people = [builders.a_person(f"Person {number}") for number in range(4)]
    for one, other in pairwise(people):
        relate(worker, one, other)
    with pytest.raises(NotAllowed, match="ancestor"):
        relate(worker, people[3], people[0])


def test_a_parent_is_older_than_the_child(worker: Worker, family: list[Person]) -> None:
    with pytest.raises(NotAllowed, match="older than the child"):
        relate(worker, family[2], family[1])


def test_a_placeholder_of_a_birthday_proves_nothing(worker: Worker, family: list[Person]) -> None:
    parent = builders.a_person("Zahra", date_of_birth=date(2020, 1, 1), birthday_is_placeholder=True)
    assert relate(worker, parent, family[2]).kind == "parent"


def test_only_a_minor_has_a_guardian(worker: Worker, family: list[Person]) -> None:
    assert relate(worker, family[1], family[2], "guardian").kind == "guardian"
    with pytest.raises(NotAllowed, match="under 18"):
        relate(worker, family[0], family[1], "guardian")


def test_clients_of_two_municipalities_are_not_related_here(worker: Worker, family: list[Person]) -> None:
    elsewhere = builders.a_person("Natalia", controller="426")
    with pytest.raises(NotAllowed, match="same municipality"):
        relate(worker, elsewhere, family[1], "sibling")


def test_an_outsider_relates_nobody(family: list[Person]) -> None:
    with pytest.raises(PermissionDenied):
        relate(builders.an_outsider(), family[0], family[1])


def test_a_change_of_who_may_know_is_kept_with_both_persons(worker: Worker, family: list[Person]) -> None:
    relation = relate(worker, family[1], family[2])
    with builders.as_worker(worker):
        actions.change_relation(relation, version=1, by=worker, from_may_know="visits")
        with pytest.raises(ChangedMeanwhile):
            actions.change_relation(relation, version=1, by=worker, from_may_know="messages")
        changes = list(PersonChange.objects.filter(what="relation.changed"))
    assert {change.person_id for change in changes} == {family[1].pk, family[2].pk}
    assert changes[0].before["relation"]["from_may_know"] == "nothing"


def test_a_relation_that_was_never_true_is_taken_away_once(worker: Worker, family: list[Person]) -> None:
    relation = relate(worker, family[1], family[2])
    with builders.as_worker(worker):
        actions.remove_relation(relation, by=worker)
        actions.remove_relation(relation, by=worker)
        assert not Relation.objects.exists()
    assert builders.audit_actions().count("relation.removed") == 1


def test_the_database_refuses_oneself_twice_and_two_controllers(worker: Worker, family: list[Person]) -> None:
    mother, child = family[1:]
    elsewhere = builders.a_person("Natalia", controller="426")
    relate(worker, mother, child)
    with builders.as_worker(worker):
        for one, other in [(mother, mother), (mother, child), (child, mother)]:
            with pytest.raises(IntegrityError), transaction.atomic():
                Relation.objects.create(controller_id="167", from_person=one, to_person=other, kind="parent")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            Relation.objects.create(controller_id="167", from_person=elsewhere, to_person=child, kind="sibling")


def test_a_household_is_made_by_living_together_and_left_on_a_day(worker: Worker, family: list[Person]) -> None:
    _grandmother, mother, child = family
    with builders.as_worker(worker):
        actions.live_together(child, mother, by=worker)
        actions.live_together(child, mother, by=worker)
        assert HouseholdMember.objects.count() == 2
        assert HouseholdMember.objects.values("household").distinct().count() == 1
        actions.leave_household(child, on=timezone.localdate(), by=worker)
        actions.leave_household(child, on=timezone.localdate(), by=worker)
    assert builders.audit_actions() == ["household.joined", "household.left"]


def test_who_joins_another_household_leaves_the_one_of_before(worker: Worker, family: list[Person]) -> None:
    grandmother, mother, child = family
    moved = timezone.localdate() - timedelta(days=10)
    with builders.as_worker(worker):
        actions.live_together(child, mother, by=worker)
        actions.live_together(child, grandmother, since=moved, by=worker)
        rows = list(HouseholdMember.objects.filter(person=child).order_by("valid_to"))
    assert [row.valid_to for row in rows] == [moved - timedelta(days=1), None]


def test_the_database_keeps_a_person_in_one_household_at_a_time(worker: Worker, family: list[Person]) -> None:
    with builders.as_worker(worker):
        first = actions.live_together(family[2], family[1], by=worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            HouseholdMember.objects.create(controller_id="167", household=first.household, person=family[2])
