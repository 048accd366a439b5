"""Figures of the questions of a form."""

import csv
import io

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kotisatama.audit import actions as audit
from kotisatama.forms import access as forms_access
from kotisatama.forms import queries as form_queries
from kotisatama.kernel.spreadsheets import harmless
from kotisatama.reports import access, form_figures, forms
from kotisatama.reports.sheet import HIDDEN
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


def _reader() -> str:
    return get_language() or "fi"


@require_safe
@requires(Permission.SEE_FIGURES)
def listed(request: StaffRequest) -> HttpResponse:
    """Every form, with the ways to its figures and its answers; counts nobody's answers yet."""
    context = {"forms": form_queries.forms(), "may_export": forms_access.can_export(request.user)}
    return render(request, "reports/forms.html", context)


@require_safe
@requires(Permission.SEE_FIGURES)
def figures(request: StaffRequest, code: str) -> HttpResponse:
    """One year of one form, question by question."""
    form = get_object_or_404(form_queries.forms(), code=code)
    years = form_figures.years()
    year = forms.year_of(request.GET, years)
    found = form_figures.figures(request.user, form, year=year, reader=_reader())
    _note(request, "form_figures.viewed", found)
    context = {
        "figures": found,
        "questions": [(each, form_figures.chart(each)) for each in found.questions],
        "years": years,
        "may_export": access.can_export(request.user),
    }
    return render(request, "reports/form_figures.html", context)


@require_safe
@requires(Permission.EXPORT_FIGURES)
def export(request: StaffRequest, code: str, year: int) -> HttpResponse:
    """The same figures as CSV, total and months first; what the page hides is a dash here too."""
    form = get_object_or_404(form_queries.forms(), code=code)
    year = forms.year_of({"year": str(year)}, form_figures.years())
    found = form_figures.figures(request.user, form, year=year, reader=_reader())
    _note(request, "form_figures.exported", found)
    headers = {"Content-Disposition": f'attachment; filename="{code}-{year}.csv"'}
    return HttpResponse(_csv(found), content_type="text/csv; charset=utf-8", headers=headers)


def _note(request: StaffRequest, action: str, found: form_figures.FormFigures) -> None:
    details = {"form": found.form.code, "year": found.year}
    audit.record(action, by=request.user, controllers=request.user.controller_codes, details=details)


def _csv(found: form_figures.FormFigures) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["question", "label", "choice", "choice_label", "count", "quartiles"])
    writer.writerow(["_total", _("Forms sent in"), "", "", form_figures.written(found.total), ""])
    for month, figure in found.months:
        day = f"{found.year}-{month:02}"
        writer.writerow(["_month", _("Forms by month"), day, "", form_figures.written(figure), ""])
    for each in found.questions:
        asked = [each.question.name, harmless(each.label.text)]
        middle = " ".join(f"{number:g}" for number in each.middle)
        if each.is_withheld:
            writer.writerow([*asked, "", "", HIDDEN, ""])
        for row in each.rows:
            code = harmless(row.code) or "no_answer"
            writer.writerow([*asked, code, harmless(row.label.text), row.text, middle])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
