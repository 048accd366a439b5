"""Who may see and handle a period of guidance."""

from django.db.models import QuerySet

from kotisatama.cases.models import Case
from kotisatama.people.models import Person
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_cases(viewer: Worker) -> QuerySet[Case]:
    """The only door to cases: those of the controllers whose mandate the viewer's organisation holds."""
    if not staff.allows(viewer, Permission.SEE_PERSONS):
        return Case.objects.none()
    return Case.objects.filter(controller__in=viewer.controller_codes)


def can_open(worker: Worker, person: Person) -> bool:
    """Whether the worker may begin a period of guidance with the person."""
    return staff.allows(worker, Permission.MANAGE_CASES) and person.controller_id in worker.controller_codes


def can_close(worker: Worker, case: Case) -> bool:
    """Whoever is responsible, or who leads a team of the same organisation."""
    if not staff.allows(worker, Permission.MANAGE_CASES) or case.controller_id not in worker.controller_codes:
        return False
    leads = "team_lead" in worker.roles and case.worker.organisation_id == worker.organisation_id
    return case.worker_id == worker.pk or leads
