"""Many cases to a team or a worker at once: planned, shown, then done in one transaction; and the way back."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.cases import access, receivers, rules, steps
from kotisatama.cases.models import Case, Step
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Move:
    """One line of a plan: which case, in the version that the page showed, goes to which worker."""

    case: uuid.UUID
    version: int
    worker: int


def plan(cases: Iterable[Case], candidates: Sequence[Worker], loads: dict[int, int]) -> list[tuple[Case, Worker]]:
    """Each case to the candidate with the fewest open cases, in the order given; who has a case already keeps it.

    The same cases, candidates and loads make the same plan.
    """
    numbers = {worker.pk: loads.get(worker.pk, 0) for worker in candidates}
    found = []
    for case in cases:
        if case.worker_id in numbers:
            continue
        least = min(candidates, key=lambda worker: (numbers[worker.pk], worker.pk))
        numbers[least.pk] += 1
        found.append((case, least))
    return found


@transaction.atomic
def assign(moves: Sequence[Move], *, batch: uuid.UUID, by: Worker) -> list[Case]:
    """Give each case to its worker, all or none; the same batch twice is done once.

    ChangedMeanwhile when a case was changed after the plan was shown, NotAllowed when a worker may not have one.
    """
    by_case = {move.case: move for move in moves}
    cases = _locked(by_case, by)
    if Step.objects.filter(batch=batch).exists():
        return cases
    if len(cases) != len(by_case) or not all(access.can_assign(by, case) for case in cases):
        raise PermissionDenied
    workers = _workers(cases, {move.worker for move in moves}, by)
    for case in cases:
        move = by_case[case.pk]
        rules.check_is_open(case)
        rules.check_unchanged(case, version=move.version)
        _give(case, workers.get(move.worker), kind=Step.Kind.ASSIGNED, batch=batch, by=by)
    return cases


def _locked(ids: Iterable[uuid.UUID], by: Worker) -> list[Case]:
    """In the order of their ids, so that two who assign at once wait for each other instead of blocking."""
    found = access.visible_cases(by).select_for_update().filter(pk__in=list(ids)).order_by("pk")
    return list(found.prefetch_related("worker", "team"))


def _workers(cases: Iterable[Case], wanted: set[int], by: Worker) -> dict[int, Worker]:
    """The workers of the own house who may have cases of every controller concerned."""
    controllers = {case.controller_id for case in cases}
    found = receivers.workers(controllers).filter(organisation_id=by.organisation_id, pk__in=wanted)
    return {worker.pk: worker for worker in found}


def _give(case: Case, worker: Worker | None, *, kind: Step.Kind, batch: uuid.UUID, by: Worker) -> None:
    if worker is None:
        raise NotAllowed(_("One of the workers cannot have these cases any more. Choose again."))
    before = case.worker, case.team
    steps.withdraw_waiting(case, by=by)
    steps.hand_over(case, worker=worker, team=worker.team, keeps=True)
    steps.record(kind, case, by=by, to=(worker, worker.team), before=before, batch=batch)


@transaction.atomic
def assign_back(batch: uuid.UUID, *, by: Worker) -> int:
    """Undo a batch of one's own: each case that nobody has moved since goes back; returns how many did.

    Doing it twice is doing it once.
    """
    given = Step.objects.filter(batch=batch, kind=Step.Kind.ASSIGNED, by=by).select_related(
        "previous_worker", "previous_team"
    )
    step_of = {step.case_id: step for step in given}
    number = 0
    for case in _locked(step_of, by):
        step = step_of[case.pk]
        worker = step.previous_worker
        if case.closed_on or case.worker_id != step.worker_id or worker is None:
            continue
        before = case.worker, case.team
        steps.hand_over(case, worker=worker, team=step.previous_team, keeps=False)
        steps.record(Step.Kind.ASSIGNED_BACK, case, by=by, to=(worker, step.previous_team), before=before, batch=batch)
        number += 1
    return number
