"""A case on its way to another worker: proposed, then accepted, rejected with a reason or withdrawn."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.cases import access, receivers, rules, steps
from kotisatama.cases.models import Case, Step, Transfer
from kotisatama.staff.models import Team, Worker


@transaction.atomic
def propose_transfer(
    case: Case, *, why: str, by: Worker, version: int, worker: Worker | None = None, team: Team | None = None
) -> Transfer:
    """Offer the case to a worker or a team; the same offer twice is one. `why`: Transfer.Why.

    NotAllowed when they may not have cases of this controller, or while another offer waits for its answer.
    """
    current = steps.locked(case)
    if not access.can_hand_over(by, current):
        raise PermissionDenied
    waiting = _waiting(current)
    if waiting and (waiting.to_worker, waiting.to_team) == (worker, team):
        return waiting
    rules.check_is_open(current)
    rules.check_unchanged(current, version=version)
    rules.check_nothing_waits(waiting)
    may_take = receivers.may_take(current.controller_id, worker=worker, team=team)
    rules.check_receiver(current, worker=worker, team=team, may_take=may_take)
    transfer = Transfer.objects.create(
        controller_id=current.controller_id,
        case=current,
        to_worker=worker,
        to_team=team,
        why=Transfer.Why(why),
        proposed_by=by,
    )
    steps.record(Step.Kind.PROPOSED, current, by=by, to=(worker, team), why=transfer.why)
    return transfer


def _waiting(case: Case) -> Transfer | None:
    found = Transfer.objects.filter(case=case, state=Transfer.State.PROPOSED)
    return found.select_related("to_worker", "to_team").first()


def _locked(transfer: Transfer) -> tuple[Case, Transfer]:
    """The case first, as everything that changes it does, then its transfer."""
    case = steps.locked(transfer.case)
    return case, Transfer.objects.select_for_update().get(pk=transfer.pk)


def _answer(transfer: Transfer, state: Transfer.State, *, by: Worker, refusal: str = "") -> None:
    transfer.state, transfer.refusal = state, refusal
    transfer.answered_by, transfer.answered_at = by, timezone.now()
    transfer.save(update_fields=["state", "refusal", "answered_by", "answered_at"])


@transaction.atomic
def accept_transfer(transfer: Transfer, *, by: Worker) -> Case:
    """Take the case: `by` becomes responsible, and the worker before has the overlap to finish the notes."""
    case, current = _locked(transfer)
    if current.state == Transfer.State.ACCEPTED and current.answered_by_id == by.pk:
        return case
    rules.check_waits(current)
    if not access.can_answer(by, current):
        raise PermissionDenied
    rules.check_is_open(case)
    before = case.worker, case.team
    _answer(current, Transfer.State.ACCEPTED, by=by)
    steps.hand_over(case, worker=by, team=current.to_team or by.team, keeps=True)
    steps.record(Step.Kind.ACCEPTED, case, by=by, to=(case.worker, case.team), before=before, why=current.why)
    return case


@transaction.atomic
def reject_transfer(transfer: Transfer, *, refusal: str, by: Worker) -> Case:
    """Say no, and why: the case stays where it is. `refusal`: Transfer.Refusal."""
    case, current = _locked(transfer)
    if current.state == Transfer.State.REJECTED and current.answered_by_id == by.pk:
        return case
    rules.check_waits(current)
    if not access.can_answer(by, current):
        raise PermissionDenied
    _answer(current, Transfer.State.REJECTED, by=by, refusal=Transfer.Refusal(refusal).value)
    asked = current.to_worker, current.to_team
    steps.record(Step.Kind.REJECTED, case, by=by, to=asked, refusal=current.refusal)
    return case


@transaction.atomic
def withdraw_transfer(transfer: Transfer, *, by: Worker) -> Case:
    """Take the offer back."""
    case, current = _locked(transfer)
    if current.state == Transfer.State.WITHDRAWN and current.answered_by_id == by.pk:
        return case
    rules.check_waits(current)
    if not access.can_withdraw(by, current):
        raise PermissionDenied
    _answer(current, Transfer.State.WITHDRAWN, by=by)
    steps.record(Step.Kind.WITHDRAWN, case, by=by, to=(current.to_worker, current.to_team))
    return case
