"""Opening, changing, closing and reopening cases; each leaves one step in the history and one audit line."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from kotisatama.cases import access, registry, rules, steps
from kotisatama.cases.assigning import assign, assign_back
from kotisatama.cases.models import Case, ClosingReason, Outcome, PlanPlace, Reason, Step
from kotisatama.cases.transferring import accept_transfer, propose_transfer, reject_transfer, withdraw_transfer
from kotisatama.people import access as people_access
from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker

__all__ = [
    "accept_transfer",
    "assign",
    "assign_back",
    "change_case",
    "close_case",
    "note_contact",
    "open_case",
    "propose_transfer",
    "recount_contacts",
    "reject_transfer",
    "reopen_case",
    "withdraw_transfer",
]


@transaction.atomic
def open_case(
    person: Person,
    *,
    reason: str,
    on: date,
    by: Worker,
    further_reasons: Sequence[str] = (),
    plan_kept_in: str = "",
) -> Case:
    """Open a case of the client in the client's controller, with `by` as the responsible worker.

    When one is open already, also by a colleague in the same moment, that one is returned and nothing changes.
    """
    if not access.can_open(by, person):
        raise PermissionDenied
    people_access.require_current(person)
    rules.check_openable(on=on)
    rules.check_reasons(reason, further_reasons)
    people.check_not_restricted(person)
    case, is_new = Case.objects.get_or_create(
        person=person,
        controller_id=person.controller_id,
        closed_on=None,
        defaults={
            "worker": by,
            "team": by.team,
            "reason": Reason(reason),
            "further_reasons": _others(reason, further_reasons),
            "plan_kept_in": PlanPlace(plan_kept_in) if plan_kept_in else "",
            "opened_on": on,
            "last_contact_on": registry.last_contact_on(person),
        },
    )
    if is_new:
        steps.record(Step.Kind.OPENED, case, by=by, to=(by, by.team), reason=case.reason)
    return case


def _others(reason: str, further: Sequence[str]) -> list[str]:
    return [code for code in dict.fromkeys(further) if code != reason]


@transaction.atomic
def change_case(
    case: Case, *, reason: str, further_reasons: Sequence[str], plan_kept_in: str, version: int, by: Worker
) -> Case:
    """Change why the case is and where its plan is kept. ChangedMeanwhile when somebody saved since that version."""
    current = steps.locked(case)
    if not access.can_change(by, current):
        raise PermissionDenied
    rules.check_is_open(current)
    people.check_not_restricted(current.person)
    rules.check_unchanged(current, version=version)
    rules.check_reasons(reason, further_reasons)
    wanted = {
        "reason": reason,
        "further_reasons": _others(reason, further_reasons),
        "plan_kept_in": PlanPlace(plan_kept_in).value if plan_kept_in else "",
    }
    before = {name: getattr(current, name) for name, value in wanted.items() if getattr(current, name) != value}
    if before:
        for name in before:
            setattr(current, name, wanted[name])
        steps.save(current, *before)
        steps.record(Step.Kind.CHANGED, current, by=by, before_codes=before)
    return current


@transaction.atomic
def close_case(
    case: Case, *, outcome: str, on: date, by: Worker, closing_reason: str = "", version: int | None = None
) -> Case:
    """Close the case with its outcome; a transfer that waits is withdrawn.

    NotAllowed when it is closed already or `on` is outside its time. `version` is that of the page, None without one.
    """
    current = steps.locked(case)
    if not access.can_close(by, current):
        raise PermissionDenied
    rules.check_closable(current, on=on)
    people.check_not_restricted(current.person)
    rules.check_unchanged(current, version=version)
    current.closed_on, current.outcome = on, Outcome(outcome)
    current.closing_reason = ClosingReason(closing_reason) if closing_reason else ""
    steps.save(current, "closed_on", "outcome", "closing_reason")
    steps.withdraw_waiting(current, by=by)
    steps.record(Step.Kind.CLOSED, current, by=by, outcome=current.outcome, closing_reason=current.closing_reason)
    return current


@transaction.atomic
def reopen_case(case: Case, *, by: Worker) -> Case:
    """Take the closing of the last days back; an open case stays as it is."""
    current = steps.locked(case)
    if not access.can_close(by, current):
        raise PermissionDenied
    if current.closed_on is None:
        return current
    others = Case.objects.filter(person_id=current.person_id, controller_id=current.controller_id, closed_on=None)
    rules.check_reopenable(current, has_another=others.exists())
    current.closed_on, current.outcome, current.closing_reason = None, "", ""
    steps.save(current, "closed_on", "outcome", "closing_reason")
    steps.record(Step.Kind.REOPENED, current, by=by)
    return current


def note_contact(person: Person, *, on: date) -> None:
    """The client was met on that day: the open case remembers the latest one. The contact's own line tells of it."""
    earlier = Q(last_contact_on__isnull=True) | Q(last_contact_on__lt=on)
    Case.objects.filter(earlier, person=person, closed_on__isnull=True).update(last_contact_on=on)


def recount_contacts(person: Person) -> None:
    """A contact of the client was moved in time, taken back or became another's: ask for the latest one anew."""
    Case.objects.filter(person=person, closed_on__isnull=True).update(last_contact_on=registry.last_contact_on(person))
