"""Who sees and keeps the municipalities' shares. They are public decisions: whoever sees money sees all of them."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from kotisatama.funding import access
from kotisatama.funding.models import Partnership, Statistic
from kotisatama.staff.models import Worker


def visible_partnerships(viewer: Worker) -> QuerySet[Partnership]:
    """The only door to shares."""
    if not access.can_see_funding(viewer):
        return Partnership.objects.none()
    return Partnership.objects.select_related("lead", "statistic")


def visible_statistics(viewer: Worker) -> QuerySet[Statistic]:
    """Numbers of people by municipality."""
    if not access.can_see_funding(viewer):
        return Statistic.objects.none()
    return Statistic.objects.select_related("taken_by")


def can_keep_shares(worker: Worker, lead: str) -> bool:
    """Whether the worker keeps the shares of those whom this municipality leads: its organisation works for it."""
    return access.can_manage_funding(worker) and lead in worker.controller_codes


def require_keeping(worker: Worker, lead: str) -> None:
    """PermissionDenied for whoever does not."""
    if not can_keep_shares(worker, lead):
        raise PermissionDenied
