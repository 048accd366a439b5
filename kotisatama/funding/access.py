"""Who sees money, and who keeps it."""

from django.core.exceptions import PermissionDenied

from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def can_see_funding(viewer: Worker) -> bool:
    """Whether budgets, costs and shares open at all for the viewer."""
    return staff_access.allows(viewer, Permission.SEE_FUNDING)


def can_manage_funding(worker: Worker) -> bool:
    """Whether the worker keeps projects, costs, claims and shares."""
    return can_see_funding(worker) and staff_access.allows(worker, Permission.MANAGE_FUNDING)


def require_managing(worker: Worker) -> None:
    """PermissionDenied for whoever only reads."""
    if not can_manage_funding(worker):
        raise PermissionDenied
