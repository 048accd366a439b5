"""True counts over crossed dimensions."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kotisatama.reports import cube
from kotisatama.reports.cube import TOTAL, Asked, Dimension, Measure
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Europe/Helsinki"))


def asked(*dimensions: Dimension, measure: Measure = Measure.CONTACTS) -> Asked:
    return Asked(("167", "276"), date(2026, 1, 1), date(2027, 1, 1), measure, dimensions)


def test_a_contact_of_two_topics_counts_once_in_the_margin() -> None:
    worker = builders.a_worker(Role.COUNSELLOR)
    builders.a_contact(worker, at=AT, topics=["tax", "work"])
    with builders.as_worker(worker):
        found = cube.count(asked(Dimension.TOPIC, Dimension.QUARTER))
    assert found[TOTAL, TOTAL] == 1
    assert found["tax", "2026-1"] == found["work", TOTAL] == 1


def test_one_client_twice_is_two_contacts_and_one_person_and_one_household() -> None:
    worker = builders.a_worker(Role.COUNSELLOR)
    person = builders.a_person()
    for _ in range(2):
        builders.a_contact(worker, at=AT, person=person)
    with builders.as_worker(worker):
        counts = [cube.count(asked(Dimension.KNOWN, measure=measure))["client",] for measure in Measure]
    assert counts == [2, 1, 1]
