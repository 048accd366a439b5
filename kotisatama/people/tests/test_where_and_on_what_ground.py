"""Residences and grounds of stay by date: one at a time, the person's own fields follow, what was known is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions, calendar
from kotisatama.people.models import GroundPeriod, Person, PersonChange, Residence
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db

SPRING, SUMMER = date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def person(worker: Worker) -> Person:
    with builders.as_worker(worker):
        return actions.make_person(controller="167", name="Olena Shevchenko", by=worker)


def move(person: Person, worker: Worker, municipality: str = "167", **given: Any) -> Residence:
    fields: dict[str, Any] = {"kind": "registered", "valid_from": SPRING} | given
    with builders.as_worker(worker):
        return actions.record_residence(person, municipality=municipality, by=worker, **fields)


def stay(person: Person, worker: Worker, ground: str = "work", **given: Any) -> GroundPeriod:
    with builders.as_worker(worker):
        return actions.record_ground(person, ground=ground, by=worker, **given)


def residences(person: Person, worker: Worker) -> list[tuple[str, date | None, date | None]]:
    with builders.as_worker(worker):
        rows = person.residences.order_by("valid_from")
        return [(row.municipality, row.valid_from, row.valid_to) for row in rows]


def reread(person: Person, worker: Worker) -> Person:
    with builders.as_worker(worker):
        return Person.objects.get(pk=person.pk)


def test_moving_ends_the_residence_of_before_and_the_controller_stays(person: Person, worker: Worker) -> None:
    move(person, worker, "167")
    move(person, worker, "426", valid_from=SUMMER, street_address="Esimerkkikatu 1", postal_code="83100")
    assert residences(person, worker) == [("167", SPRING, SUMMER - timedelta(days=1)), ("426", SUMMER, None)]
    moved = reread(person, worker)
    assert (moved.municipality, moved.controller_id, moved.version) == ("426", "167", 3)


def test_the_registered_residence_counts_before_the_actual_one(person: Person, worker: Worker) -> None:
    move(person, worker, "426", kind="actual")
    assert reread(person, worker).municipality == "426"
    move(person, worker, "167", valid_from=SUMMER)
    move(person, worker, "276", kind="actual", valid_from=SUMMER)
    assert reread(person, worker).municipality == "167"


def test_the_same_residence_sent_twice_is_one(person: Person, worker: Worker) -> None:
    assert move(person, worker).pk == move(person, worker).pk
    assert builders.audit_actions().count("residence.recorded") == 1


def test_a_residence_of_the_future_does_not_count_yet(person: Person, worker: Worker) -> None:
    move(person, worker, "167")
    move(person, worker, "426", valid_from=timezone.localdate() + timedelta(days=5))
    assert reread(person, worker).municipality == "167"


def test_an_earlier_residence_found_later_ends_where_the_known_one_begins(person: Person, worker: Worker) -> None:
    move(person, worker, "426", valid_from=SUMMER)
    move(person, worker, "167", valid_from=SPRING)
    assert residences(person, worker) == [("167", SPRING, SUMMER - timedelta(days=1)), ("426", SUMMER, None)]
    assert reread(person, worker).municipality == "426"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"valid_to": date(2026, 2, 1)}, "The last day is before the first one."),
        ({"municipality": "999"}, "Choose a municipality from the list."),
        ({"valid_from": date(1800, 1, 1)}, "Check the year."),
        ({"municipality": "secret", "street_address": "Esimerkkikatu 1"}, "A secret residence has no address here."),
    ],
)
def test_a_residence_that_cannot_be_is_refused_and_nothing_is_written(
    person: Person, worker: Worker, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        move(person, worker, **given)
    assert residences(person, worker) == []


def test_two_that_begin_on_one_day_are_not_allowed(person: Person, worker: Worker) -> None:
    move(person, worker, "167")
    with pytest.raises(NotAllowed, match="begins on this day already"):
        move(person, worker, "426")


def test_of_a_person_with_non_disclosure_no_place_is_written(worker: Worker) -> None:
    person = builders.a_person(municipality="secret")
    builders.a_case(person, worker)
    with pytest.raises(NotAllowed, match="is secret"):
        move(person, worker, "167")


def test_a_correction_keeps_what_was_said_before(person: Person, worker: Worker) -> None:
    row = move(person, worker, "167", street_address="Esimerkkikatu 1")
    with builders.as_worker(worker):
        actions.change_period(row, by=worker, reason="wrong street", street_address="Esimerkkikatu 2")
        change = PersonChange.objects.first()
    assert change
    assert (change.what, change.reason, change.worker) == ("residence.changed", "wrong street", worker)
    assert change.before["residence"]["street_address"] == "Esimerkkikatu 1"
    assert builders.audit_lines()[-1].details == {"row": str(row.pk), "fields": []}


def test_a_correction_may_not_meet_its_neighbour(person: Person, worker: Worker) -> None:
    earlier = move(person, worker, "167")
    move(person, worker, "426", valid_from=SUMMER)
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="overlap"):
        actions.change_period(earlier, by=worker, valid_to=SUMMER)


def test_a_residence_that_was_never_true_is_taken_away_once(person: Person, worker: Worker) -> None:
    move(person, worker, "167")
    wrong = move(person, worker, "426", valid_from=SUMMER)
    with builders.as_worker(worker):
        actions.remove_period(wrong, by=worker)
        actions.remove_period(wrong, by=worker)
    assert reread(person, worker).municipality == "167"
    assert builders.audit_actions().count("residence.removed") == 1


def test_the_next_permit_waits_for_its_day(person: Person, worker: Worker) -> None:
    today = timezone.localdate()
    ends = today + timedelta(days=40)
    stay(person, worker, "temporary_protection", valid_from=today - timedelta(days=300), valid_to=ends)
    stay(person, worker, "work", permit_type="B", valid_from=ends + timedelta(days=1))
    current = reread(person, worker)
    assert (current.ground_of_stay, current.ground_ends_on) == ("temporary_protection", ends)


def test_a_new_ground_ends_the_one_of_before(person: Person, worker: Worker) -> None:
    stay(person, worker, "study", valid_from=SPRING)
    stay(person, worker, "work", valid_from=SUMMER, valid_to=date(2027, 5, 31))
    current = reread(person, worker)
    assert (current.ground_of_stay, current.ground_ends_on) == ("work", date(2027, 5, 31))
    with builders.as_worker(worker):
        assert GroundPeriod.objects.get(ground="study").valid_to == SUMMER - timedelta(days=1)


def test_the_form_of_a_person_keeps_the_rows_in_step(worker: Worker) -> None:
    today = timezone.localdate()
    with builders.as_worker(worker):
        person = actions.make_person(
            controller="167", name="Olena", municipality="167", ground_of_stay="study", by=worker
        )
        actions.change_person(person, version=1, by=worker, municipality="426", ground_of_stay="work")
        grounds = [(row.ground, row.valid_to) for row in GroundPeriod.objects.order_by("valid_to")]
    assert residences(person, worker) == [("426", today, None), ("167", None, today - timedelta(days=1))]
    assert grounds == [("study", today - timedelta(days=1)), ("work", None)]


def test_only_the_end_of_a_ground_changed_is_the_same_ground(worker: Worker) -> None:
    with builders.as_worker(worker):
        person = actions.make_person(controller="167", name="Olena", ground_of_stay="work", by=worker)
        actions.change_person(person, version=1, by=worker, ground_ends_on=date(2027, 3, 4))
        row = GroundPeriod.objects.get()
    assert (row.ground, row.valid_to) == ("work", date(2027, 3, 4))


def test_an_outsider_changes_nothing(person: Person) -> None:
    outsider = builders.an_outsider()
    with pytest.raises(PermissionDenied):
        move(person, outsider)
    with pytest.raises(PermissionDenied):
        stay(person, outsider)


def test_the_database_refuses_two_residences_or_grounds_on_one_day(person: Person, worker: Worker) -> None:
    row = {"controller_id": "167", "person": person}
    days = {"valid_from": SPRING, "valid_to": None}
    with builders.as_worker(worker):
        GroundPeriod.objects.create(ground="work", **row, **days)
        Residence.objects.create(kind="registered", municipality="167", **row, **days)
        Residence.objects.create(kind="actual", municipality="426", **row, **days)
        for model, fields in ((GroundPeriod, {"ground": "eu"}), (Residence, {"kind": "actual", "municipality": "167"})):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.create(**row, **fields, valid_from=SUMMER, valid_to=None)


def test_what_was_recorded_ahead_begins_on_its_day_and_only_once(person: Person, worker: Worker) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    stay(person, worker, "study", valid_from=SPRING)
    stay(person, worker, "work", valid_from=tomorrow)
    move(person, worker, "426", valid_from=tomorrow)
    assert calendar.follow(timezone.localdate()) == 0
    assert (calendar.follow(tomorrow), calendar.follow(tomorrow)) == (1, 0)
    current = reread(person, worker)
    assert (current.municipality, current.ground_of_stay) == ("426", "work")
    assert builders.audit_lines()[-1].worker_id is None
