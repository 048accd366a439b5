"""Which persons exist for a worker, and who may make or change one."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from kotisatama.people import rules
from kotisatama.people.models import Person
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


def require_current(person: Person | None) -> None:
    """Raise NotAllowed, with a sentence, for an archived person: nothing new is written on that page."""
    if person:
        rules.check_current(Person.objects.only("merged_into", "archived_on").get(pk=person.pk))


def require_people(worker: Worker) -> None:
    """Raise PermissionDenied for a worker for whom no client can exist."""
    if not can_see_people(worker):
        raise PermissionDenied
