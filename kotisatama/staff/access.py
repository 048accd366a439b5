"""What a worker may do at all; each app asks further whose rows these are."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kotisatama.kernel.errors import AskFirst
from kotisatama.network.models import Organisation, ServicePoint
from kotisatama.staff.models import Team, Worker
from kotisatama.staff.permissions import CLIENT_DATA, Permission

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of a signed-in worker."""

    user: Worker


def allows(worker: object, permission: Permission) -> bool:
    """Whether the worker's roles hold the permission."""
    return isinstance(worker, Worker) and worker.is_active and permission in worker.permissions


def sees_client_data(worker: object) -> bool:
    """Whether a second factor is compulsory for the worker in production."""
    return isinstance(worker, Worker) and bool(worker.permissions & CLIENT_DATA)


def require(worker: object, permission: Permission) -> None:
    """Raise PermissionDenied unless the worker's roles hold the permission."""
    if not allows(worker, permission):
        raise PermissionDenied(permission.value)


def visible_organisations(viewer: Worker) -> QuerySet[Organisation]:
    """The viewer's own organisation, and those whose home is a municipality that the viewer's organisation serves."""
    return Organisation.objects.filter(Q(pk=viewer.organisation_id) | Q(home_id__in=viewer.controller_codes))


def visible_workers(viewer: Worker) -> QuerySet[Worker]:
    """The only door to workers: those of the organisations that the viewer sees, for whoever manages workers."""
    if not allows(viewer, Permission.MANAGE_WORKERS):
        return Worker.objects.none()
    workers = Worker.objects.filter(organisation__in=visible_organisations(viewer))
    return workers.select_related("organisation", "team", "service_point")


def visible_teams(viewer: Worker) -> QuerySet[Team]:
    """Teams of the organisations that the viewer sees."""
    return Team.objects.filter(organisation__in=visible_organisations(viewer)).select_related("organisation")


def visible_service_points(viewer: Worker) -> QuerySet[ServicePoint]:
    """Places of the organisations that the viewer sees, where a worker may sit."""
    return ServicePoint.objects.filter(organisation__in=visible_organisations(viewer))


def can_change_worker(viewer: Worker, worker: Worker) -> bool:
    """Whether the viewer manages this worker's account."""
    return visible_workers(viewer).filter(pk=worker.pk).exists()


View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def requires(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Decorate a view: only for workers whose roles hold the permission, else 403.

    What raises `AskFirst` sends the worker to the page that it names.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(request.user, permission)
            try:
                return view(request, *args, **kwargs)
            except AskFirst as question:
                back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
                return redirect(question.address + back)

        return guarded

    return decorate
