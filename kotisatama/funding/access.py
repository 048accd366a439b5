"""Who sees money, and who keeps it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from kotisatama.funding.models import Claim, Cost, CostFile, Project, Settlement
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


def visible_projects(viewer: Worker) -> QuerySet[Project]:
    """The only door to projects: of municipalities whose accounts the viewer serves, or that pay a part of them."""
    if not can_see_funding(viewer):
        return Project.objects.none()
    codes = viewer.controller_codes
    return Project.objects.filter(Q(controller_id__in=codes) | Q(partners__municipality_id__in=codes)).distinct()


def can_manage(worker: Worker, project: Project) -> bool:
    """Whether the worker keeps this project: a municipality that only pays a part of it reads."""
    return can_manage_funding(worker) and project.controller_id in worker.controller_codes


def require(worker: Worker, project: Project) -> None:
    """PermissionDenied for whoever does not keep this project."""
    if not can_manage(worker, project):
        raise PermissionDenied


def visible_costs(viewer: Worker, project: Project) -> QuerySet[Cost]:
    """The ledger of a project that the viewer sees."""
    return Cost.objects.filter(project=project, project__in=visible_projects(viewer))


def visible_claims(viewer: Worker, project: Project) -> QuerySet[Claim]:
    """The claims of a project that the viewer sees."""
    return Claim.objects.filter(project=project, project__in=visible_projects(viewer))


def visible_settlements(viewer: Worker, project: Project) -> QuerySet[Settlement]:
    """The agreed settlements of a project that the viewer sees."""
    return Settlement.objects.filter(project=project, project__in=visible_projects(viewer))


def visible_files(viewer: Worker, project: Project) -> QuerySet[CostFile]:
    """Files of the accounting: for whoever keeps the project."""
    files = CostFile.objects.filter(project=project)
    return files if can_manage(viewer, project) else files.none()


def can_see_who(viewer: Worker, project: Project) -> bool:
    """Whether initials and the accounting's own line are shown: for whoever keeps the project."""
    return can_manage(viewer, project)
