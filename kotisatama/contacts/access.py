"""Whose contacts a worker sees, and which may be changed."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from kotisatama.contacts.models import Contact
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_contacts(viewer: Worker) -> QuerySet[Contact]:
    """The only door to contacts: those of the viewer's controllers; whoever only records sees the own ones."""
    if not can_record(viewer) and not staff_access.allows(viewer, Permission.SEE_CONTACTS):
        return Contact.objects.none()
    contacts = Contact.objects.filter(controller_id__in=viewer.controller_codes)
    return contacts if sees_colleagues(viewer) else contacts.filter(worker=viewer)


def sees_colleagues(viewer: Worker) -> bool:
    """Whether contacts that others recorded exist for the viewer."""
    return staff_access.allows(viewer, Permission.SEE_CONTACTS)


def can_record(worker: Worker) -> bool:
    """Whether the worker records contacts, and for some controller."""
    return staff_access.allows(worker, Permission.RECORD_CONTACTS) and bool(worker.controller_codes)


def can_change(worker: Worker, contact: Contact) -> bool:
    """Whether the worker may change this contact: the own ones, and colleagues' for whoever sees them."""
    if not can_record(worker) or contact.controller_id not in worker.controller_codes:
        return False
    return contact.worker_id == worker.pk or sees_colleagues(worker)


def require_recording(worker: Worker) -> None:
    """Raise PermissionDenied for a worker who records no contacts."""
    if not can_record(worker):
        raise PermissionDenied


def can_undo(worker: Worker, contact: Contact) -> bool:
    """Whether the page offers to take the contact back: the own one, on its day, not of a form that was sent in."""
    is_same_day = timezone.localdate(contact.created_at) == timezone.localdate()
    return can_change(worker, contact) and contact.worker_id == worker.pk and is_same_day and not contact.submission_id
