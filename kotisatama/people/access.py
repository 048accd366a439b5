"""Which persons exist for a worker, and who may make or change one."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from kotisatama.people.models import ImportRow, ImportRun, Person
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


def can_import(worker: Worker) -> bool:
    """Whether the worker may bring clients over from an old register: a right of its own beside that of making them."""
    return staff_access.allows(worker, Permission.IMPORT_CLIENTS) and can_make_some(worker)


def require_people(worker: Worker) -> None:
    """Raise PermissionDenied for a worker for whom no client can exist."""
    if not can_see_people(worker):
        raise PermissionDenied


def require_import(worker: Worker) -> None:
    """Raise PermissionDenied for a worker who may not bring clients over."""
    if not can_import(worker):
        raise PermissionDenied


def visible_imports(viewer: Worker) -> QuerySet[ImportRun]:
    """The only door to imports: those for the controllers whose mandate the viewer's organisation holds today."""
    if not can_import(viewer):
        return ImportRun.objects.none()
    return ImportRun.objects.filter(controller_id__in=viewer.controller_codes)


def visible_import_rows(viewer: Worker, run: ImportRun) -> QuerySet[ImportRow]:
    """What became of the rows of an import, as far as they concern those controllers."""
    if not can_import(viewer):
        return ImportRow.objects.none()
    return ImportRow.objects.filter(run=run, controller_id__in=viewer.controller_codes)
