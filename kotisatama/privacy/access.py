"""Who decides how long data is kept, and whose holds one sees."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from kotisatama.privacy.models import Hold
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def can_manage(worker: Worker, controller: str = "") -> bool:
    """Whether the worker manages retention at all, or of one controller."""
    codes = worker.controller_codes
    return staff_access.allows(worker, Permission.MANAGE_PRIVACY) and (
        controller in codes if controller else bool(codes)
    )


def require_managing(worker: Worker, controller: str = "") -> None:
    """Raise PermissionDenied for whoever may not."""
    if not can_manage(worker, controller):
        raise PermissionDenied


def visible_holds(viewer: Worker) -> QuerySet[Hold]:
    """The only door to holds: those of the viewer's controllers."""
    return Hold.objects.filter(controller_id__in=viewer.controller_codes) if can_manage(viewer) else Hold.objects.none()
