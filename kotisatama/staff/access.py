"""What a worker may do at all; each app asks further whose rows these are."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import CLIENT_DATA, Permission


P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of a signed-in worker."""

    user: Worker  # type: ignore[assignment]


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


View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def requires(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Decorate a view: only for workers whose roles hold the permission, else 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(request.user, permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
