"""Screens of a client's rights: consents, the extract, what is to be put right, what rests, what is held."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, rights_forms, rights_queries
from kotisatama.people.consents import text as consent_text
from kotisatama.people.models import Person
from kotisatama.privacy import access as privacy_access
from kotisatama.privacy import actions as privacy_actions
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


def _person(request: StaffRequest, pk: uuid.UUID) -> Person:
    return get_object_or_404(access.people_with_rights(request.user), pk=pk)


def _viewed(request: StaffRequest, person: Person) -> None:
    details = {"page": "rights"}
    audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person, details=details)


@require_http_methods(["GET", "POST"])
@requires(Permission.EXPORT_PERSON)
def find(request: StaffRequest) -> HttpResponse:
    """Find the client who asks; sent by POST, so that no identity code stands in an address or a server's log."""
    asked = request.POST.get("q", "").strip()
    found = rights_queries.find(request.user, asked) if asked else []
    if asked:
        details = {"found": len(found)}
        audit.record("persons.searched", by=request.user, controllers=request.user.controller_codes, details=details)
    return render(request, "people/rights/find.html", {"found": found, "asked": asked})


@require_safe
def rights(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What the client has agreed to and asked for, and how long the data is kept."""
    person = _person(request, pk)
    _viewed(request, person)
    context = {
        "person": person,
        "rights": rights_queries.rights_of(person),
        "may_manage": access.can_manage_rights(request.user, person),
        "may_consent": access.can_change(request.user, person),
        "may_hold": privacy_access.can_manage(request.user, person.controller_id),
    }
    return render(request, "people/rights/rights.html", context)


@require_POST
@requires(Permission.EXPORT_PERSON)
def extract(request: StaffRequest, pk: uuid.UUID, form: str) -> HttpResponse:
    """Everything held about the client, to be read in the client's language, or as JSON."""
    person = _person(request, pk)
    language = rights_queries.readers_language(person)
    if form not in {"page", "json"}:
        raise Http404(form)
    found = actions.export_person(person, language=language, form=form, by=request.user)
    if form == "json":
        headers = {"Content-Disposition": f'attachment; filename="{person.pk}.json"'}
        return JsonResponse(found.to_json(), headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})
    with override(language):
        return render(request, "people/rights/extract.html", {"person": person, "extract": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def new_consent(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """First what it is about, then the text to be read and the way in which the client agreed."""
    person = _person(request, pk)
    _viewed(request, person)
    what = rights_forms.WhatForm(
        request.GET or None,
        recipients=rights_queries.recipients(),
        languages=rights_queries.text_languages(person),
    )
    form = rights_forms.GivenForm(request.POST or None)
    shown = consent_text(**what.cleaned_data) if what.is_valid() else None
    if shown and request.method == "POST" and form.is_valid():
        try:
            actions.give_consent(person, **what.cleaned_data, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The consent is saved."))
            return redirect("people:rights", person.pk)
    return render(request, "people/rights/consent.html", {"person": person, "what": what, "form": form, "shown": shown})


@require_safe
@requires(Permission.EDIT_PERSONS)
def print_consent(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The text on paper, in the client's language, with a line to sign on."""
    person = _person(request, pk)
    _viewed(request, person)
    languages = rights_queries.text_languages(person)
    what = rights_forms.WhatForm(request.GET, recipients=rights_queries.recipients(), languages=languages)
    if not what.is_valid():
        raise Http404
    shown = consent_text(**what.cleaned_data)
    with override(shown.language):
        return render(request, "people/rights/consent_print.html", {"person": person, "shown": shown})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def withdraw_consent(request: StaffRequest, pk: uuid.UUID, consent_pk: uuid.UUID) -> HttpResponse:
    """The client takes a consent back."""
    person = _person(request, pk)
    _viewed(request, person)
    consent = get_object_or_404(person.consents.select_related("recipient"), pk=consent_pk)
    form = rights_forms.WithdrawnForm(request.POST or None)
    if form.is_valid():
        actions.withdraw_consent(consent, way=form.cleaned_data["way"], by=request.user)
        messages.success(request, _("The consent is withdrawn. It allows nothing from now on."))
        return redirect("people:rights", person.pk)
    return render(request, "people/rights/withdraw.html", {"person": person, "consent": consent, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.EXPORT_PERSON)
def ask_rectification(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down what the client wants put right."""
    person = _person(request, pk)
    _viewed(request, person)
    form = rights_forms.RectificationForm(request.POST or None)
    if form.is_valid():
        try:
            actions.ask_rectification(person, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The request is saved."))
            return redirect("people:rights", person.pk)
    return render(request, "people/rights/one_form.html", {"person": person, "form": form, "page": "rectification"})


@require_http_methods(["GET", "POST"])
@requires(Permission.EXPORT_PERSON)
def decide_rectification(request: StaffRequest, pk: uuid.UUID, request_pk: uuid.UUID) -> HttpResponse:
    """Decide a request."""
    person = _person(request, pk)
    _viewed(request, person)
    asked = get_object_or_404(person.rectifications.all(), pk=request_pk)
    form = rights_forms.DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            actions.decide_rectification(asked, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The decision is saved."))
            return redirect("people:rights", person.pk)
    context = {"person": person, "form": form, "page": "decision", "asked": asked}
    return render(request, "people/rights/one_form.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EXPORT_PERSON)
def restrict(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the client's data rest."""
    person = _person(request, pk)
    _viewed(request, person)
    form = rights_forms.RestrictionForm(request.POST or None)
    if form.is_valid():
        try:
            actions.restrict(person, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The use of the data is restricted."))
            return redirect("people:rights", person.pk)
    return render(request, "people/rights/one_form.html", {"person": person, "form": form, "page": "restriction"})


@require_POST
@requires(Permission.EXPORT_PERSON)
def lift_restriction(request: StaffRequest, pk: uuid.UUID, restriction_pk: uuid.UUID) -> HttpResponse:
    """Let the data be used again."""
    person = _person(request, pk)
    actions.lift_restriction(get_object_or_404(person.restrictions.all(), pk=restriction_pk), by=request.user)
    messages.success(request, _("The data may be used again."))
    return redirect("people:rights", person.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY)
def hold(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Delete nothing of the client until a day."""
    person = _person(request, pk)
    _viewed(request, person)
    form = rights_forms.HoldForm(request.POST or None)
    if form.is_valid():
        try:
            privacy_actions.hold(person.pk, controller=person.controller_id, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error("until", str(reason))
        else:
            messages.success(request, _("Nothing of this client is deleted until that day."))
            return redirect("people:rights", person.pk)
    return render(request, "people/rights/one_form.html", {"person": person, "form": form, "page": "hold"})
