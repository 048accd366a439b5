"""Which persons exist for a worker, and who may make or change one."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from kotisatama.people import shielding
from kotisatama.people.models import Person, Protection
from kotisatama.people.shielding import shielded as shielded
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_people(viewer: Worker) -> QuerySet[Person]:
    """The only door to persons: clients of the controllers whose mandate the viewer's organisation holds today."""
    if not can_see_people(viewer):
        return Person.objects.none()
    return Person.objects.filter(controller_id__in=viewer.controller_codes)


def can_see_people(worker: Worker) -> bool:
    """Whether any client can exist for the worker."""
    return staff_access.allows(worker, Permission.SEE_PERSONS) and bool(worker.controller_codes)


def can_make_people(worker: Worker, controller: str) -> bool:
    """Whether the worker may make clients of this controller."""
    return staff_access.allows(worker, Permission.EDIT_PERSONS) and controller in worker.controller_codes


def can_make_some(worker: Worker) -> bool:
    """Whether the worker may make clients of any controller."""
    return staff_access.allows(worker, Permission.EDIT_PERSONS) and bool(worker.controller_codes)


def can_change(worker: Worker, person: Person) -> bool:
    """Whether the worker may change this client's details."""
    return can_make_people(worker, person.controller_id)


def require_people(worker: Worker) -> None:
    """Raise PermissionDenied for a worker for whom no client can exist."""
    if not can_see_people(worker):
        raise PermissionDenied


def is_shielded(person: Person) -> bool:
    """Whether no page may say where the person lives: by an own non-disclosure, or by that of somebody close."""
    return person.pk in shielding.shielded([person])


def can_protect(worker: Worker, person: Person) -> bool:
    """Whether the worker may set and renew a non-disclosure: whoever may change the client, for safety comes first."""
    return can_change(worker, person)


def can_see_protected(worker: Worker, person: Person) -> bool:
    """Whether the worker may open what a non-disclosure hides, and end it."""
    return can_see_some_protected(worker) and person.controller_id in worker.controller_codes


def can_see_some_protected(worker: Worker) -> bool:
    """Whether the worker may open what any non-disclosure hides."""
    return can_see_people(worker) and staff_access.allows(worker, Permission.SEE_PROTECTED)


def require_protected(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied for a worker who may not open what this person's non-disclosure hides."""
    if not can_see_protected(worker, person):
        raise PermissionDenied


def require_place(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied where a page would show the place of somebody close to a protected person.

    The form of the protected person shows none.
    """
    if not person.is_protected and is_shielded(person) and not can_see_protected(worker, person):
        raise PermissionDenied


def visible_protections(viewer: Worker) -> QuerySet[Protection]:
    """The only door to running protections: for whoever may open them."""
    if not can_see_some_protected(viewer):
        return Protection.objects.none()
    return Protection.objects.filter(controller_id__in=viewer.controller_codes, ended_at__isnull=True)
