"""The ledger: searched and summed, a row added, changed or corrected, and the whole as a file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotisatama.funding import access, actions, cost_forms, cost_queries, project_queries
from kotisatama.funding.models import CostKind
from kotisatama.funding.project_views import kept, opened, page, tried
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

ROWS_ON_A_PAGE = 50


@require_safe
@requires(Permission.SEE_FUNDING)
def ledger(request: StaffRequest, project: int) -> HttpResponse:
    """The rows that are asked for, with their sums by kind and month."""
    found = opened(request, project, "costs.listed")
    wish = cost_forms.wish(request.GET)
    rows = cost_queries.costs(request.user, found, wish)
    sums = cost_queries.sums(rows)
    pages = Paginator(rows, ROWS_ON_A_PAGE)
    context = {
        "project": found,
        "wish": wish,
        "page": pages.get_page(request.GET.get("page")),
        "sums": sums,
        "kinds": CostKind.choices,
        "months": [month for month, _total, _rows in project_queries.months_of(found)],
        "may_manage": access.can_manage(request.user, found),
        "sees_who": access.can_see_who(request.user, found),
    }
    return render(request, "funding/ledger.html", context)


@require_safe
@requires(Permission.SEE_FUNDING)
def export(request: StaffRequest, project: int) -> HttpResponse:
    """The rows that are asked for as CSV."""
    found = opened(request, project, "costs.exported")
    rows = cost_queries.costs(request.user, found, cost_forms.wish(request.GET))
    content = cost_queries.as_csv(rows, sees_who=access.can_see_who(request.user, found))
    headers = {
        "Content-Disposition": f'attachment; filename="costs-{found.pk}.csv"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@page
@requires(Permission.MANAGE_FUNDING)
def add(request: StaffRequest, project: int) -> HttpResponse:
    """A new row."""
    found = kept(request, project)
    form = cost_forms.NewCostForm(request.POST or None, initial={"funding_line": found.funding_line})

    def act() -> None:
        actions.add_cost(found, key=form.cleaned_data["key"], fields=form.cost_fields(), by=request.user)

    if tried(form, act):
        messages.success(request, _("The cost is in the ledger."))
        return redirect("funding:ledger", found.pk)
    return render(request, "funding/form.html", {"form": form, "project": found, "title": _("New cost")})


@page
@requires(Permission.MANAGE_FUNDING)
def change(request: StaffRequest, project: int, cost: int) -> HttpResponse:
    """A row that no claim has taken."""
    found = kept(request, project)
    row = get_object_or_404(access.visible_costs(request.user, found), pk=cost)
    form = cost_forms.CostForm(request.POST or None, initial=cost_forms.initial_of(row))

    def act() -> None:
        version = form.cleaned_data["version"]
        actions.change_cost(row, fields=form.cost_fields(), version=version, by=request.user)

    if tried(form, act):
        messages.success(request, _("The cost is saved."))
        return redirect("funding:why", found.pk, f"cost.{row.pk}")
    return render(request, "funding/form.html", {"form": form, "project": found, "title": _("Change the cost")})


@page
@requires(Permission.MANAGE_FUNDING)
def correct(request: StaffRequest, project: int, cost: int) -> HttpResponse:
    """A further row that corrects one; the corrected row stays as it is."""
    found = kept(request, project)
    row = get_object_or_404(access.visible_costs(request.user, found), pk=cost)
    form = cost_forms.NewCostForm(request.POST or None, initial=cost_forms.initial_correction(row))

    def act() -> None:
        key, fields = form.cleaned_data["key"], form.cost_fields()
        actions.add_cost(found, key=key, fields=fields, corrects=row, by=request.user)

    if tried(form, act):
        messages.success(request, _("The correction is in the ledger."))
        return redirect("funding:why", found.pk, f"cost.{row.pk}")
    text = _("The row stays as it is; this one takes back what was too much. Its own voucher says why.")
    context = {"form": form, "project": found, "title": _("Correct the cost"), "text": text}
    return render(request, "funding/form.html", context)


@require_POST
@requires(Permission.MANAGE_FUNDING)
def remove(request: StaffRequest, project: int, cost: int) -> HttpResponse:
    """Take a row away that no claim has taken."""
    found = kept(request, project)
    row = access.visible_costs(request.user, found).filter(pk=cost).first()
    try:
        if row:
            actions.remove_cost(row, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    return redirect("funding:ledger", found.pk)
