"""A case goes to whoever says yes, stays until then, and the worker before finishes the notes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kotisatama.cases import actions, queries
from kotisatama.cases.models import Case, Overlap, Transfer
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(team=builders.a_team())


@pytest.fixture
def case(worker: Worker) -> Case:
    return builders.a_case(builders.a_person(), worker)


def of_liperi() -> Worker:
    """A worker of another house that has a mandate of the same controller."""
    town = builders.an_organisation("liperi", kind=Organisation.Kind.MUNICIPALITY, mandates=[builders.JOENSUU])
    return builders.a_worker(Role.MUNICIPAL_WORKER, town)


def propose(case: Case, worker: Worker, receiver: Worker) -> Transfer:
    with builders.as_worker(worker):
        return actions.propose_transfer(case, worker=receiver, why="moved", version=case.version, by=worker)


def current(case: Case) -> Case:
    return Case.objects.select_related("worker", "team").get(pk=case.pk)


def test_a_case_stays_until_the_receiver_accepts_and_the_worker_before_keeps_30_days(
    case: Case, worker: Worker
) -> None:
    receiver = of_liperi()
    transfer = propose(case, worker, receiver)
    with builders.as_worker(worker):
        assert current(case).worker == worker
    with builders.as_worker(receiver):
        actions.accept_transfer(transfer, by=receiver)
        actions.accept_transfer(transfer, by=receiver)
        assert current(case).worker == receiver
        overlap = Overlap.objects.get()
    assert (overlap.worker, overlap.until) == (worker, TODAY + timedelta(days=30))
    assert builders.audit_actions() == ["case.transfer_proposed", "case.transfer_accepted"]


def test_whoever_of_a_team_accepts_has_the_case(case: Case, worker: Worker) -> None:
    team = builders.a_team("Families")
    receiver = builders.a_worker(team=team)
    with builders.as_worker(worker):
        transfer = actions.propose_transfer(case, team=team, why="service", version=1, by=worker)
        actions.accept_transfer(transfer, by=receiver)
        assert (current(case).worker, current(case).team) == (receiver, team)


def test_a_transfer_is_rejected_with_a_reason_and_the_case_stays(case: Case, worker: Worker) -> None:
    receiver = of_liperi()
    transfer = propose(case, worker, receiver)
    with builders.as_worker(receiver):
        actions.reject_transfer(transfer, refusal="full", by=receiver)
        assert current(case).worker == worker
        with pytest.raises(NotAllowed, match="does not wait any more: rejected"):
            actions.accept_transfer(transfer, by=receiver)
    with builders.as_worker(worker):
        assert [event.title for event in queries.history(case)][:2] == ["Transfer rejected", "Transfer proposed"]
        assert "No room now" in queries.history(case)[0].text


def test_an_offer_is_withdrawn_by_who_made_it_and_another_is_made(case: Case, worker: Worker) -> None:
    transfer = propose(case, worker, of_liperi())
    with builders.as_worker(worker):
        with pytest.raises(NotAllowed, match="waits for the answer"):
            actions.propose_transfer(case, worker=builders.a_worker(), why="load", version=1, by=worker)
        actions.withdraw_transfer(transfer, by=worker)
        actions.withdraw_transfer(transfer, by=worker)
        actions.propose_transfer(case, worker=builders.a_worker(), why="load", version=1, by=worker)
    assert builders.audit_actions() == [
        "case.transfer_proposed",
        "case.transfer_withdrawn",
        "case.transfer_proposed",
    ]


def test_the_same_offer_twice_is_one(case: Case, worker: Worker) -> None:
    receiver = of_liperi()
    assert propose(case, worker, receiver) == propose(case, worker, receiver)


def test_nobody_outside_the_mandate_and_nobody_without_cases_is_offered_one(case: Case, worker: Worker) -> None:
    for receiver in (builders.an_outsider(), builders.a_worker(Role.PARTNER_WORKER)):
        with builders.as_worker(worker), pytest.raises(NotAllowed, match="mandate"):
            actions.propose_transfer(case, worker=receiver, why="moved", version=1, by=worker)


def test_nobody_offers_a_case_to_the_one_who_has_it(case: Case, worker: Worker) -> None:
    with builders.as_worker(worker), pytest.raises(NotAllowed, match="has this case already"):
        actions.propose_transfer(case, worker=worker, why="moved", version=1, by=worker)


def test_an_offer_is_made_of_the_case_that_the_page_showed(case: Case, worker: Worker) -> None:
    with builders.as_worker(worker), pytest.raises(ChangedMeanwhile):
        actions.propose_transfer(case, worker=of_liperi(), why="moved", version=0, by=worker)


def test_only_who_is_asked_answers(case: Case, worker: Worker) -> None:
    transfer, stranger = propose(case, worker, of_liperi()), builders.a_worker()
    with builders.as_worker(stranger):
        with pytest.raises(PermissionDenied):
            actions.accept_transfer(transfer, by=stranger)
        with pytest.raises(PermissionDenied):
            actions.reject_transfer(transfer, refusal="full", by=stranger)
        with pytest.raises(PermissionDenied):
            actions.withdraw_transfer(transfer, by=stranger)


def test_closing_withdraws_what_waits(case: Case, worker: Worker) -> None:
    transfer = propose(case, worker, of_liperi())
    with builders.as_worker(worker):
        actions.close_case(case, outcome="settled", on=TODAY, by=worker)
        transfer.refresh_from_db()
    assert transfer.state == Transfer.State.WITHDRAWN


def test_a_case_is_handed_over_on_the_screen(case: Case, worker: Worker) -> None:
    receiver = of_liperi()
    browser, theirs = builders.signed_in(worker), builders.signed_in(receiver)
    page, case_page = reverse("cases:transfer", args=[case.pk]), reverse("cases:detail", args=[case.pk])
    assert f"worker:{receiver.pk}" in browser.get(page).content.decode()
    wrong = browser.post(page, {"to": f"worker:{builders.an_outsider().pk}", "why": "moved", "version": "1"})
    assert wrong.status_code == 200
    assert browser.post(page, {"to": f"worker:{receiver.pk}", "why": "moved", "version": "1"})["Location"] == case_page
    listed = theirs.get(reverse("cases:list"), {"tab": "transfers"}).content.decode()
    assert "Olena Shevchenko" in listed
    assert "This case is offered to you" in theirs.get(case_page).content.decode()
    with builders.as_worker(worker):
        transfer = Transfer.objects.get()
    assert theirs.post(reverse("cases:reject", args=[transfer.pk]), {})["Location"] == case_page
    assert theirs.post(reverse("cases:accept", args=[transfer.pk]))["Location"] == case_page
    text = browser.get(case_page).content.decode()
    assert "Finishes notes" in text
    assert receiver.name in text


def test_another_municipalitys_transfer_does_not_exist_for_you(case: Case, worker: Worker) -> None:
    transfer, browser = propose(case, worker, of_liperi()), builders.signed_in(builders.an_outsider())
    for name in ("accept", "reject", "withdraw"):
        assert browser.post(reverse(f"cases:{name}", args=[transfer.pk]), {"refusal": "full"}).status_code == 404
