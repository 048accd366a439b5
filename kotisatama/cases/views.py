"""One case: opening, reading, changing, closing and opening it again."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.cases import access, actions, forms, queries
from kotisatama.cases.models import Case
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions as people
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


def opened(request: StaffRequest, pk: uuid.UUID) -> Case:
    """The case of an address, with its line of the trail; 404 when it does not exist for the worker."""
    case = get_object_or_404(queries.opened(request.user), pk=pk)
    audit.record("case.viewed", by=request.user, controllers=[case.controller_id], subject=case)
    return case


@require_GET
@requires(Permission.SEE_PERSONS)
def detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One case with its history, and what can be done with it now."""
    case = opened(request, pk)
    return render(request, "cases/detail.html", page_of(request, case))


def page_of(request: StaffRequest, case: Case) -> dict[str, object]:
    """What the page of a case shows."""
    worker, waiting = request.user, queries.waiting_transfer(case)
    may_answer = waiting is not None and access.can_answer(worker, waiting)
    return {
        "case": case,
        "history": queries.history(case),
        "overlaps": queries.overlap_of(case),
        "waiting": waiting,
        "may_change": access.can_change(worker, case),
        "may_close": access.can_close(worker, case),
        "may_reopen": access.can_reopen(worker, case),
        "may_answer": may_answer,
        "may_withdraw": waiting is not None and access.can_withdraw(worker, waiting),
        "reject_form": forms.RejectForm() if may_answer else None,
    }


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
def change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Change the reasons and the place of the plan."""
    case = opened(request, pk)
    form = forms.ChangeCaseForm(request.POST or None, initial=forms.initial_of(case))
    if form.is_valid():
        try:
            actions.change_case(case, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("cases:detail", case.pk)
    return render(request, "cases/change.html", {"case": case, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_CASES)
def close_case(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a case with its outcome."""
    case = opened(request, pk)
    form = forms.CloseCaseForm(request.POST or None, initial={"version": case.version})
    if form.is_valid():
        try:
            actions.close_case(case, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The case is closed."))
            return redirect("people:detail", case.person_id)
    return render(request, "cases/close.html", {"case": case, "form": form})


@require_POST
@requires(Permission.MANAGE_CASES)
def reopen(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the closing of the last days back."""
    case = get_object_or_404(queries.opened(request.user), pk=pk)
    try:
        actions.reopen_case(case, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The case is open again."))
    return redirect("cases:detail", case.pk)
