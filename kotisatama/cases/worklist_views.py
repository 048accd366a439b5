"""The lists that a worker works from, on the screen and as a file."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kotisatama.audit import actions as audit
from kotisatama.cases import access, exporting, worklists
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

ROWS_ON_A_PAGE = 50


def _reader() -> str:
    return (get_language() or "fi")[:2]


@require_safe
@requires(Permission.MANAGE_CASES)
def worklist(request: StaffRequest) -> HttpResponse:
    """One list with its filters, and the number of cases of each other list."""
    wanted = worklists.asked(request.GET)
    pages = Paginator(worklists.listed(request.user, wanted), ROWS_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    details = {"list": wanted.tab, "filters": wanted.filters, "page": page.number}
    audit.record("cases.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    context = {
        "asked": wanted,
        "tabs": worklists.tabs(request.user, wanted),
        "filters": worklists.filters(request.user, wanted, _reader()),
        "page": page,
        "lines": worklists.lines(list(page.object_list), _reader()),
        "total": pages.count,
        "may_assign": access.leads(request.user) or wanted.tab == worklists.List.LEFT,
        "may_export": access.can_export(request.user),
    }
    return render(request, "cases/list.html", context)


@require_safe
@requires(Permission.MANAGE_CASES)
def export(request: StaffRequest) -> HttpResponse:
    """The same list as a file, with the same filters."""
    if not access.can_export(request.user):
        raise PermissionDenied
    wanted = worklists.asked(request.GET)
    lines = worklists.lines(worklists.listed(request.user, wanted), _reader())
    details = {"list": wanted.tab, "filters": wanted.filters, "rows": len(lines)}
    audit.record("cases.exported", by=request.user, controllers=request.user.controller_codes, details=details)
    name = f"kotisatama-{wanted.tab}-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(exporting.as_csv(lines), content_type="text/csv; charset=utf-8", headers=headers)
