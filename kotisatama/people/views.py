"""Screens of persons: search, one person's page, making and changing one."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, forms, page, queries
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_GET
@requires(Permission.SEE_PERSONS)
def search(request: StaffRequest) -> HttpResponse:
    """Clients found by what the tools bar was asked; the line tells how many, never the words."""
    access.require_people(request.user)
    text = request.GET.get("q", "").strip()
    found = queries.search(request.user, text, archived=True) if text else []
    details = {"found": len(found)}
    audit.record("persons.searched", by=request.user, controllers=request.user.controller_codes, details=details)
    context = {
        "found": queries.rows(request.user, found, forms.reader()),
        "find_text": text,
        "may_make": access.can_make_some(request.user),
        "may_import": access.can_import(request.user),
    }
    return render(request, "people/search.html", context)


@require_GET
@requires(Permission.SEE_PERSONS)
def detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One person: who, how to reach, what was done, what is open."""
    person = actions.open_person(pk, by=request.user)
    return render(request, "people/detail.html", page.context(request.user, person, forms.reader()))


@require_POST
@requires(Permission.SEE_PERSONS)
def identity_code(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The same page with the identity code in full; asking for it leaves its own line."""
    person = get_object_or_404(access.visible_people(request.user), pk=pk)
    code = actions.show_identity_code(person, by=request.user)
    shown = {page.identity_code_row(person): code}
    return render(request, "people/detail.html", page.context(request.user, person, forms.reader(), shown=shown))


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def new(request: StaffRequest) -> HttpResponse:
    """Make a person; whoever may be the same one is shown first."""
    access.require_people(request.user)
    sent = request.POST or None
    form = forms.NewPersonForm(
        sent, initial=forms.initial_of_new(request.user, request.GET.dict()), worker=request.user
    )
    candidates = _candidates(request, form) if sent and form.is_valid() and "none_of_these" not in sent else []
    if sent and form.is_valid() and not candidates:
        try:
            person = _make(request, form)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
            audit.record("person.refused", by=request.user, controllers=request.user.controller_codes)
        else:
            messages.success(request, _("The client is saved."))
            return redirect(_next_page(form.cleaned_data["next"], person))
    return render(request, "people/new.html", {"form": form, "candidates": candidates})


def _candidates(request: StaffRequest, form: forms.NewPersonForm) -> list[queries.FoundRow]:
    given = form.cleaned_data
    found = queries.candidates(
        request.user,
        name=given["name"],
        spellings=given["spellings"],
        born_on=given["date_of_birth"],
        channels=[(kind, value) for kind, value, _safe in form.channels()],
        hetu=given["hetu"],
    )
    found = [each for each in found if each.person.pk != given["key"]]
    details = {"found": len(found)}
    audit.record("persons.searched", by=request.user, controllers=request.user.controller_codes, details=details)
    return queries.rows(request.user, found, forms.reader())


def _make(request: StaffRequest, form: forms.NewPersonForm) -> Person:
    given = form.cleaned_data
    controller = queries.home_controller(given["municipality"], request.user)
    return actions.make_person(
        controller=controller, by=request.user, key=given["key"], hetu=given["hetu"], **form.person_fields()
    )


def _next_page(wanted: str, person: Person) -> str:
    """The page that asked for the person, with its id, else the person's own page."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    if not is_ours:
        return reverse("people:detail", args=[person.pk])
    return f"{wanted}{'&' if '?' in wanted else '?'}person={person.pk}"


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a person; what somebody else saved meanwhile is shown beside what was typed."""
    person = actions.open_person(pk, by=request.user)
    access.require_place(request.user, person)
    form = forms.ChangePersonForm(request.POST or None, initial=forms.initial_of(person), worker=request.user)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.change_person(person, version=version, by=request.user, **form.changes(person))
        except actions.FieldsChangedMeanwhile as clash:
            form = forms.after_clash(form, person, worker=request.user, clash=clash)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("people:detail", person.pk)
    context = {"form": form, "person": person, "masked": queries.masked_identity_code(person)}
    return render(request, "people/edit.html", context)
