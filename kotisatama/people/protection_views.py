"""Screens of a non-disclosure: set, renewed, ended, opened for a reason, and which of them end soon."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, protection_forms, queries
from kotisatama.people.models import Person, Protection
from kotisatama.people.protection_said import said
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


def _person(request: StaffRequest, pk: uuid.UUID) -> Person:
    """The client, with a line: each of these pages names somebody."""
    return actions.open_person(pk, by=request.user)


def _running(request: StaffRequest, pk: uuid.UUID) -> Protection:
    person = access.openable_or_ask(request.user, pk)
    return get_object_or_404(access.visible_protections(request.user).select_related("person"), person=person)


@require_GET
@requires(Permission.SEE_PROTECTED)
def ending(request: StaffRequest) -> HttpResponse:
    """Non-disclosures that end soon or should have ended."""
    found = list(queries.ending_soon(request.user))
    details = {"found": len(found)}
    audit.record("protections.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    return render(request, "people/protections.html", {"found": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def protect(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Set a non-disclosure: from the moment of saving, no page tells where the person is."""
    person = _person(request, pk)
    initial = protection_forms.initial_of_set(person)
    form = protection_forms.SetForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.set_protection(person, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error("ends_on", str(reason))
        else:
            messages.success(request, _("The non-disclosure is set. Where the person lives and is met is hidden now."))
            return redirect("people:detail", person.pk)
    return render(request, "people/protect.html", {"person": person, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def renew(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Let it run longer."""
    person = _person(request, pk)
    protection = queries.running_protection(person)
    if not protection:
        return redirect("people:detail", person.pk)
    initial = protection_forms.initial_of_renewal(protection)
    form = protection_forms.RenewForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.renew_protection(protection, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error("ends_on", str(reason))
        else:
            messages.success(request, _("The non-disclosure is renewed."))
            return redirect("people:detail", person.pk)
    return render(request, "people/renew.html", {"person": person, "protection": protection, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PROTECTED)
def end(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """End it after asking once more; everything stands again where it stood."""
    person = _person(request, pk)
    protection = queries.running_protection(person)
    if not protection:
        return redirect("people:detail", person.pk)
    form = protection_forms.EndForm(request.POST or None, initial={"version": protection.version})
    if form.is_valid():
        try:
            actions.end_protection(protection, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The non-disclosure has ended. The details are shown again."))
            return redirect("people:detail", person.pk)
    return render(request, "people/end.html", {"person": person, "protection": protection, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PROTECTED)
def protected(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything hidden, for a reason: asked by GET, shown by POST alone, so that no address opens it."""
    person = access.openable_or_ask(request.user, pk)
    form = protection_forms.LookForm(request.POST or None)
    context: dict[str, object] = {"person": person, "form": form}
    try:
        if form.is_valid():
            opened = actions.open_protected(person, reason=form.cleaned_data["reason"], by=request.user)
            initial = protection_forms.initial_of_details(opened.protection, opened.details)
            context |= said(opened) | {"details_form": protection_forms.DetailsForm(initial=initial)}
            return render(request, "people/protected.html", context)
    except NotAllowed as reason:
        form.add_error(None, str(reason))
    if not access.can_see_protected(request.user, person):
        raise PermissionDenied
    audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person)
    return render(request, "people/protected.html", context)


@never_cache
@require_POST
@requires(Permission.SEE_PROTECTED)
def change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct what is hidden; a mistake shows the page again with what was typed."""
    protection = _running(request, pk)
    form = protection_forms.DetailsForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.change_protected(protection, details=form.details(), version=version, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("people:detail", pk)
    person = protection.person
    audit.record("protection.change_refused", by=request.user, controllers=[person.controller_id], subject=person)
    return render(request, "people/protected.html", {"person": person, "details_form": form})
