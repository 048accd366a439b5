"""Pages about service points, opening hours and mandates, for whoever manages the region."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import access, actions, forms
from kotisatama.network.access import RegionRequest


@access.managers_only
def region(request: RegionRequest) -> HttpResponse:
    """The places and the mandates."""
    context = {
        "points": access.visible_service_points(request.user),
        "mandates": access.visible_mandates(request.user).order_by("controller__name_fi", "valid_from"),
        "today": timezone.localdate(),
    }
    return render(request, "network/region.html", context)


@access.managers_only
def service_point(request: RegionRequest, pk: int) -> HttpResponse:
    """One place, with its opening hours."""
    point = get_object_or_404(access.visible_service_points(request.user), pk=pk)
    form = forms.ServicePointForm(request.POST or None, point=point)
    if form.is_valid():
        actions.change_service_point(point, **form.changes(), by=request.user)
        messages.success(request, _("The service point was saved."))
        return redirect("network:region")
    hours = access.visible_hours(request.user).filter(service_point=point).order_by("weekday", "opens_at")
    context = {"form": form, "point": point, "hours": hours, "today": timezone.localdate()}
    return render(request, "network/service_point.html", context)


@access.managers_only
def new_hours(request: RegionRequest, pk: int) -> HttpResponse:
    """Add opening hours to a place."""
    point = get_object_or_404(access.visible_service_points(request.user), pk=pk)
    form = forms.OpeningHoursForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_opening_hours(point, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The opening hours were added."))
            return redirect("network:service-point", point.pk)
    return render(request, "network/new_hours.html", {"form": form, "point": point})


@access.managers_only
def end_hours(request: RegionRequest, pk: int) -> HttpResponse:
    """Say on which day these opening hours hold for the last time."""
    hours = get_object_or_404(access.visible_hours(request.user).select_related("service_point"), pk=pk)
    form = forms.LastDayForm(request.POST or None)
    if form.is_valid():
        actions.end_opening_hours(hours, **form.cleaned_data, by=request.user)
        messages.success(request, _("The opening hours were ended."))
        return redirect("network:service-point", hours.service_point_id)
    return render(request, "network/end_hours.html", {"form": form, "hours": hours})


@access.managers_only
def new_mandate(request: RegionRequest) -> HttpResponse:
    """Let an organisation serve a municipality's clients."""
    form = forms.MandateForm(request.POST or None, viewer=request.user)
    if form.is_valid():
        try:
            actions.give_mandate(**form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The mandate was given."))
            return redirect("network:region")
    return render(request, "network/new_mandate.html", {"form": form})


@access.managers_only
def end_mandate(request: RegionRequest, pk: int) -> HttpResponse:
    """Say which day is the last one of a mandate."""
    mandate = get_object_or_404(access.visible_mandates(request.user), pk=pk)
    form = forms.LastDayForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_mandate(mandate, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The mandate was ended."))
            return redirect("network:region")
    return render(request, "network/end_mandate.html", {"form": form, "mandate": mandate})
