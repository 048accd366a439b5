"""Openings as the pages show them."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from kotisatama.people import opening_access
from kotisatama.people.models import Opening
from kotisatama.staff.models import Worker

SHOWN = timedelta(days=90)


@dataclass(frozen=True)
class OwnOpenings:
    """What a worker has opened; `is_paused` says that no further record opens until a lead has reviewed."""

    openings: list[Opening]
    is_paused: bool


def own(worker: Worker) -> OwnOpenings:
    """The worker's own openings of the last 90 days, and older ones that wait for a review."""
    rows = opening_access.own_openings(worker).select_related("person", "reviewed_by")
    since = timezone.now() - SHOWN
    openings = [row for row in rows[:200] if row.opened_at >= since or not row.verdict]
    return OwnOpenings(openings, opening_access.overdue(worker).exists())


@dataclass(frozen=True)
class Waiting:
    """An opening that a lead has to look at; when `is_late` its worker can open no further one."""

    opening: Opening
    is_late: bool


def waiting(lead: Worker) -> list[Waiting]:
    """Openings that wait for this lead, the one due first on top."""
    rows = opening_access.reviewed_openings(lead).filter(verdict="").select_related("person", "worker__organisation")
    today = timezone.localdate()
    return [Waiting(row, row.review_by < today) for row in rows.order_by("review_by", "opened_at")]


def reviewed(lead: Worker) -> list[Opening]:
    """Openings of the last 90 days that were reviewed, the latest first."""
    rows = opening_access.reviewed_openings(lead).exclude(verdict="").filter(opened_at__gte=timezone.now() - SHOWN)
    return list(rows.select_related("person", "worker", "reviewed_by")[:200])


def number_waiting(worker: Worker) -> int:
    """How many openings wait for this lead: a badge."""
    return opening_access.reviewed_openings(worker).filter(verdict="").count()
