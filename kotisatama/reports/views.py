"""Figures of a year: looked at, opened into their rows, taken out as a file."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kotisatama.audit import actions as audit
from kotisatama.contacts import queries as contacts
from kotisatama.reports import access, drawing, exporting, forms, queries, sheet
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

ROWS_ON_A_PAGE = 50


def _reader() -> str:
    return get_language() or "fi"


def _sheet(request: StaffRequest, year: int) -> sheet.Sheet:
    return sheet.of(queries.yearly(request.user, year=year), _reader())


@require_safe
@requires(Permission.SEE_FIGURES)
def yearly(request: StaffRequest) -> HttpResponse:
    """Municipalities by quarter: contacts, persons, anonymous ones, languages, topics, channels."""
    years = queries.years(request.user)
    year = forms.year_of(request.GET, years)
    found = _sheet(request, year)
    audit.record("figures.viewed", by=request.user, controllers=request.user.controller_codes, details={"year": year})
    context = {
        "sheet": found,
        "years": years,
        "chart": drawing.by_place(found),
        "largest": drawing.largest(found),
        "may_open": access.can_open_rows(request.user),
        "may_export": access.can_export(request.user),
    }
    return render(request, "reports/yearly.html", context)


@require_safe
@requires(Permission.SEE_FIGURES)
def rows(request: StaffRequest) -> HttpResponse:
    """The contacts that a number counts, for whoever may see each of them."""
    if not access.can_open_rows(request.user):
        raise PermissionDenied
    asked = forms.asked_rows(request.GET)
    if asked is None:
        raise Http404("no such figure")
    pages = Paginator(queries.rows(request.user, asked), ROWS_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    details = {"year": asked.year, "quarter": asked.quarter, "place": asked.place, "count": asked.count}
    audit.record("figures.rows_listed", by=request.user, controllers=request.user.controller_codes, details=details)
    context = {
        "page": page,
        "rows": contacts.rows(request.user, page.object_list, _reader()),
        "asked": asked,
        "total": pages.count,
    }
    return render(request, "reports/rows.html", context | {"place": sheet.place_name(asked.place, _reader())})


@require_safe
@requires(Permission.EXPORT_FIGURES)
def export(request: StaffRequest, year: int, form: str) -> HttpResponse:
    """The same table as a file."""
    if form not in exporting.WRITERS:
        raise Http404(form)
    write, media_type = exporting.WRITERS[form]
    content = write(_sheet(request, year))
    details = {"year": year, "form": form}
    audit.record("figures.exported", by=request.user, controllers=request.user.controller_codes, details=details)
    headers = {"Content-Disposition": f'attachment; filename="kotisatama-{year}.{form}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
