"""Screens of openings: the question before a record, the worker's own list, the lead's list."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, opening_access, opening_forms, opening_queries, queries
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PERSONS)
def ask(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Who was found, as a search shows it, and the question why the record is to be opened."""
    person = get_object_or_404(access.visible_people(request.user), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = opening_forms.AskForm(sent, initial={"next": request.GET.get("next", "")})
    if access.can_open(request.user, person):
        return redirect(_way(request.GET.get("next", ""), person))
    if form.is_valid():
        link = request.build_absolute_uri(reverse("people:openings"))
        try:
            actions.open_without_relation(person, reason=form.cleaned_data["reason"], by=request.user, link=link)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_way(form.cleaned_data["next"], person))
    audit.record("person.found", by=request.user, controllers=[person.controller_id], subject=person)
    own = opening_queries.own(request.user)
    context = {"form": form, "row": queries.card(person), "is_paused": own.is_paused, "hours": settings.OPENING_HOURS}
    return render(request, "people/ask.html", context)


def _way(wanted: str, person: Person) -> str:
    """The page that the worker was going to, else the person's own."""
    is_ours = wanted.startswith("/desk/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("people:detail", args=[person.pk])


@require_GET
@requires(Permission.SEE_PERSONS)
def own_openings(request: StaffRequest) -> HttpResponse:
    """What the worker has opened for a reason, and what the leads said."""
    audit.record("openings.own_listed", by=request.user, controllers=request.user.controller_codes)
    return render(request, "people/own_openings.html", {"own": opening_queries.own(request.user)})


@require_GET
@requires(Permission.REVIEW_OPENINGS)
def openings(request: StaffRequest) -> HttpResponse:
    """What waits for the lead, and what was reviewed."""
    audit.record("openings.listed", by=request.user, controllers=request.user.controller_codes)
    context = {
        "waiting": opening_queries.waiting(request.user),
        "reviewed": opening_queries.reviewed(request.user),
        "form": opening_forms.ReviewForm(auto_id=False),
    }
    return render(request, "people/openings.html", context)


@require_POST
@requires(Permission.REVIEW_OPENINGS)
def review(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Say whether an opening was right."""
    opening = get_object_or_404(opening_access.reviewed_openings(request.user), pk=pk)
    form = opening_forms.ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether it was right."))
        return redirect("people:openings")
    try:
        actions.review_opening(opening, verdict=form.cleaned_data["verdict"], by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The review is saved."))
    return redirect("people:openings")
