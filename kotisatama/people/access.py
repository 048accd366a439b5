"""Which persons exist for a worker, and who may make or change one."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from kotisatama.network.models import Organisation
from kotisatama.people.models import Consent, Person
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


def people_with_rights(viewer: Worker) -> QuerySet[Person]:
    """The door to a client's rights: for client work, and for the data protection officer, who opens no record else."""
    if staff_access.allows(viewer, Permission.MANAGE_PRIVACY):
        return Person.objects.filter(controller_id__in=viewer.controller_codes)
    return visible_people(viewer)


def can_export(worker: Worker, person: Person) -> bool:
    """Whether the worker gives this client everything that is held about them."""
    return staff_access.allows(worker, Permission.EXPORT_PERSON) and person.controller_id in worker.controller_codes


def can_manage_rights(worker: Worker, person: Person) -> bool:
    """Whether the worker decides what the client asks: those who may give the extract."""
    return can_export(worker, person)


def require_rights(worker: Worker, person: Person) -> None:
    """Raise PermissionDenied for whoever may not."""
    if not can_manage_rights(worker, person):
        raise PermissionDenied


def has_consent(person: Person, purpose: str, recipient: Organisation | None, on: date) -> bool:
    """Whether the client's data may be used for this purpose, and given to this recipient, on a day.

    Asked at each use: a consent that was withdrawn today is none from that moment on.
    """
    in_force = Q(until__isnull=True) | Q(until__gte=on)
    not_withdrawn = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on)
    found = Consent.objects.filter(in_force, not_withdrawn, person=person, purpose=purpose, given_on__lte=on)
    return found.filter(recipient=recipient).exists()
