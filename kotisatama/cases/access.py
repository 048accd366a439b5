"""Whose cases a worker sees, and who may open and close them."""

from django.db.models import QuerySet

from kotisatama.cases.models import Case
from kotisatama.people.models import Person
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission, Role


def visible_cases(viewer: Worker) -> QuerySet[Case]:
    """The only door to cases: those of the controllers whose mandate the viewer's organisation holds today."""
    if not staff_access.allows(viewer, Permission.SEE_PERSONS):
        return Case.objects.none()
    return Case.objects.filter(controller_id__in=viewer.controller_codes)


def can_open(worker: Worker, person: Person) -> bool:
    """Whether the worker may open a case for this client."""
    return staff_access.allows(worker, Permission.MANAGE_CASES) and person.controller_id in worker.controller_codes


def can_close(worker: Worker, case: Case) -> bool:
    """Whether the worker may close this case: the responsible one, and who leads a team of the same organisation.

    A case whose worker has left may be closed by everybody who manages cases in its controller.
    """
    if not staff_access.allows(worker, Permission.MANAGE_CASES) or case.controller_id not in worker.controller_codes:
        return False
    leads = Role.TEAM_LEAD in worker.roles and case.worker.organisation_id == worker.organisation_id
    return case.worker_id == worker.pk or leads or not case.worker.is_active
