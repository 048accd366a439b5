"""Unusual looks: what the nightly job notes, and what becomes of it."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from kotisatama.audit.models import Line
from kotisatama.desk import tasks, unusual
from kotisatama.kernel import row_security
from kotisatama.people import actions as people
from kotisatama.people.models import Person, UnusualLook
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(Role.COUNSELLOR, name="Aino Korhonen")


def a_client(name: str = "Olena Shevchenko") -> Person:
    maker = builders.a_worker()
    with builders.as_worker(maker):
        return people.make_person(controller=builders.JOENSUU, name=name, by=maker)


def look(worker: Worker, person: Person, *, at: datetime = NOON) -> None:
    """A line of the past; its code does not matter here."""
    with builders.as_worker(worker):
        Line.objects.create(
            at=at, worker_id=worker.pk, action="person.viewed", controllers=["167"], person_id=person.pk, mac=b""
        )


def noted(day: date = DAY) -> set[tuple[str, int]]:
    unusual.note_day(builders.JOENSUU, day)
    with row_security.context(controllers=[builders.JOENSUU]):
        return set(UnusualLook.objects.filter(day=day).values_list("reason", "count"))


def test_a_look_at_an_own_client_by_day_is_nothing_unusual(worker: Worker) -> None:
    person = a_client()
    builders.a_case(person, worker, opened_on=DAY)
    look(worker, person)
    assert noted() == set()


def test_a_client_with_the_workers_surname_is_noted_in_any_script(worker: Worker) -> None:
    worker.name = "Anna Shevchenko"
    worker.save()
    person = a_client("Олена Шевченко")
    builders.a_case(person, worker, opened_on=DAY)
    look(worker, person)
    assert noted() == {("same_name", 1)}


def test_a_client_at_the_address_of_somebody_with_the_workers_surname_is_noted(worker: Worker) -> None:
    namesake, person, neighbour = a_client("Pekka Korhonen"), a_client(), a_client("Ahmed Ali")
    for who, street in ((namesake, "Kaislatie 4 A 2"), (person, "Kaislatie 4 A 2"), (neighbour, "Kaislatie 4 A 3")):
        builders.a_case(who, worker, opened_on=DAY)
        with builders.as_worker(worker):
            people.record_residence(who, kind="registered", municipality="167", street_address=street, by=worker)
    look(worker, person)
    look(worker, neighbour)
    assert noted() == {("same_address", 1)}


def test_a_client_with_whom_the_worker_had_nothing_to_do_is_noted(worker: Worker) -> None:
    person = a_client()
    look(worker, person)
    look(worker, person)
    assert noted() == {("no_relation", 2)}


def test_a_contact_recorded_near_the_look_explains_it(worker: Worker) -> None:
    person = a_client()
    builders.a_contact(worker, person=person, at=NOON)
    look(worker, person)
    assert noted() == set()


@pytest.mark.parametrize(("hour", "is_night"), [(22, True), (5, True), (6, False), (21, False)])
def test_looks_at_night_are_noted_by_the_clock_of_the_site(hour: int, is_night: bool, worker: Worker) -> None:
    person = a_client()
    builders.a_case(person, worker, opened_on=DAY)
    look(worker, person, at=NOON.replace(hour=hour))
    assert noted() == ({("night", 1)} if is_night else set())


@pytest.mark.parametrize(
    ("days", "most"),
    [
        ([], unusual.LEAST_TO_NOTE),
        ([1, 1, 1], unusual.LEAST_TO_NOTE),
        ([20, 22, 24, 21, 23], 32),
        ([20, 20, 20, 20, 500], 30),
    ],
)
def test_one_wild_day_does_not_move_what_is_usual(days: list[int], most: int) -> None:
    assert unusual.most_usual(days) == most


def test_far_more_clients_than_usual_are_noted_with_what_is_usual(worker: Worker) -> None:
    clients = [a_client(f"Client {number}") for number in range(unusual.LEAST_TO_NOTE + 1)]
    for person in clients:
        builders.a_case(person, worker, opened_on=DAY)
        look(worker, person)
    assert noted() == {("many", unusual.LEAST_TO_NOTE + 1)}


def test_the_job_may_run_twice_and_keeps_what_was_reviewed(worker: Worker) -> None:
    look(worker, a_client())
    noted()
    officer = builders.signed_in(builders.a_worker(Role.DATA_PROTECTION_OFFICER))
    with row_security.context(controllers=[builders.JOENSUU]):
        found = UnusualLook.objects.get()
    assert officer.post(f"/desk/trail/unusual/{found.pk}/", {"state": "explained"}).status_code == 302
    assert officer.post(f"/desk/trail/unusual/{found.pk}/", {"state": "explained"}).status_code == 302
    noted()
    with row_security.context(controllers=[builders.JOENSUU]):
        assert UnusualLook.objects.get().state == "explained"
    assert builders.audit_actions().count("unusual_look.reviewed") == 1


def test_the_officer_sees_what_waits_with_the_way_to_the_lines(worker: Worker) -> None:
    person = a_client()
    look(worker, person)
    noted()
    officer = builders.signed_in(builders.a_worker(Role.DATA_PROTECTION_OFFICER))
    page = officer.get("/desk/trail/unusual/").content.decode()
    assert "The worker had nothing to do with the client" in page
    assert f"person={person.pk}" in page
    assert "Nothing unusual" in officer.get("/desk/trail/unusual/?state=explained").content.decode()
    assert builders.audit_actions()[-1] == "unusual_looks.listed"


def test_the_nightly_job_takes_yesterday_of_each_municipality_of_the_service(worker: Worker) -> None:
    joensuu = builders.a_municipality()
    joensuu.served_from = date(2020, 1, 1)
    joensuu.save()
    yesterday = timezone.localtime().replace(hour=12) - timedelta(days=1)
    look(worker, a_client(), at=yesterday)
    tasks.note_unusual_looks(timestamp=1)
    with row_security.context(controllers=[builders.JOENSUU]):
        assert UnusualLook.objects.get().day == yesterday.date()
