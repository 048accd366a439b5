"""Many cases at once: chosen on a list, shown with who would get what, assigned, and the way back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotisatama.audit import actions as audit
from kotisatama.cases import actions, choosing, forms, queries
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_CASES)
def assign(request: StaffRequest) -> HttpResponse:
    """Choose to whom, see who would get what, then do it."""
    if request.method == "POST":
        batch, moves = choosing.moves(request.POST)
        if batch and moves:
            try:
                actions.assign(moves, batch=batch, by=request.user)
            except NotAllowed as reason:
                messages.error(request, str(reason))
            else:
                return redirect("cases:assigned", batch)
    return _preview(request)


def _preview(request: StaffRequest) -> HttpResponse:
    """The plan of the address; after a clash made anew."""
    chosen = choosing.chosen(request.user, request.GET)
    details = {"list": chosen.asked.tab, "filters": chosen.asked.filters, "rows": len(chosen.cases)}
    audit.record("cases.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    sent = request.GET if request.GET.get("to") else None
    form = forms.AssignForm(sent, viewer=request.user, controllers=chosen.controllers)
    candidates = form.candidates() if form.is_valid() else []
    context = {"chosen": chosen, "form": form, "plan": choosing.plan(chosen, candidates, (get_language() or "fi")[:2])}
    return render(request, "cases/assign.html", context)


@require_safe
@requires(Permission.MANAGE_CASES)
def assigned(request: StaffRequest, batch: uuid.UUID) -> HttpResponse:
    """The receipt: who got what, with the way back."""
    given = queries.of_batch(request.user, batch)
    details = {"batch": str(batch), "rows": len(given)}
    audit.record("cases.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    may_undo = any(not each.went_back for each in given)
    return render(request, "cases/assigned.html", {"given": given, "batch": batch, "may_undo": may_undo})


@require_POST
@requires(Permission.MANAGE_CASES)
def assign_back(request: StaffRequest, batch: uuid.UUID) -> HttpResponse:
    """Give back what the batch gave."""
    number = actions.assign_back(batch, by=request.user)
    said = ngettext("%(number)d case went back.", "%(number)d cases went back.", number) % {"number": number}
    messages.success(request, said if number else _("Nothing was left to give back."))
    return redirect("cases:assigned", batch)
