"""A case changes under its version, its closing can be taken back for a week, and its history tells all of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kotisatama.cases import access, actions, queries
from kotisatama.cases.models import Case
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(team=builders.a_team())


def change(case: Case, worker: Worker, **fields: object) -> Case:
    given = {"reason": "housing", "further_reasons": ["work"], "plan_kept_in": "koto_aj", "version": case.version}
    return actions.change_case(case, **(given | fields), by=worker)  # type: ignore[arg-type]


def test_a_new_case_has_the_workers_team_its_reasons_and_the_place_of_the_plan(worker: Worker) -> None:
    person = builders.a_person()
    with builders.as_worker(worker):
        case = actions.open_case(
            person, reason="work", further_reasons=["work", "housing"], plan_kept_in="a_tmt", on=TODAY, by=worker
        )
    assert (case.team, case.further_reasons, case.plan_kept_in) == (worker.team, ["housing"], "a_tmt")
    assert case.further_reason_names == ["Housing"]


def test_a_change_says_what_was_before_and_a_repeated_one_says_nothing(worker: Worker) -> None:
    case = builders.a_case(builders.a_person(), worker)
    with builders.as_worker(worker):
        changed = change(case, worker)
        assert (changed.reason, changed.further_reasons, changed.plan_kept_in) == ("housing", ["work"], "koto_aj")
        change(changed, worker)
        told = [event.text for event in queries.history(changed)]
    assert builders.audit_actions() == ["case.changed"]
    assert told[0].startswith("Reason was: Guidance and counselling")
    assert "The plan is kept in was: –" in told[0]


def test_two_who_change_a_case_never_overwrite_each_other(worker: Worker) -> None:
    case = builders.a_case(builders.a_person(), worker)
    with builders.as_worker(worker):
        change(case, worker)
        with pytest.raises(ChangedMeanwhile):
            change(case, worker, reason="family")
        with pytest.raises(ChangedMeanwhile):
            actions.close_case(case, outcome="settled", on=TODAY, by=worker, version=case.version)


def test_the_team_changes_a_case_and_others_do_not(worker: Worker) -> None:
    case = builders.a_case(builders.a_person(), worker)
    assert access.can_change(builders.a_worker(team=worker.team), case)
    stranger = builders.a_worker(team=builders.a_team("Other"))
    with builders.as_worker(stranger), pytest.raises(PermissionDenied):
        change(case, stranger)


def test_reasons_come_from_the_list(worker: Worker) -> None:
    case = builders.a_case(builders.a_person(), worker)
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="from the list"):
        change(case, worker, further_reasons=["weather"])


def test_closing_is_taken_back_within_a_week(worker: Worker) -> None:
    case = builders.a_case(builders.a_person(), worker, opened_on=TODAY - timedelta(days=30))
    with builders.as_worker(worker):
        closed = actions.close_case(case, outcome="settled", closing_reason="mistake", on=TODAY, by=worker)
        assert (closed.outcome, closed.closing_reason) == ("settled", "mistake")
        opened = actions.reopen_case(closed, by=worker)
        assert (opened.closed_on, opened.outcome, opened.closing_reason) == (None, "", "")
        actions.reopen_case(opened, by=worker)
        titles = [event.title for event in queries.history(opened)]
    assert builders.audit_actions() == ["case.closed", "case.reopened"]
    assert titles == ["Opened again", "Closed", "Opened"]


def test_after_a_week_a_new_case_is_opened_instead(worker: Worker) -> None:
    day = TODAY - timedelta(days=8)
    case = builders.a_case(builders.a_person(), worker, opened_on=day, closed_on=day, outcome="settled")
    assert not access.can_reopen(worker, case)
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="more than 7 days ago"):
        actions.reopen_case(case, by=worker)


def test_no_case_is_reopened_beside_another_open_one(worker: Worker) -> None:
    person = builders.a_person()
    case = builders.a_case(person, worker, closed_on=TODAY, outcome="settled")
    builders.a_case(person, worker)
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="another open case"):
        actions.reopen_case(case, by=worker)


def test_the_page_of_a_case_shows_its_history_and_its_ways_on(worker: Worker) -> None:
    case, browser = builders.a_case(builders.a_person("Олена"), worker), builders.signed_in(worker)
    page = reverse("cases:detail", args=[case.pk])
    change_page = reverse("cases:change", args=[case.pk])
    assert browser.get(change_page).status_code == 200
    sent = {"reason": "family", "further_reasons": ["work"], "plan_kept_in": "here", "version": "1"}
    assert browser.post(change_page, sent)["Location"] == page
    again = browser.post(change_page, sent | {"reason": "work"}).content.decode()
    assert "changed meanwhile" in again
    builders.audit_lines()
    before = len(builders.audit_lines())
    text = browser.get(page).content.decode()
    assert len(builders.audit_lines()) == before + 1
    for words in ("Олена", "Situation of the family", "Reason was", reverse("cases:transfer", args=[case.pk])):
        assert words in text
    browser.post(reverse("cases:close", args=[case.pk]), {"outcome": "settled", "on": TODAY.isoformat()})
    assert "Open it again" in browser.get(page).content.decode()
    assert browser.post(reverse("cases:reopen", args=[case.pk]))["Location"] == page
    assert "Close the case" in browser.get(page).content.decode()


@pytest.mark.parametrize("role", [Role.PARTNER_WORKER, Role.REPORT_READER, Role.MAIN_USER])
def test_who_has_no_cases_sees_none(worker: Worker, role: Role) -> None:
    case = builders.a_case(builders.a_person(), worker)
    browser = builders.signed_in(builders.a_worker(role))
    assert browser.get(reverse("cases:detail", args=[case.pk])).status_code == 403
    assert browser.get(reverse("cases:list")).status_code == 403
