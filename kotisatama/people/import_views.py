"""Screens of an import: send a table, say which column is what, look at it, start, decide what is left open."""

import csv
import io
import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.kernel.spreadsheets import harmless
from kotisatama.people import access, forms
from kotisatama.people.import_forms import ColumnsForm, DecisionForm, DifferencesForm, UploadForm
from kotisatama.people.importing import drafts, jobs, pages, running, settling
from kotisatama.people.importing import mapping as mappings
from kotisatama.people.importing.mapping import BadMapping
from kotisatama.people.models import ImportRow, ImportRun
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

GOING_ON = frozenset({ImportRun.State.WAITING, ImportRun.State.RUNNING})


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_CLIENTS)
def imports(request: StaffRequest) -> HttpResponse:
    """Earlier imports, and the way to a new one."""
    access.require_import(request.user)
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"key": identifiers.new_id()}, worker=request.user
    )
    if request.method == "POST" and form.is_valid():
        run = drafts.keep(**form.draft(), by=request.user)
        return redirect("people:import" if run.mapping else "people:import_columns", run.pk)
    audit.record("imports.listed", by=request.user, controllers=request.user.controller_codes)
    runs = access.visible_imports(request.user).select_related("by").defer("content").order_by("-created_at")[:50]
    return render(request, "people/imports.html", {"form": form, "runs": runs})


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_CLIENTS)
def columns(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Which column is which field."""
    run = get_object_or_404(access.visible_imports(request.user), pk=pk, state=ImportRun.State.DRAFT)
    form = ColumnsForm(request.POST or None, run=run, table=jobs.table_of(run))
    if form.is_valid():
        try:
            drafts.choose_columns(run, form.mapping(), by=request.user)
        except BadMapping as reason:
            for each in reason.problems:
                form.add_error(None, each.message)
        else:
            return redirect("people:import", run.pk)
    audit.record("import.viewed", by=request.user, controllers=[run.controller_id], subject=run)
    return render(request, "people/import_columns.html", {"form": form, "run": run})


@require_GET
@requires(Permission.IMPORT_CLIENTS)
def detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A draft with its first rows as they would become; an import that runs; what became of it."""
    run = get_object_or_404(access.visible_imports(request.user), pk=pk)
    audit.record("import.viewed", by=request.user, controllers=request.user.controller_codes, subject=run)
    context: dict[str, object] = {"run": run, "going_on": run.state in GOING_ON, "counts": pages.counts(run)}
    if run.state == ImportRun.State.DRAFT:
        context["preview"] = pages.preview(run, running.as_worker(request.user))
    elif run.state not in GOING_ON:
        refused = pages.refused(request.user, run)
        context |= {"refused": refused[: pages.SHOWN_IN_REPORT], "refused_number": len(refused)}
        context["undecided"] = pages.report_rows(request.user, run)
    return render(request, "people/import.html", context)


@require_GET
@requires(Permission.IMPORT_CLIENTS)
def progress(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """How far an import is: numbers only. When it has ended the whole page is drawn anew."""
    with audit.counting():
        run = get_object_or_404(access.visible_imports(request.user).defer("content"), pk=pk)
    response = render(request, "people/parts/import_progress.html", {"run": run, "counts": pages.counts(run)})
    if run.state not in GOING_ON:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@requires(Permission.IMPORT_CLIENTS)
def start(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the import begin; pressed twice it begins once."""
    run = get_object_or_404(access.visible_imports(request.user), pk=pk)
    try:
        drafts.start(run, by=request.user)
    except BadMapping:
        return redirect("people:import_columns", run.pk)
    return redirect("people:import", run.pk)


@require_POST
@requires(Permission.IMPORT_CLIENTS)
def drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    run = access.visible_imports(request.user).filter(pk=pk).first()
    if run:
        drafts.forget(run, by=request.user)
    return redirect("people:imports")


@require_GET
@requires(Permission.IMPORT_CLIENTS)
def mapping_file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The mapping as a file, for the next import."""
    run = get_object_or_404(access.visible_imports(request.user), pk=pk)
    audit.record("import.viewed", by=request.user, controllers=[run.controller_id], subject=run)
    text = mappings.to_yaml(jobs.mapping_of(run)) if run.mapping else ""
    headers = {"Content-Disposition": 'attachment; filename="mapping.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@require_GET
@requires(Permission.IMPORT_CLIENTS)
def refused(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The rows that were left out, as CSV that no spreadsheet takes for formulas."""
    run = get_object_or_404(access.visible_imports(request.user), pk=pk)
    audit.record("import.exported", by=request.user, controllers=request.user.controller_codes, subject=run)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_("Sheet"), _("Row"), _("Column"), _("What is wrong")])
    for each in pages.refused(request.user, run):
        writer.writerow([harmless(each.sheet), each.row, harmless(each.column), harmless(each.message)])
    headers = {"Content-Disposition": 'attachment; filename="left-out.csv"'}
    return HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _row(request: StaffRequest, pk: uuid.UUID, number: int, outcome: str) -> ImportRow:
    run = get_object_or_404(access.visible_imports(request.user).defer("content"), pk=pk)
    rows = access.visible_import_rows(request.user, run).select_related("run", "person", "record")
    return get_object_or_404(rows, number=number, outcome=outcome, sealed__isnull=False)


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_CLIENTS)
def decide(request: StaffRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Who a row is that may be somebody known."""
    row = _row(request, pk, number, ImportRow.Outcome.WAITING)
    found = pages.candidates(request.user, row, forms.reader())
    people = [(str(each.row.person.pk), each.row.person.name) for each in found if each.row]
    form = DecisionForm(request.POST or None, people=people)
    if form.is_valid():
        try:
            settling.decide(row, who=form.cleaned_data["who"], by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("people:import", pk)
    controllers = request.user.controller_codes
    audit.record("import.row_viewed", by=request.user, controllers=controllers, subject=row.run)
    context = {"form": form, "row": row, "candidates": found, "values": pages.values(row)}
    return render(request, "people/import_row.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_CLIENTS)
def compare(request: StaffRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """What a row says otherwise than the register, value by value."""
    row = _row(request, pk, number, ImportRow.Outcome.DIFFERS)
    person = get_object_or_404(access.visible_people(request.user), pk=row.person_id)
    access.require_whereabouts(request.user, person)
    differing = pages.differences(row, person)
    form = DifferencesForm(
        request.POST or None,
        initial={"version": person.version},
        differing=[(each.name, f"{each.label}: {each.said}") for each in differing],
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            settling.take_values(row, fields=given["fields_taken"], version=given["version"], by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("people:import", pk)
    audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person)
    context = {"form": form, "row": row, "person": person, "differences": differing}
    return render(request, "people/import_compare.html", context)
