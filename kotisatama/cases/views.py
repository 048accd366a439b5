"""Opening and closing a case, from the person's page."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kotisatama.audit import actions as audit
from kotisatama.cases import access, actions, forms
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access as people_access
from kotisatama.people import actions as people
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_CASES)
def open_case(request: StaffRequest, person_pk: uuid.UUID) -> HttpResponse:
    """Open a case for a client."""
    person = people.open_person(person_pk, by=request.user)
    form = forms.OpenCaseForm(request.POST or None)
    if form.is_valid():
        try:
            actions.open_case(person, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The case is open."))
            return redirect("people:detail", person.pk)
    return render(request, "cases/open.html", {"person": person, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_CASES)
def close_case(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a case with its outcome."""
    case = get_object_or_404(access.visible_cases(request.user).select_related("person"), pk=pk)
    details = {"purpose": people_access.require_openable(request.user, case.person_id)}
    audit.record("case.viewed", by=request.user, controllers=[case.controller_id], subject=case, details=details)
    form = forms.CloseCaseForm(request.POST or None)
    if form.is_valid():
        try:
            actions.close_case(case, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The case is closed."))
            return redirect("people:detail", case.person_id)
    return render(request, "cases/close.html", {"case": case, "form": form})
