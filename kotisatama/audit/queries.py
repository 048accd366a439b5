"""Reading the trail, within the context of whoever reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from kotisatama.audit.models import Line


def looks_at(person_id: UUID) -> QuerySet[Line]:
    """All lines about one client, the latest first."""
    return Line.objects.filter(person_id=person_id).order_by("-at", "-id")


def lines_of_worker(worker_id: int) -> QuerySet[Line]:
    """All that one worker did, the latest first."""
    return Line.objects.filter(worker_id=worker_id).order_by("-at", "-id")


@dataclass(frozen=True)
class Wanted:
    """What a search of the trail asks for; empty parts narrow nothing. Days are of the site's own time zone."""

    since: date
    until: date
    worker_ids: Collection[int] | None = None
    organisation_id: int | None = None
    action: str = ""
    person_ids: Collection[UUID] | None = None


def found(wanted: Wanted) -> QuerySet[Line]:
    """The lines that fit, the latest first."""
    condition = Q(at__gte=_midnight(wanted.since), at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.worker_ids is not None:
        condition &= Q(worker_id__in=wanted.worker_ids)
    if wanted.organisation_id is not None:
        condition &= Q(organisation_id=wanted.organisation_id)
    if wanted.action:
        condition &= Q(action=wanted.action)
    if wanted.person_ids is not None:
        condition &= Q(person_id__in=wanted.person_ids)
    return Line.objects.filter(condition).order_by("-at", "-id")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
