"""Reading the trail, within the context of whoever reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from kotisatama.audit.models import Line


def looks_at(person_ids: Collection[UUID]) -> QuerySet[Line]:
    """All lines about one client, the latest first; a client that others were merged into has several ids."""
    return Line.objects.filter(person_id__in=person_ids).order_by("-at", "-id")


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


@dataclass(frozen=True)
class DayOfWorker:
    """What one worker looked at on one day: how often at each client, and how often at night."""

    worker_id: int
    persons: dict[UUID, int]
    at_night: int


def day_of_workers(day: date, *, night_from: int = 22, night_until: int = 6) -> list[DayOfWorker]:
    """All workers who looked at clients on that day; hours are of the site's own time zone."""
    lines = Line.objects.filter(
        at__gte=_midnight(day),
        at__lt=_midnight(day + timedelta(days=1)),
        worker_id__isnull=False,
        person_id__isnull=False,
    )
    counts = lines.values_list("worker_id", "person_id").annotate(count=Count("id"))
    hour = ExtractHour("at", tzinfo=timezone.get_default_timezone())
    dark = lines.annotate(hour=hour).filter(Q(hour__gte=night_from) | Q(hour__lt=night_until))
    nights = dict(dark.values("worker_id").annotate(count=Count("id")).values_list("worker_id", "count"))
    found: dict[int, dict[UUID, int]] = {}
    for worker, person, count in counts:
        if worker and person:
            found.setdefault(worker, {})[person] = count
    return [DayOfWorker(worker, persons, nights.get(worker, 0)) for worker, persons in found.items()]


def persons_a_day(worker_ids: Collection[int], *, since: date, before: date) -> dict[int, list[int]]:
    """How many different clients each worker looked at on each day with any, by worker."""
    rows = (
        Line.objects.filter(
            worker_id__in=worker_ids, at__gte=_midnight(since), at__lt=_midnight(before), person_id__isnull=False
        )
        .annotate(day=TruncDate("at", tzinfo=timezone.get_default_timezone()))
        .values("worker_id", "day")
        .annotate(persons=Count("person_id", distinct=True))
        .values_list("worker_id", "persons")
    )
    found: dict[int, list[int]] = {}
    for worker, persons in rows:
        if worker:
            found.setdefault(worker, []).append(persons)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
