"""The main user's list of forms, new forms, a form's versions and its settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotisatama.forms import access, toolbox, uploads, workbench, workbench_queries
from kotisatama.forms.models import Version
from kotisatama.forms.workbench_forms import (
    FindFormsForm,
    NewFormForm,
    SettingsForm,
    WorkbookForm,
    beside,
    settings_of,
)
from kotisatama.forms.xlsform import Problem
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff import access as staff
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

managers_only = requires(Permission.MANAGE_FORMS)
page_and_answer = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@managers_only
def every(request: StaffRequest) -> HttpResponse:
    """All forms, with what is known of each."""
    find = FindFormsForm(request.GET)
    asked = find.cleaned_data if find.is_valid() else {}
    text, sort = asked.get("q", ""), asked.get("sort", "")
    lines = workbench_queries.form_lines(request.user, text=text, sort=sort)
    return render(request, "forms/list.html", {"lines": lines, "find": find, "text": text, "sorted_by": sort})


@page_and_answer
@managers_only
def new(request: StaffRequest) -> HttpResponse:
    """A form from nothing, from the toolbox or like another form."""
    form = NewFormForm(
        request.POST or None,
        reader=request.user.language,
        known=list(access.visible_forms(request.user).order_by("title")),
        initial={"codes": ["fi", "sv", "en"], "origin": request.GET.get("origin", "")},
    )
    if form.is_valid():
        try:
            version = toolbox.begin(**form.cleaned_data, by=request.user)
        except NotAllowed as reason:
            form.add_error("code", str(reason))
        else:
            return _begun(request, version)
    return render(request, "forms/new.html", {"form": form})


def _begun(request: StaffRequest, version: Version) -> HttpResponse:
    messages.success(request, _("The form was begun. Visitors do not see it before it is published."))
    return redirect("forms:version", version.form.code, version.number)


@page_and_answer
@managers_only
def new_from_workbook(request: StaffRequest) -> HttpResponse:
    """A form from a workbook."""
    form, problems = WorkbookForm(request.POST or None, request.FILES or None), list[Problem]()
    if form.is_valid():
        try:
            version = uploads.begin_from_workbook(**form.cleaned_data, by=request.user)
        except uploads.Refused as reason:
            problems = reason.problems
            form.add_error("workbook", str(reason))
        except NotAllowed as reason:
            form.add_error("workbook", str(reason))
        else:
            return _begun(request, version)
    context = {"form": form, "found": problems}
    return render(request, "forms/new_from_workbook.html", context, status=422 if form.errors else 200)


@require_safe
@managers_only
def form(request: StaffRequest, code: str) -> HttpResponse:
    """A form's versions, the newest first."""
    chosen = get_object_or_404(access.visible_forms(request.user), code=code)
    lines = workbench_queries.version_lines(request.user, chosen)
    published = next((line.version for line in lines if line.version.state == "published"), None)
    context = {
        "chosen": chosen,
        "lines": lines,
        "published": published,
        "languages": workbench_queries.wanted_languages(chosen),
        "may_export": access.can_export(request.user),
        "sees_figures": staff.allows(request.user, Permission.SEE_FIGURES),
    }
    return render(request, "forms/form.html", context)


@require_POST
@managers_only
def begin(request: StaffRequest, code: str) -> HttpResponse:
    """A new version from the rows of another one."""
    like = get_object_or_404(access.version_of(request.user, code, request.POST.get("like", "")))
    draft = workbench.begin_version(like.form, like=like, by=request.user)
    messages.success(request, _("A draft was begun from version %(number)s.") % {"number": like.number})
    return redirect("forms:version", code, draft.number)


@page_and_answer
@managers_only
def settings(request: StaffRequest, code: str) -> HttpResponse:
    """What holds for all versions of the form."""
    chosen = get_object_or_404(access.visible_forms(request.user), code=code)
    form = SettingsForm(request.POST or None, reader=request.user.language, initial=settings_of(chosen))
    if form.is_valid():
        try:
            workbench.change_settings(chosen, **form.cleaned_data, by=request.user)
        except ChangedMeanwhile as reason:
            form = SettingsForm(beside(form, chosen), reader=request.user.language)
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The settings were saved."))
            return redirect("forms:form", code)
    return render(request, "forms/settings.html", {"form": form, "chosen": chosen})
