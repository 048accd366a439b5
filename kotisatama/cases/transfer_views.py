"""A case on its way: offering it, and the receiver's answer."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kotisatama.cases import actions, forms, queries, views
from kotisatama.cases.models import Transfer
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_CASES)
def propose(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Offer the case to a worker or a team."""
    case = views.opened(request, pk)
    form = forms.TransferForm(
        request.POST or None,
        initial={"version": case.version},
        viewer=request.user,
        controllers=[case.controller_id],
    )
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("why", "version")}
        try:
            actions.propose_transfer(case, worker=form.to_worker(), team=form.to_team(), by=request.user, **given)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The case is offered. It stays with its worker until the answer."))
            return redirect("cases:detail", case.pk)
    return render(request, "cases/transfer.html", {"case": case, "form": form, "days": queries.overlap_days()})


def _transfer(request: StaffRequest, pk: uuid.UUID) -> Transfer:
    return get_object_or_404(queries.transfers(request.user), pk=pk)


@require_POST
@requires(Permission.MANAGE_CASES)
def accept(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the case."""
    transfer = _transfer(request, pk)
    try:
        actions.accept_transfer(transfer, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The case is yours now."))
    return redirect("cases:detail", transfer.case_id)


@require_POST
@requires(Permission.MANAGE_CASES)
def reject(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Say no, and why."""
    transfer, form = _transfer(request, pk), forms.RejectForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why the transfer is rejected."))
        return redirect("cases:detail", transfer.case_id)
    try:
        actions.reject_transfer(transfer, refusal=form.cleaned_data["refusal"], by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The transfer is rejected. The case stays with its worker."))
    return redirect("cases:list")


@require_POST
@requires(Permission.MANAGE_CASES)
def withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the offer back."""
    transfer = _transfer(request, pk)
    try:
        actions.withdraw_transfer(transfer, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The transfer is withdrawn."))
    return redirect("cases:detail", transfer.case_id)
