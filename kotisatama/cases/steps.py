"""What every change of a case does: lock it, check it, write the history and the audit line."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.cases.models import Case, Overlap, Step, Transfer
from kotisatama.kernel import dated_rules
from kotisatama.staff.models import Team, Worker


def locked(case: Case) -> Case:
    """The case as it is now, locked to the end of the transaction."""
    # Without joins: after a wait PostgreSQL gives the new row of the table locked, but the old ones of those joined.
    return Case.objects.select_for_update().get(pk=case.pk)


def save(case: Case, *fields: str) -> None:
    """Write the fields; whoever still has a page of the version before is told."""
    case.version += 1
    case.save(update_fields=[*fields, "version"])


def record(
    kind: str,
    case: Case,
    *,
    by: Worker,
    to: tuple[Worker | None, Team | None] = (None, None),
    before: tuple[Worker | None, Team | None] = (None, None),
    batch: uuid.UUID | None = None,
    **details: Any,
) -> None:
    """Add one step to the history and one line `case.<kind>` to the trail; `details` are codes."""
    Step.objects.create(
        controller_id=case.controller_id,
        case=case,
        kind=kind,
        by=by,
        worker=to[0],
        team=to[1],
        previous_worker=before[0],
        previous_team=before[1],
        details=details,
        batch=batch,
    )
    ids = {"worker": to[0], "team": to[1], "previous_worker": before[0]}
    told = details | {name: row.pk for name, row in ids.items() if row}
    audit.record(f"case.{kind}", by=by, controllers=[case.controller_id], subject=case, details=told)


def overlap_days(on: date) -> int:
    """How many days after a transfer the worker before can finish the notes: the dated rule of that day."""
    return dated_rules.number("case.overlap", target="all", on=on)


def hand_over(case: Case, *, worker: Worker, team: Team | None, keeps: bool) -> None:
    """Give the locked case to the worker; with `keeps` the worker before has the days of the overlap for the notes."""
    before = case.worker
    case.worker, case.team = worker, team
    save(case, "worker", "team")
    Overlap.objects.filter(case=case, worker=worker).delete()
    if keeps and before.is_active and before.pk != worker.pk:
        today = timezone.localdate()
        days = overlap_days(today)
        Overlap.objects.update_or_create(
            case=case,
            worker=before,
            defaults={"controller_id": case.controller_id, "until": today + timedelta(days=days)},
        )


def withdraw_waiting(case: Case, *, by: Worker) -> bool:
    """Withdraw the transfer that waits for an answer, because the case goes another way; tell whether there was one."""
    waiting = Transfer.objects.filter(case=case, state=Transfer.State.PROPOSED)
    return bool(waiting.update(state=Transfer.State.WITHDRAWN, answered_by=by, answered_at=timezone.now()))
