"""Reading protections: the running ones, what a permitted worker opens, and where an answer may go."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, protected_details, registry
from kotisatama.people.models import ConcealedPart, Person, Protection
from kotisatama.people.protected_details import Details
from kotisatama.staff.models import Worker

# A lead has this long to ask the person whether the non-disclosure is renewed.
ENDS_SOON = timedelta(days=60)
REASONS = (
    ("serve", gettext_lazy("To serve the person now")),
    ("reach", gettext_lazy("To reach the person")),
    ("correct", gettext_lazy("To correct the details")),
    ("authority", gettext_lazy("An authority asks, and a law gives it the right")),
    ("end", gettext_lazy("To decide whether the non-disclosure ends")),
)


def running_protection(person: Person) -> Protection | None:
    """The person's running protection."""
    if not person.is_protected:
        return None
    return Protection.objects.filter(person=person, ended_at__isnull=True).select_related("person").first()


def ending_soon(viewer: Worker) -> QuerySet[Protection]:
    """Running protections that end within two months or should have ended, the earliest first."""
    until = timezone.localdate() + ENDS_SOON
    found = access.visible_protections(viewer).filter(ends_on__lte=until, extends__isnull=True)
    return found.select_related("person").order_by("ends_on", "person__sort_key")


@dataclass(frozen=True)
class OpenedPart:
    """What one row of another table said; `content` by column."""

    source: str
    row: uuid.UUID
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Opened:
    """Everything that a protection hides and the viewer may see."""

    protection: Protection
    details: Details
    parts: list[OpenedPart]


@transaction.atomic
def open_protected(person: Person, *, reason: str, by: Worker) -> Opened:
    """Open the seal for a reason of REASONS; looking leaves its own line. NotAllowed when nothing is hidden."""
    access.require_protected(by, person)
    protection = running_protection(person)
    if not protection:
        raise NotAllowed(_("This person has no non-disclosure."))
    if reason not in dict(REASONS):
        raise NotAllowed(_("Choose why you need the details."))
    details = {"reason": reason}
    audit.record("protection.viewed", by=by, controllers=[person.controller_id], subject=person, details=details)
    listed = [each.table for each in registry.concealers() if each.is_listed]
    parts = ConcealedPart.objects.filter(
        protection=protection, controller_id__in=by.controller_codes, source__in=listed
    )
    opened = [
        OpenedPart(part.source, part.row, protected_details.read_part(part)) for part in parts.order_by("source", "row")
    ]
    return Opened(protection, protected_details.read(protection), opened)


@dataclass(frozen=True)
class SafeChannel:
    """A way to answer a protected person that the person called safe: its kind and a code, never the value."""

    kind: str
    code: str


def safe_channels(person: Person) -> list[SafeChannel]:
    """The safe ways to answer a protected person. The code holds until the details change."""
    protection = running_protection(person)
    if not protection:
        return []
    rows = enumerate(protected_details.read(protection).channels)
    return [
        SafeChannel(kind, f"{protection.version}-{number}") for number, (kind, _value, safe, *_more) in rows if safe
    ]


def safe_value(person: Person, kind: str, code: str) -> str:
    """The number or address behind a code of `safe_channels`, for sending and never for a screen. Raises NotAllowed."""
    if code not in {each.code for each in safe_channels(person) if each.kind == kind}:
        raise NotAllowed(_("The ways to reach this person have changed. Open the page again and choose anew."))
    protection = running_protection(person)
    assert protection is not None
    return str(protected_details.read(protection).channels[int(code.partition("-")[2])][1])
