"""One version of a form: what is wrong with it, what changed, a changed workbook, its tables; published, retired."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotisatama.forms import access, table_files, uploads, version_pages, versions, workbench
from kotisatama.forms import changes as comparing
from kotisatama.forms import workbench_queries as queries
from kotisatama.forms.models import Version
from kotisatama.forms.workbench_forms import AcceptForm, DraftWorkbookForm, RevisionForm, TablesForm, seen
from kotisatama.forms.workbench_views import managers_only, page_and_answer
from kotisatama.forms.xlsform import Problem
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest


def _version(request: StaffRequest, code: str, number: str) -> Version:
    return get_object_or_404(access.version_of(request.user, code, number))


def _draft(request: StaffRequest, code: str, number: str) -> Version:
    """A version that can still change; of others there is no such page."""
    return get_object_or_404(access.version_of(request.user, code, number), state__in=Version.OPEN)


@require_safe
@managers_only
def version(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Its state, its languages, its tables and what can be done."""
    shown = _version(request, code, number)
    return render(request, "forms/version.html", version_pages.version(request.user, shown))


@page_and_answer
@managers_only
def check(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Everything that is wrong with a draft; without problems it counts as checked."""
    draft = _draft(request, code, number)
    form = RevisionForm(request.POST or None, initial=seen(draft))
    if form.is_valid():
        try:
            wrong = versions.check_version(draft, revision=form.cleaned_data["revision"], by=request.user)
        except NotAllowed as reason:
            messages.warning(request, str(reason))
        else:
            if not wrong:
                messages.success(request, _("Nothing is wrong with this version. It can be published."))
                return redirect("forms:version", code, number)
        return redirect("forms:check", code, number)
    _compiled, wrong = versions.problems(draft)
    return render(request, "forms/check.html", {"version": draft, "form": form, "found": wrong})


@require_safe
@managers_only
def changes(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """What differs between this version and another one, by default the published one."""
    shown = _version(request, code, number)
    others = [line.version for line in queries.version_lines(request.user, shown.form) if line.version != shown]
    asked = request.GET.get("with", "")
    chosen = next((each for each in others if each.number == asked), None) or version_pages.usual_other(others)
    found = comparing.between(chosen, shown) if chosen else None
    context = {"version": shown, "others": others, "chosen": chosen, "changes": found}
    return render(request, "forms/changes.html", context)


@page_and_answer
@managers_only
def publish(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """What visitors will see otherwise than now; then it is so."""
    shown = _version(request, code, number)
    form = RevisionForm(request.POST or None, initial=seen(shown))
    if form.is_valid():
        try:
            versions.publish_version(shown, revision=form.cleaned_data["revision"], by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Version %(number)s is published.") % {"number": number})
            return redirect("forms:form", code)
    return render(request, "forms/publish.html", {"form": form} | version_pages.publishing(request.user, shown))


@page_and_answer
@managers_only
def retire(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Say what follows, then let nobody begin in this version any more."""
    shown = _version(request, code, number)
    form = RevisionForm(request.POST or None, initial=seen(shown))
    if form.is_valid():
        try:
            versions.retire_version(shown, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Version %(number)s is retired.") % {"number": number})
            return redirect("forms:form", code)
    return render(request, "forms/retire.html", {"form": form, "version": shown})


@page_and_answer
@managers_only
def delete(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Ask once, then throw a draft away; it does not come back."""
    found = access.version_of(request.user, code, number).first()
    if found is None and request.method == "POST":
        return redirect("forms:form", code)
    draft = found or _version(request, code, number)
    form = RevisionForm(request.POST or None, initial=seen(draft))
    if form.is_valid():
        try:
            workbench.delete_version(draft, revision=form.cleaned_data["revision"], by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The draft %(number)s was deleted.") % {"number": number})
            return redirect("forms:form", code)
    return render(request, "forms/delete.html", {"form": form, "version": draft})


@require_safe
@managers_only
def workbook(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """The rows and tables as .xlsx."""
    content = version_pages.workbook(_version(request, code, number))
    headers = {"Content-Disposition": f'attachment; filename="{code}-{number}.xlsx"'}
    return HttpResponse(content, content_type=version_pages.XLSX, headers=headers)


@page_and_answer
@managers_only
def upload(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Send a changed workbook; then the rows that differ, before anything changes."""
    draft, problems = _draft(request, code, number), list[Problem]()
    form = DraftWorkbookForm(request.POST or None, request.FILES or None, initial=seen(draft))
    if form.is_valid():
        try:
            uploads.propose(draft, **form.cleaned_data, by=request.user)
        except uploads.Refused as reason:
            problems = reason.problems
            form.add_error("workbook", str(reason))
        except NotAllowed as reason:
            form.add_error("workbook", str(reason))
        else:
            return redirect("forms:upload", code, number)
    context = {"version": draft, "form": form, "found": problems} | version_pages.waiting(draft)
    return render(request, "forms/upload.html", context, status=422 if form.errors else 200)


@require_POST
@managers_only
def accept(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Let the workbook become the draft."""
    shown, form = _version(request, code, number), AcceptForm(request.POST)
    if not form.is_valid():
        return redirect("forms:upload", code, number)
    try:
        uploads.accept(shown, **form.cleaned_data, by=request.user)
    except NotAllowed as reason:
        messages.warning(request, str(reason))
        return redirect("forms:upload" if shown.is_open else "forms:version", code, number)
    messages.success(request, _("The workbook was accepted. Check the version before you publish it."))
    return redirect("forms:version", code, number)


@require_POST
@managers_only
def discard(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Throw the waiting workbook away; the draft stays as it is."""
    uploads.discard(_version(request, code, number), by=request.user)
    messages.success(request, _("The workbook was thrown away. The draft is as it was."))
    return redirect("forms:version", code, number)


@page_and_answer
@managers_only
def tables(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """The tables of a draft; add one or replace it."""
    draft = _draft(request, code, number)
    form = TablesForm(request.POST or None, request.FILES or None, initial=seen(draft))
    if form.is_valid():
        try:
            uploads.keep_tables(draft, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error("tables", str(reason))
        else:
            messages.success(request, _("The tables were saved."))
            return redirect("forms:version", code, number)
    context = {"version": draft, "form": form, "tables": version_pages.tables(draft)}
    return render(request, "forms/tables.html", context, status=422 if form.errors else 200)


@require_safe
@managers_only
def table(request: StaffRequest, code: str, number: str, name: str) -> HttpResponse:
    """One table as CSV."""
    found = _version(request, code, number).attachments.get(name)
    if found is None:
        raise Http404(name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(table_files.write(found), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@managers_only
def remove_table(request: StaffRequest, code: str, number: str, name: str) -> HttpResponse:
    """Take a table away from a draft."""
    draft, form = _draft(request, code, number), RevisionForm(request.POST)
    if form.is_valid():
        try:
            uploads.remove_table(draft, name=name, **form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            messages.warning(request, str(reason))
        else:
            messages.success(request, _("The table %(name)s was removed.") % {"name": name})
    return redirect("forms:tables", code, number)
