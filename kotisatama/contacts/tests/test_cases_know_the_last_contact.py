"""A case knows its latest contact, whatever happens to contacts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kotisatama.cases import actions as cases
from kotisatama.cases.models import Case
from kotisatama.contacts import actions
from kotisatama.contacts.models import Contact
from kotisatama.kernel import identifiers
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


def met(worker: Worker, person: Person | None, days_ago: int) -> Contact:
    return actions.record_contact(
        key=identifiers.new_id(),
        at=timezone.now() - timedelta(days=days_ago),
        service_point=worker.service_point or builders.a_service_point(),
        channel="phone",
        municipality=builders.JOENSUU,
        service_language="uk",
        topics=["housing.search"],
        person=person,
        by=worker,
    )


def last_contact(case: Case) -> object:
    return Case.objects.values_list("last_contact_on", flat=True).get(pk=case.pk)


def test_a_case_knows_the_latest_contact_whatever_happens_to_contacts(worker: Worker) -> None:
    person = builders.a_person()
    with builders.as_worker(worker):
        met(worker, person, 10)
        case = cases.open_case(person, reason="work", on=TODAY, by=worker)
        assert last_contact(case) == TODAY - timedelta(days=10)
        latest = met(worker, person, 1)
        assert last_contact(case) == TODAY - timedelta(days=1)
        met(worker, person, 5)
        assert last_contact(case) == TODAY - timedelta(days=1)
        actions.change_contact(
            latest,
            at=timezone.now() - timedelta(days=2),
            version=1,
            reason="",
            by=worker,
        )
        assert last_contact(case) == TODAY - timedelta(days=2)
        actions.undo_contact(latest, by=worker)
        assert last_contact(case) == TODAY - timedelta(days=5)
        actions.tie_to_person(met(worker, None, 0), person, by=worker)
        assert last_contact(case) == TODAY
