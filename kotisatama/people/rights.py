"""What a client may ask of the register: to have data put right, to have it rest, to be given all of it."""

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import dated_rules, periods
from kotisatama.people import access, concealing, rules
from kotisatama.people.models import Person, Rectification, Restriction
from kotisatama.privacy import queries as privacy
from kotisatama.privacy.queries import Extract
from kotisatama.staff.models import Worker

ANSWER_WITHIN = "rights.answer_within"


@transaction.atomic
def ask_rectification(person: Person, *, key: uuid.UUID, what: str, asked_on: date, by: Worker) -> Rectification:
    """Write down what the client wants put right. The same `key` twice is the same request."""
    access.require_rights(by, person)
    rules.check_not_in_future(asked_on)
    months = dated_rules.number(ANSWER_WITHIN, target="all", on=asked_on)
    request, is_new = Rectification.objects.get_or_create(
        id=key,
        person=person,
        defaults={
            "controller_id": person.controller_id,
            "what": what.strip(),
            "asked_on": asked_on,
            "answer_by": periods.due_on(asked_on, periods.Period(months, periods.MONTHS)),
            "made_by": by,
        },
    )
    if is_new:
        concealing.conceal(person, concealing.REQUESTS)
        _record("rectification.asked", person, by, {"request": str(request.pk)})
    return request


@transaction.atomic
def decide_rectification(request: Rectification, *, decision: str, refusal: str = "", by: Worker) -> Rectification:
    """Decide a request; a refusal, whole or in part, has a reason from the list. A decision stands."""
    current = Rectification.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    access.require_rights(by, current.person)
    if (current.decision, current.refusal) == (decision, refusal):
        return current
    rules.check_decidable(current, decision=decision, refusal=refusal)
    current.decision, current.refusal = Rectification.Decision(decision), refusal
    current.decided_on, current.decided_by = timezone.localdate(), by
    current.save()
    _record("rectification.decided", current.person, by, {"request": str(current.pk), "decision": decision})
    return current


@transaction.atomic
def restrict(
    person: Person, *, key: uuid.UUID, reason: str, valid_from: date, valid_to: date | None, by: Worker
) -> Restriction:
    """Let the client's data rest from a day on: read only. The same `key` twice is the same restriction."""
    access.require_rights(by, person)
    rules.check_period(valid_from, valid_to)
    restriction, is_new = Restriction.objects.get_or_create(
        id=key,
        person=person,
        defaults={
            "controller_id": person.controller_id,
            "reason": Restriction.Reason(reason),
            "valid_from": valid_from,
            "valid_to": valid_to,
            "made_by": by,
        },
    )
    if is_new:
        _record("person.restricted", person, by, {"reason": restriction.reason})
    return restriction


@transaction.atomic
def lift_restriction(restriction: Restriction, *, by: Worker) -> None:
    """End a restriction: yesterday was its last day, or it never began."""
    current = Restriction.objects.select_for_update(of=("self",)).select_related("person").get(pk=restriction.pk)
    access.require_rights(by, current.person)
    last = timezone.localdate() - periods.ONE_DAY
    if current.valid_to and current.valid_to <= last:
        return
    if current.valid_from > last:
        current.delete()
    else:
        current.valid_to = last
        current.save(update_fields=["valid_to"])
    _record("person.restriction_lifted", current.person, by, {"reason": current.reason})


@transaction.atomic
def export_person(person: Person, *, language: str, form: str, by: Worker) -> Extract:
    """Everything held about the client, as it is given to the client; one line in the trail."""
    if not access.can_export(by, person):
        raise PermissionDenied
    found = privacy.extract(person.pk, language)
    _record("person.exported", person, by, {"form": form, "language": language})
    return found


def _record(action: str, person: Person, by: Worker, details: dict[str, str]) -> None:
    audit.record(action, by=by, controllers=[person.controller_id], subject=person, details=details)
