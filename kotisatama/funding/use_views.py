"""The use of the joint service beside the municipalities' parts, and the settlement of a year."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotisatama.funding import access, actions, claim_forms, project_forms, settling, use
from kotisatama.funding.models import Project, Settlement
from kotisatama.funding.project_views import kept, opened
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


def _form(request: StaffRequest) -> claim_forms.SettlementForm:
    wishes = request.GET if "way" in request.GET else {"way": Settlement.Way.SHARE}
    return claim_forms.SettlementForm(wishes)


def _proposal(
    form: claim_forms.SettlementForm, project: Project, found: list[use.UseLine], year: int
) -> settling.Proposal | None:
    """The proposal by the key that is asked for; None when there can be none, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return settling.propose(project, found, year=year, weight=form.share_of_use())
    except NotAllowed as reason:
        form.add_error(None, str(reason))
        return None


@require_safe
@requires(Permission.SEE_FUNDING)
def used(request: StaffRequest, project: int, year: int) -> HttpResponse:
    """Contacts by municipality and line beside the agreed parts; a proposal, or what was agreed."""
    found = opened(request, project, "use.viewed", year=year)
    if year not in use.years(found):
        raise Http404(str(year))
    rows, form = use.lines(request.user, found, year), _form(request)
    agreed = access.visible_settlements(request.user, found).filter(year=year).select_related("agreed_by").first()
    proposal = None if agreed else _proposal(form, found, rows, year)
    context = {
        "project": found,
        "year": year,
        "years": use.years(found),
        "rows": settling.page_rows(rows, proposal, agreed, project_forms.municipality_names()),
        "form": form,
        "proposal": proposal,
        "agreed": agreed,
        "year_code": f"year.{year}",
        "total": agreed.total if agreed else use.own_part(found, year),
        "least": use.threshold(year),
        "can_agree": access.can_manage(request.user, found) and settling.is_over(found, year),
    }
    return render(request, "funding/use.html", context)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def agree(request: StaffRequest, project: int, year: int) -> HttpResponse:
    """Freeze the settlement as the page showed it; pressed twice it is agreed once."""
    found = kept(request, project)
    if year not in use.years(found):
        raise Http404(str(year))
    form = claim_forms.SettlementForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the key again."))
        return redirect("funding:use", found.pk, year)
    way, weight, seen = form.cleaned_data["way"], form.share_of_use(), request.POST.get("seen", "")
    try:
        on = timezone.localdate()
        actions.agree(found, year=year, way=way, weight=weight, seen=seen, on=on, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The settlement is agreed and frozen."))
    return redirect("funding:use", found.pk, year)
