"""The builder: cards of a draft in order, a panel for one of them, pages for choices and for the form's own texts."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kotisatama.forms import building_panel as panels
from kotisatama.forms import building_queries as queries
from kotisatama.forms import building_steps as steps
from kotisatama.forms.building_list_forms import ListForm, SettingsForm
from kotisatama.forms.building_panel import Panel
from kotisatama.forms.models import Version
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff import access as staff
from kotisatama.staff.access import StaffRequest
from kotisatama.staff.permissions import Permission

managers_only = staff.requires(Permission.MANAGE_FORMS)


def _address(version: Version, **further: object) -> str:
    here = reverse("building:form", args=[version.form.code, version.number])
    return f"{here}?{urlencode(further)}" if further else here


def _show(request: StaffRequest, version: Version, panel: Panel | None) -> HttpResponse:
    context = steps.page(version, panel) | {"focus": request.GET.get("focus", ""), "panel": panel}
    return render(request, "forms/building/form.html", context)


@managers_only
@require_safe
def form(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """The cards; with `row` the panel of that one, with `new` an empty panel for a place."""
    version = queries.version_to_build(code, number)
    row = panels.whole(request.GET.get("row"))
    if there := steps.other_page(version, request.GET.get("sheet", ""), row):
        return HttpResponseRedirect(there)
    target, place, kind = request.GET.get("new"), request.GET.get("place", "last"), request.GET.get("kind", "")
    try:
        panel = None
        if version.is_open and target is not None:
            panel = Panel(version, target=panels.whole(target), place=place, kind=kind)
        elif version.is_open and row:
            panel = Panel(version, number=row)
    except NotAllowed as reason:
        messages.warning(request, str(reason))
    return _show(request, version, panel)


@managers_only
def question(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Save a question, or draw its panel again with more lines of a condition."""
    version = queries.version_to_build(code, number)
    if request.method != "POST":  # the address of a panel that was drawn again, opened anew
        return HttpResponseRedirect(_address(version))
    request_hash = panels.request_hash(request.POST)
    if done := queries.repeated(version, request_hash):
        return HttpResponseRedirect(_address(version, row=done.number))
    panel = panels.posted(version, request.POST)
    if request.POST.get("do", "save") == "save" and not panel.notice and panel.is_valid():
        try:
            row = panel.save(by=request.user, request=request_hash)
        except NotAllowed as reason:
            panel.form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_address(version, row=row))
    return _show(request, version, panel)


@managers_only
@require_POST
def step(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Move, copy, remove, frame; take back and take again; check."""
    version = queries.version_to_build(code, number)
    return _answer(request, version, lambda: steps.act(version, request.POST, by=request.user))


def _answer(request: StaffRequest, version: Version, act: Callable[[], steps.Done]) -> HttpResponse:
    """Do it and go back to the cards, with a sentence when it was not possible."""
    if done := queries.repeated(version, panels.request_hash(request.POST)):
        return HttpResponseRedirect(_address(version, row=done.number))
    try:
        result = act()
    except NotAllowed as reason:
        messages.warning(request, str(reason))
        return HttpResponseRedirect(_address(version))
    if result.message:
        messages.add_message(request, result.level, result.message)
    return HttpResponseRedirect(_address(version, **result.further))


def _is_done(request: StaffRequest, version: Version) -> bool:
    """Whether a POST has nothing more to do: it is a repeat, or the version does not change any more."""
    if request.method != "POST":
        return False
    return not version.is_open or bool(queries.repeated(version, panels.request_hash(request.POST)))


@managers_only
def choice_list(request: StaffRequest, code: str, number: str, name: str = "") -> HttpResponse:
    """The choices of a list in all languages: change, reorder, add, remove; or a new list."""
    version = queries.version_to_build(code, number)
    form = ListForm(request.POST or None, version=version, name=name)
    if _is_done(request, version):
        return HttpResponseRedirect(_address(version))
    if request.method == "POST" and form.wants_saving and form.is_valid():
        try:
            form.save(by=request.user, request=panels.request_hash(request.POST))
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_address(version))
    return render(request, "forms/building/list.html", {"form": form, "version": version, "name": name})


@managers_only
def settings(request: StaffRequest, code: str, number: str) -> HttpResponse:
    """Title, default language, and one more language."""
    version = queries.version_to_build(code, number)
    form = SettingsForm(request.POST or None, version=version)
    if _is_done(request, version):
        return HttpResponseRedirect(_address(version))
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user, request=panels.request_hash(request.POST))
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_address(version))
    return render(request, "forms/building/settings.html", {"form": form, "version": version})
