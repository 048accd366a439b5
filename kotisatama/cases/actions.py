"""Opening and closing cases; each leaves one audit line."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from kotisatama.audit import actions as audit
from kotisatama.cases import access, rules
from kotisatama.cases.models import Case
from kotisatama.people import access as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


@transaction.atomic
def open_case(person: Person, *, reason: str, on: date, by: Worker) -> Case:
    """Open a case of the client in the client's controller, with `by` as the responsible worker.

    When one is open already, also by a colleague in the same moment, that one is returned and nothing changes.
    """
    if not access.can_open(by, person):
        raise PermissionDenied
    people.require_current(person)
    rules.check_openable(on=on)
    case, is_new = Case.objects.get_or_create(
        person=person,
        controller_id=person.controller_id,
        closed_on=None,
        defaults={"worker": by, "reason": Case.Reason(reason), "opened_on": on},
    )
    if is_new:
        details = {"reason": case.reason}
        audit.record("case.opened", by=by, controllers=[case.controller_id], subject=case, details=details)
    return case


@transaction.atomic
def close_case(case: Case, *, outcome: str, on: date, by: Worker) -> Case:
    """Close the case with its outcome; NotAllowed when it is closed already or `on` is outside its time."""
    current = Case.objects.select_for_update(of=("self",)).select_related("worker").get(pk=case.pk)
    if not access.can_close(by, current):
        raise PermissionDenied
    rules.check_closable(current, on=on)
    current.closed_on, current.outcome = on, Case.Outcome(outcome)
    current.version += 1
    current.save(update_fields=["closed_on", "outcome", "version"])
    details = {"outcome": current.outcome}
    audit.record("case.closed", by=by, controllers=[current.controller_id], subject=current, details=details)
    return current
