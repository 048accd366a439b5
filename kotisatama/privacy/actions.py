"""Ending data on its day, by a job, a command or after a restore; changing periods; holding deletion."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.network import queries as network
from kotisatama.privacy import access, registry, retention, rules, tombstones
from kotisatama.privacy.models import Hold, RetentionRule
from kotisatama.privacy.retention import Line
from kotisatama.privacy.tombstones import Applied
from kotisatama.staff.models import Worker


def run_retention(*, on: date, controllers: Iterable[str] | None = None, batch: int = retention.BATCH) -> list[Line]:
    """End whatever is due on that day, for all controllers by default, and write the tombstones out."""
    codes = list(network.controllers_ever() if controllers is None else controllers)
    lines = retention.run(on=on, controllers=codes, batch=batch)
    tombstones.write_out(codes)
    return lines


def apply_erasures_again() -> Applied:
    """After a restore: erase again what the file of erasures names."""
    applied = tombstones.apply_again()
    tombstones.write_out(network.controllers_ever())
    return applied


@transaction.atomic
def change_period(
    code: str, *, amount: int, unit: str, valid_from: date, legal_source: str, confirmed: bool, by: Worker
) -> RetentionRule:
    """From a day on keep data of this class so long; the rule before ends the day before. Twice is the same as once."""
    access.require_managing(by)
    rules.check_begins_later(valid_from)
    given = {"amount": amount, "unit": unit, "legal_source": legal_source, "confirmed": confirmed}
    found = RetentionRule.objects.select_for_update().filter(code=code)
    same = found.filter(valid_from=valid_from, **given).first()
    if same:
        return same
    after = found.earliest("valid_from").after
    found.filter(valid_from__gte=valid_from).delete()
    still_on = Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)
    found.filter(still_on).update(valid_to=valid_from - timedelta(days=1))
    rule = RetentionRule.objects.create(code=code, valid_from=valid_from, after=after, **given)
    details = {"class": code, "amount": amount, "unit": unit, "from": valid_from.isoformat()}
    audit.record("retention.changed", by=by, controllers=by.controller_codes, details=details)
    return rule


@transaction.atomic
def hold(subject_id: UUID, *, key: UUID, controller: str, reason: str, until: date, by: Worker) -> Hold:
    """Delete nothing of this person until that day (inclusive). The same `key` twice is the same hold."""
    access.require_managing(by, controller)
    rules.check_hold_until(until)
    given = {"controller_id": controller, "subject_id": subject_id, "reason": Hold.Reason(reason), "until": until}
    made, is_new = Hold.objects.get_or_create(id=key, defaults=given | {"made_by": by})
    if is_new:
        subject = registry.subject().model(pk=subject_id)
        details = {"reason": made.reason, "until": until.isoformat()}
        audit.record("person.held", by=by, controllers=[controller], subject=subject, details=details)
    return made


@transaction.atomic
def release(found: Hold, *, by: Worker) -> None:
    """The person's data goes on its day again, today if that has passed."""
    access.require_managing(by, found.controller_id)
    if Hold.objects.filter(pk=found.pk, released_on__isnull=True).update(released_on=timezone.localdate()):
        subject = registry.subject().model(pk=found.subject_id)
        audit.record("person.released", by=by, controllers=[found.controller_id], subject=subject)
