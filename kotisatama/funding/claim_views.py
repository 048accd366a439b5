"""Claims: drawn up, looked at, sent, paid, and taken out as a document; and why each euro is there."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotisatama.funding import access, actions, chains, claim_documents, claim_forms, claim_queries, why
from kotisatama.funding.models import Claim
from kotisatama.funding.project_forms import reader
from kotisatama.funding.project_views import kept, opened, page, tried
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

PARTS_ON_A_PAGE = 100


@page
@requires(Permission.MANAGE_FUNDING)
def add(request: StaffRequest, project: int) -> HttpResponse:
    """A claim for a period."""
    found = kept(request, project)
    form = claim_forms.PeriodForm(request.POST or None, initial=claim_forms.next_period(found))
    made: list[Claim] = []
    if tried(form, lambda: made.append(actions.draw_up(found, **form.cleaned_data, by=request.user))):
        return redirect("funding:claim", found.pk, made[0].number)
    text = _("All accepted costs of the period that no claim has taken, and those that came late for an earlier one.")
    context = {"form": form, "project": found, "title": _("New claim"), "text": text}
    return render(request, "funding/form.html", context)


def _claim(request: StaffRequest, project: int, number: int) -> Claim:
    found = opened(request, project, "claim.viewed", claim=number)
    return get_object_or_404(claim_queries.claims(request.user, found), number=number)


@require_safe
@requires(Permission.SEE_FUNDING)
def claim(request: StaffRequest, project: int, number: int) -> HttpResponse:
    """The figures of a claim, each of which opens into its chain."""
    return _shown(request, _claim(request, project, number), None)


def _shown(request: StaffRequest, found: Claim, form: claim_forms.PaymentForm | None) -> HttpResponse:
    counted = claim_queries.counted(found)
    today = timezone.localdate()
    context = {
        "project": found.project,
        "claim": found,
        "counted": counted,
        "figures": chains.figures(counted),
        "kinds": chains.kinds(counted),
        "payment": form or claim_forms.PaymentForm(initial={"on": today, "amount": found.grant}),
        "may_manage": access.can_manage(request.user, found.project),
        "can_send": found.state == Claim.State.DRAFT and today > found.ends_on and counted.calculation.accepted > 0,
        "is_over": today > found.ends_on,
    }
    return render(request, "funding/claim.html", context)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def send(request: StaffRequest, project: int, number: int) -> HttpResponse:
    """Freeze the claim as the page showed it; pressed twice it is sent once."""
    found = _claim(request, project, number)
    try:
        actions.send(found, seen=request.POST.get("seen", ""), on=timezone.localdate(), by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The claim is frozen. Its document can be sent to the funder."))
    return redirect("funding:claim", found.project_id, found.number)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def pay(request: StaffRequest, project: int, number: int) -> HttpResponse:
    """The funder has paid."""
    found = _claim(request, project, number)
    form = claim_forms.PaymentForm(request.POST)

    def act() -> None:
        given = form.cleaned_data
        actions.note_payment(found, on=given["on"], amount=given["amount"], by=request.user)

    if tried(form, act):
        messages.success(request, _("The payment is noted."))
        return redirect("funding:claim", found.project_id, found.number)
    return _shown(request, found, form)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def drop(request: StaffRequest, project: int, number: int) -> HttpResponse:
    """Throw a draft away."""
    kept_project = kept(request, project)
    found = claim_queries.claims(request.user, kept_project).filter(number=number).first()
    try:
        if found:
            actions.drop(found, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    return redirect("funding:project", kept_project.pk)


@require_safe
@requires(Permission.SEE_FUNDING)
def document(request: StaffRequest, project: int, number: int, form: str) -> HttpResponse:
    """The claim with its annex as PDF or CSV."""
    if form not in claim_documents.WRITERS:
        raise Http404(form)
    found = opened(request, project, "claim.exported", claim=number, form=form)
    counted = claim_queries.counted(get_object_or_404(claim_queries.claims(request.user, found), number=number))
    write, kind = claim_documents.WRITERS[form]
    sees_who = access.can_see_who(request.user, found)
    headers = {
        "Content-Disposition": f'attachment; filename="claim-{found.pk}-{number}.{form}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(write(counted, reader(), sees_who), content_type=kind, headers=headers)


@require_safe
@requires(Permission.SEE_FUNDING)
def why_this(request: StaffRequest, project: int, code: str) -> HttpResponse:
    """How a figure was made: its parts, its rule, and the way back."""
    found = opened(request, project, "figure.viewed", figure=code[:60])
    step = why.step(request.user, found, code)
    if step is None:
        raise Http404(code)
    came_from = request.GET.get("from", "")
    pages = Paginator(step.parts, PARTS_ON_A_PAGE)
    context = {
        "project": found,
        "step": step,
        "page": pages.get_page(request.GET.get("page")),
        "back": came_from if re.fullmatch(r"[a-z0-9_.-]{1,80}", came_from) else step.parent,
        "claim": why.claim_number(code),
        "cost": why.changeable(request.user, found, step),
        "may_manage": access.can_manage(request.user, found),
    }
    return render(request, "funding/why.html", context)
