"""Opening and closing a period of guidance."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from kotisatama.audit import actions as audit
from kotisatama.cases import access, rules
from kotisatama.cases.models import Case
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


@transaction.atomic
def open_case(person: Person, *, reason: str, on: date, by: Worker) -> Case:
    """Begin a period of guidance; when one is open already, that one is returned and nothing changes."""
    if not access.can_open(by, person):
        raise PermissionDenied
    case, is_new = Case.objects.get_or_create(
        person=person,
        controller_id=person.controller_id,
        closed_on=None,
        defaults={"worker": by, "reason": reason, "opened_on": on},
    )
    if is_new:
        audit.record("case.opened", by=by, controllers=[case.controller_id], subject=case, details={"reason": reason})
    return case


@transaction.atomic
def close_case(case: Case, *, outcome: str, on: date, by: Worker) -> Case:
    """Close the case with its outcome."""
    case = Case.objects.select_for_update(of=("self",)).select_related("worker").get(pk=case.pk)
    if not access.can_close(by, case):
        raise PermissionDenied
    rules.check_closable(case, on=on)
    case.closed_on, case.outcome, case.version = on, outcome, case.version + 1
    case.save(update_fields=["closed_on", "outcome", "version"])
    audit.record("case.closed", by=by, controllers=[case.controller_id], subject=case, details={"outcome": outcome})
    return case
