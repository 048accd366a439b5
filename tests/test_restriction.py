"""While a client's data rests, nothing of it changes: not by a contact, not by a case."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from kotisatama.cases import actions as cases
from kotisatama.contacts import actions as contacts
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


def record_contact(person: Person, worker: Worker) -> None:
    contacts.record_contact(
        key=identifiers.new_id(), at=timezone.now(), service_point=worker.service_point or builders.a_service_point(),
        channel="phone", municipality="167", service_language="uk", topics=["permits"], person=person, by=worker,
    )  # fmt: skip


def change_contact(person: Person, worker: Worker) -> None:
    contact = builders.a_contact(worker, person=person)
    contacts.change_contact(contact, version=1, reason="A slip", by=worker, channel="phone")


def tie_contact(person: Person, worker: Worker) -> None:
    contacts.tie_to_person(builders.a_contact(worker), person, by=worker)


def open_case(person: Person, worker: Worker) -> None:
    cases.open_case(person, reason="housing", on=timezone.localdate(), by=worker)


def close_case(person: Person, worker: Worker) -> None:
    cases.close_case(builders.a_case(person, worker), outcome="settled", on=timezone.localdate(), by=worker)


CHANGES: list[Callable[[Person, Worker], Any]] = [record_contact, change_contact, tie_contact, open_case, close_case]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_changes_while_the_data_rests_and_afterwards_everything_may(
    change: Callable[[Person, Worker], Any],
) -> None:
    lead, person = builders.a_worker(Role.TEAM_LEAD), builders.a_person()
    today = timezone.localdate()
    with builders.as_worker(lead):
        resting = people.restrict(
            person, key=identifiers.new_id(), reason="accuracy", valid_from=today, valid_to=None, by=lead
        )
        with pytest.raises(NotAllowed, match="may be read, not changed"):
            change(person, lead)
        people.lift_restriction(resting, by=lead)
        if change is not close_case:  # its case stands open since the attempt
            change(person, lead)
