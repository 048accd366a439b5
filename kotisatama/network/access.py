"""Who keeps the region's own matters: service points, opening hours, mandates.

Workers live above this app, so that a viewer is known here by what it must have, not by its class.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from kotisatama.network.models import Mandate, Municipality, OpeningHours, Organisation, ServicePoint

MANAGE_REGION = "manage_region"  # a value of staff.permissions.Permission; a test there keeps them together


class Viewer(Protocol):
    """A signed-in worker, as far as this app needs one."""

    pk: int
    organisation_id: int

    @property
    def permissions(self) -> Collection[str]: ...

    @property
    def controller_codes(self) -> list[str]: ...


class RegionRequest(HttpRequest):
    """A request of a worker who manages the region."""

    user: Viewer  # type: ignore[assignment]


def manages_region(viewer: object) -> bool:
    """Whether the viewer's roles allow it."""
    return MANAGE_REGION in getattr(viewer, "permissions", ())


def require(viewer: object) -> None:
    """Raise PermissionDenied unless the viewer manages the region."""
    if not manages_region(viewer):
        raise PermissionDenied(MANAGE_REGION)


def managers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view: 403 for whoever does not manage the region."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user)
        return view(request, *args, **kwargs)

    return guarded


def visible_organisations(viewer: Viewer) -> QuerySet[Organisation]:
    """The viewer's own organisation, and those whose home is a municipality that it serves."""
    return Organisation.objects.filter(Q(pk=viewer.organisation_id) | Q(home_id__in=viewer.controller_codes))


def visible_service_points(viewer: Viewer) -> QuerySet[ServicePoint]:
    """Places in the municipalities that the viewer's organisation serves."""
    points = ServicePoint.objects.filter(municipality_id__in=viewer.controller_codes)
    return points.select_related("organisation", "municipality")


def visible_hours(viewer: Viewer) -> QuerySet[OpeningHours]:
    """Opening hours of those places."""
    return OpeningHours.objects.filter(service_point__in=visible_service_points(viewer))


def visible_controllers(viewer: Viewer) -> QuerySet[Municipality]:
    """Municipalities whose mandates the viewer may keep: those that have let the viewer's own organisation in.

    A new municipality is brought in by whoever runs the site, not by a worker for oneself.
    """
    return Municipality.objects.filter(code__in=viewer.controller_codes)


def visible_mandates(viewer: Viewer) -> QuerySet[Mandate]:
    """Mandates that those municipalities have given, to whomever."""
    mandates = Mandate.objects.filter(controller_id__in=viewer.controller_codes)
    return mandates.select_related("controller", "organisation")
