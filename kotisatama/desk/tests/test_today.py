"""The page of the day tells each worker what is due, and names clients only to those who have them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kotisatama.cases import actions as cases
from kotisatama.intake.models import Item
from kotisatama.kernel import row_security
from kotisatama.network.models import OpeningHours
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders, rows

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=90)
WITH_CLIENTS = {Role.TEAM_LEAD, Role.COUNSELLOR, Role.MUNICIPAL_WORKER}


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(team=builders.a_team())


def page(browser: Client) -> str:
    answer = browser.get("/desk/")
    assert answer.status_code == 200
    return answer.content.decode()


def a_taken_submission(worker: Worker) -> None:
    controller = builders.a_municipality(builders.JOENSUU)
    with row_security.context(controllers=[controller.pk], holder="h"):
        item = rows.make(Item, {"controller": controller, "holder": "h", "received_at": timezone.now()})
        Item.objects.filter(pk=item.pk).update(
            state="claimed", claimed_by=worker, claimed_at=timezone.now(), municipality=builders.LIPERI
        )


def fill(worker: Worker, number: int) -> None:
    """So many of everything that can be due."""
    colleague = builders.a_worker(team=builders.a_team("Other"))
    for each in range(number):
        builders.a_case(
            builders.a_person(f"Silent {each}", ground_ends_on=TODAY + timedelta(days=9)), worker, opened_on=LONG_AGO
        )
        offered = builders.a_case(builders.a_person(f"Offered {each}"), colleague)
        with builders.as_worker(colleague):
            cases.propose_transfer(offered, worker=worker, why="load", version=1, by=colleague)
        builders.a_contact(worker=worker)
        a_taken_submission(worker)


def test_a_counsellor_sees_what_is_due_each_one_click_away(worker: Worker) -> None:
    fill(worker, 1)
    text = page(builders.signed_in(worker))
    for words in (
        "Silent 0",
        "Offered 0",
        "90 days",
        "1 recorded",
        "permits",
        "Liperi",
        "/desk/people/",
        "/desk/cases/",
    ):
        assert words in text, words


def test_the_page_leaves_exactly_one_line_with_numbers_only(worker: Worker) -> None:
    fill(worker, 2)
    before = len(builders.audit_lines())
    page(builders.signed_in(worker))
    (line,) = builders.audit_lines()[before:]
    assert line.action == "today.viewed"
    assert line.details == {"transfers": 2, "silent": 2, "ending": 2, "taken": 2}


@pytest.mark.parametrize("role", list(Role))
def test_clients_are_named_only_to_those_who_have_them(role: Role) -> None:
    viewer = builders.a_worker(role)
    fill(viewer if role in WITH_CLIENTS else builders.a_worker(), 1)
    before = len(builders.audit_lines())
    text = page(builders.signed_in(viewer))
    assert ("Silent 0" in text) is (role in WITH_CLIENTS)
    assert len(builders.audit_lines()) - before == (1 if role in WITH_CLIENTS else 0)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.PARTNER_WORKER, "Your contacts today"),
        (Role.PEER_SUPPORTER, "Your contacts today"),
        (Role.REPORT_READER, "Figures"),
        (Role.MAIN_USER, "Workers"),
    ],
)
def test_others_find_their_own_work(role: Role, words: str) -> None:
    assert words in page(builders.signed_in(builders.a_worker(role)))


def test_a_day_with_nothing_due_says_so(worker: Worker) -> None:
    text = page(builders.signed_in(worker))
    for words in ("You have taken nothing", "Nothing waits", "You have met everybody", "None recorded yet"):
        assert words in text


def test_the_hours_of_the_own_place_stand_on_the_page(worker: Worker) -> None:
    browser = builders.signed_in(worker)
    OpeningHours.objects.all().delete()
    assert "Closed today." in page(browser)
    OpeningHours.objects.create(
        service_point_id=worker.service_point_id or 0,
        weekday=TODAY.isoweekday(),
        opens_at="09:00",
        closes_at="15:00",
        languages=["ar"],
        valid_from=LONG_AGO,
    )
    assert "العربية" in page(browser)


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.TEAM_LEAD, Role.PARTNER_WORKER, Role.REPORT_READER])
def test_a_full_day_costs_as_many_queries_as_an_empty_one(role: Role) -> None:
    viewer = builders.a_worker(role, team=builders.a_team())
    browser = builders.signed_in(viewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browser)
        return len(captured)

    if role in WITH_CLIENTS:
        fill(viewer, 1)
    queries()
    one = queries()
    if role in WITH_CLIENTS:
        fill(viewer, 12)
    assert queries() == one
    assert one <= 40
