"""Setting, renewing and ending a non-disclosure: everything that tells the place goes into the seal, and comes back."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from kotisatama.people import access, concealing, protected_details, protection_rules, protection_seal, registry, tokens
from kotisatama.people.models import Channel, ConcealedPart, Person, Protection
from kotisatama.people.protected_details import Details
from kotisatama.people.shielding import NO_PLACE
from kotisatama.staff.models import Worker


@contextmanager
def _everywhere() -> Generator[None]:
    """Rows of the same person may stand under several controllers: a non-disclosure hides them all and shows none."""
    with row_security.context(controllers=list(Municipality.objects.values_list("code", flat=True))):
        yield


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _record(action: str, protection: Protection, by: Worker, **details: Any) -> None:
    audit.record(action, by=by, controllers=[protection.controller_id], subject=protection.person, details=details)


@transaction.atomic
def set_protection(person: Person, *, begins_on: date, ends_on: date, decided_by: str, by: Worker) -> Protection:
    """Hide from now on where the person lives and is met, and the same of whoever shares the home or the number.

    When one runs already, that one is returned and nothing changes; one that only extended another becomes its own.
    """
    current = _locked(person)
    if not access.can_protect(by, current):
        raise PermissionDenied
    running = concealing.running(current)
    if running and not running.extends_id:
        return running
    protection_rules.check_first(begins_on, ends_on)
    terms: dict[str, Any] = {"begins_on": begins_on, "ends_on": ends_on, "decided_by": Protection.Authority(decided_by)}
    if running:
        return _make_its_own(running, by=by, **terms)
    sharers = registry.sharers(current)
    with _everywhere():
        made = _protect(current, by=by, **terms)
        nearby = Person.objects.select_for_update().filter(pk__in=sharers, is_protected=False)
        for sharer in nearby.filter(controller_id__in=by.controller_codes).order_by("pk"):
            _protect(sharer, by=by, extends=made, **terms)
    return made


def _make_its_own(protection: Protection, *, by: Worker, **terms: Any) -> Protection:
    for name, value in terms.items():
        setattr(protection, name, value)
    protection.extends, protection.version = None, protection.version + 1
    protection.save(update_fields=[*terms, "extends", "version"])
    _record("protection.set", protection, by, decided_by=terms["decided_by"])
    return protection


def _protect(person: Person, *, by: Worker, extends: Protection | None = None, **terms: Any) -> Protection:
    protection = Protection(controller_id=person.controller_id, person=person, extends=extends, set_by=by, **terms)
    protected_details.write(protection, Details(person.municipality, protected_details.channels_of(person)))
    protection.save(force_insert=True)
    person.channels.all().delete()
    person.is_protected, person.municipality, person.version = True, NO_PLACE, person.version + 1
    person.save(update_fields=["is_protected", "municipality", "version"])
    tokens.renew(person)
    for concealer in registry.concealers():
        protected_details.keep(protection, concealer.table, concealer.conceal(person))
    _record(
        "protection.set", protection, by, decided_by=protection.decided_by, extends=str(protection.extends_id or "")
    )
    return protection


@transaction.atomic
def renew_protection(protection: Protection, *, ends_on: date, decided_by: str, version: int, by: Worker) -> Protection:
    """Let it run longer, with those that extend it."""
    current = _current(protection, by=by, version=version, may=access.can_protect)
    protection_rules.check_renewal(current, ends_on)
    decided = Protection.Authority(decided_by)
    for each in (current, *_extensions(current)):
        each.ends_on, each.decided_by, each.version = ends_on, decided, each.version + 1
        each.save(update_fields=["ends_on", "decided_by", "version"])
        _record("protection.renewed", each, by, decided_by=decided, until=ends_on.isoformat())
    return current


@transaction.atomic
def end_protection(protection: Protection, *, version: int, by: Worker) -> Protection:
    """Put everything back where it stood, for the person and for those to whom it extended. One that ended stays so."""
    if Protection.objects.filter(pk=protection.pk, ended_at__isnull=False).exists():
        return protection
    current = _current(protection, by=by, version=version, may=access.can_see_protected)
    with _everywhere():
        for each in (*_extensions(current), current):
            _end(each, by=by)
    return current


def _current(protection: Protection, *, by: Worker, version: int, may: Any) -> Protection:
    """The protection under its person's lock, for a worker who may, as the page with `version` showed it."""
    person = _locked(protection.person)
    current = Protection.objects.select_for_update().get(pk=protection.pk)
    if not may(by, person):
        raise PermissionDenied
    protection_rules.check_running(current)
    protection_rules.check_unchanged(current, version=version)
    return current


def _extensions(protection: Protection) -> list[Protection]:
    running = Protection.objects.select_for_update(of=("self",)).filter(extends=protection, ended_at__isnull=True)
    return list(running.select_related("person").order_by("pk"))


def _end(protection: Protection, *, by: Worker) -> None:
    person, details = _locked(protection.person), protected_details.read(protection)
    person.is_protected, person.municipality, person.version = False, details.municipality, person.version + 1
    person.save(update_fields=["is_protected", "municipality", "version"])
    Channel.objects.bulk_create(protected_details.channel_of(row, person) for row in details.channels)
    for concealer in reversed(registry.concealers()):
        parts = ConcealedPart.objects.filter(protection=protection, source=concealer.table)
        for part in parts:
            concealer.reveal(part.row, protected_details.read_part(part))
        parts.delete()
    tokens.renew(person)
    protection.sealed, protection.ended_at, protection.ended_by = b"", timezone.now(), by
    protection.version += 1
    protection.save(update_fields=["sealed", "ended_at", "ended_by", "version"])
    _record("protection.ended", protection, by)


@transaction.atomic
def change_protected(protection: Protection, *, details: Details, version: int, by: Worker) -> Protection:
    """Correct what the seal holds of the person. NotAllowed for a number or an address that cannot be."""
    current = _current(protection, by=by, version=version, may=access.can_see_protected)
    typed = concealing.channels(details.channels)
    kept = {row[:2] for row in typed}
    known = [row for row in protected_details.read(current).channels if row[:2] in kept]
    protected_details.write(current, replace(details, channels=concealing.joined(known, typed)))
    current.version += 1
    current.save(update_fields=["sealed", "version"])
    _record("protection.changed", current, by)
    return current


def reseal_protections() -> int:
    """Seal with the key in use whatever a former key sealed, in the context of the caller; the number of seals."""
    number = 0
    for protection in Protection.objects.select_for_update().filter(ended_at__isnull=True).iterator(1000):
        if not protection_seal.is_current(protection.sealed):
            protected_details.write(protection, protected_details.read(protection))
            protection.save(update_fields=["sealed"])
            number += 1
    for part in ConcealedPart.objects.select_for_update().iterator(1000):
        if not protection_seal.is_current(part.sealed):
            protected_details.write_part(part, protected_details.read_part(part))
            part.save(update_fields=["sealed"])
            number += 1
    return number
