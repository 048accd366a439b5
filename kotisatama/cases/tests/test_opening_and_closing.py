"""A case is opened once, closed by whom it concerns, and never half."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kotisatama.cases import access, actions, queries
from kotisatama.cases.models import Case
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


def test_a_case_is_opened_once_and_a_second_try_gives_the_same(worker: Worker) -> None:
    person = builders.a_person()
    with builders.as_worker(worker):
        case = actions.open_case(person, reason="housing", on=TODAY, by=worker)
        assert actions.open_case(person, reason="work", on=TODAY, by=worker) == case
        assert queries.open_case_of(person) == case
    assert builders.audit_actions() == ["case.opened"]


def test_a_closed_case_lets_the_next_one_open(worker: Worker) -> None:
    person = builders.a_person()
    with builders.as_worker(worker):
        first = actions.open_case(person, reason="housing", on=TODAY, by=worker)
        actions.close_case(first, outcome="settled", on=TODAY, by=worker)
        assert queries.open_case_of(person) is None
        assert actions.open_case(person, reason="work", on=TODAY, by=worker) != first
    assert builders.audit_actions() == ["case.opened", "case.closed", "case.opened"]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_case_closes_between_its_opening_and_today(worker: Worker, days: int) -> None:
    case = builders.a_case(builders.a_person(), worker)
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="cannot be closed"):
        actions.close_case(case, outcome="settled", on=TODAY + timedelta(days=days), by=worker)


def test_a_case_closes_once(worker: Worker) -> None:
    case = builders.a_case(builders.a_person(), worker)
    with builders.as_worker(worker):
        actions.close_case(case, outcome="settled", on=TODAY, by=worker)
        with pytest.raises(NotAllowed, match="already closed"):
            actions.close_case(case, outcome="moved_on", on=TODAY, by=worker)


def test_no_case_is_opened_in_the_future(worker: Worker) -> None:
    person = builders.a_person()
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="future"):
        actions.open_case(person, reason="housing", on=TODAY + timedelta(days=1), by=worker)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("inside", [True, False])
def test_who_sees_and_opens_cases(role: Role, inside: bool) -> None:
    person = builders.a_person()
    case = builders.a_case(person, builders.a_worker())
    worker = builders.a_worker(role) if inside else builders.an_outsider(role)
    expected = inside and role in {Role.TEAM_LEAD, Role.COUNSELLOR, Role.MUNICIPAL_WORKER}
    with builders.as_worker(worker):
        assert access.visible_cases(worker).filter(pk=case.pk).exists() is expected
        assert access.can_open(worker, person) is expected


@pytest.mark.parametrize(
    ("role", "is_own", "same_house", "colleague_is_there", "closes"),
    [
        (Role.COUNSELLOR, True, True, True, True),
        (Role.COUNSELLOR, False, True, True, False),
        (Role.COUNSELLOR, False, True, False, True),
        (Role.TEAM_LEAD, False, True, True, True),
        (Role.TEAM_LEAD, False, False, True, False),
        (Role.REPORT_READER, True, True, True, False),
    ],
)
def test_who_closes_a_case(role: Role, is_own: bool, same_house: bool, colleague_is_there: bool, closes: bool) -> None:
    house = builders.an_organisation() if same_house else builders.an_organisation("liperi", kind="municipality")
    worker, colleague = builders.a_worker(role), builders.a_worker(organisation=house)
    colleague.is_active = colleague_is_there
    colleague.save()
    case = builders.a_case(builders.a_person(), worker if is_own else colleague)
    assert access.can_close(worker, case) is closes


def test_nobody_closes_a_colleagues_case(worker: Worker) -> None:
    case = builders.a_case(builders.a_person(), builders.a_worker())
    with builders.as_worker(worker), pytest.raises(PermissionDenied):
        actions.close_case(case, outcome="settled", on=TODAY, by=worker)


@pytest.mark.parametrize(
    "fields",
    [
        {"opened_on": TODAY, "closed_on": TODAY - timedelta(days=1), "outcome": "settled"},
        {"closed_on": TODAY},
        {"outcome": "settled"},
    ],
)
def test_the_database_refuses_a_case_that_cannot_be(worker: Worker, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.a_case(builders.a_person(), worker, **fields)


def test_the_database_refuses_a_second_open_case(worker: Worker) -> None:
    person = builders.a_person()
    builders.a_case(person, worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.a_case(person, worker)


def test_a_case_is_opened_and_closed_from_the_clients_page(worker: Worker) -> None:
    person, browser = builders.a_person(), builders.signed_in(worker)
    builders.a_contact(worker, person=person)
    page = reverse("people:detail", args=[person.pk])
    assert "Open a case" in browser.get(page).content.decode()
    open_page = reverse("cases:open", args=[person.pk])
    assert browser.get(open_page).status_code == 200
    assert browser.post(open_page, {"reason": "housing", "on": TODAY.isoformat()})["Location"] == page
    with builders.as_worker(worker):
        case = Case.objects.get()
    close_page = reverse("cases:close", args=[case.pk])
    assert close_page in browser.get(page).content.decode()
    assert browser.get(close_page).status_code == 200
    refused = browser.post(close_page, {"outcome": "settled", "on": TODAY.isoformat(), "worker": "1"})
    assert "does not know the field" in refused.content.decode()
    assert browser.post(close_page, {"outcome": "settled", "on": TODAY.isoformat()})["Location"] == page
    assert "Case closed" in browser.get(page).content.decode()


def test_another_municipalitys_case_does_not_exist_for_you(worker: Worker) -> None:
    person = builders.a_person()
    case, browser = builders.a_case(person, worker), builders.signed_in(builders.an_outsider())
    assert browser.get(reverse("cases:close", args=[case.pk])).status_code == 404
    assert browser.get(reverse("cases:open", args=[person.pk])).status_code == 404
