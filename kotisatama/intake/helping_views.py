"""The longer steps of a submission, each on a page of its own: whose it is, the contact, the answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kotisatama.intake import access, actions, answering, forms, queries, reading
from kotisatama.intake.handling import Additions
from kotisatama.intake.models import Item
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access as people_access
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

page = require_http_methods(["GET", "HEAD", "POST"])


def _load(request: StaffRequest, pk: UUID) -> Item:
    """The item, with a line: each of these pages shows something of the person."""
    found = get_object_or_404(queries.opened(request.user), pk=pk)
    reading.note_opened(found, request.user)
    return found


def _refused(request: StaffRequest, found: Item) -> HttpResponse | None:
    """Whoever has not taken it does nothing here."""
    if request.method == "POST" or access.has_taken(request.user, found):
        return None
    messages.error(request, _("Take this submission first."))
    return redirect("intake:item", found.pk)


def _heading(request: StaffRequest, found: Item) -> dict[str, object]:
    return {"item": found, "line": queries.lines([found], request.user, forms.reader())[0]}


@page
@requires(Permission.SEE_PERSONS)
def compare(request: StaffRequest, pk: UUID, person_pk: UUID) -> HttpResponse:
    """What was sent beside what the register knows; one button says that it is the same person."""
    found = _load(request, pk)
    person = get_object_or_404(people_access.visible_people(request.user), pk=person_pk)
    whole = reading.note_compared(person, request.user)
    if refused := _refused(request, found):
        return refused
    initial = {"version": found.version, "person_version": person.version}
    form = forms.TieForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        chosen = {name: given[name] for name in ("version", "person_version", "case_reason")}
        try:
            actions.tie(found, person, additions=Additions(*reading.additions(found, given)), by=request.user, **chosen)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The submission is this client's."))
            return redirect("intake:item", pk)
    return _compared(request, found, person, form, whole=whole)


def _compared(request: StaffRequest, found: Item, person: Person, form: forms.TieForm, *, whole: bool) -> HttpResponse:
    context = _heading(request, found) | {
        "person": person,
        "form": form,
        "whole": whole,
        "rows": reading.comparison(found, person, forms.reader(), whole=whole),
        "open_case": reading.open_case(person) if whole else None,
    }
    return render(request, "intake/compare.html", context)


@page
@requires(Permission.EDIT_PERSONS)
def make_person(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make a client of what was sent."""
    found = _load(request, pk)
    if refused := _refused(request, found):
        return refused
    form = forms.PersonForm(request.POST or None, initial=forms.initial_of_person(found), worker=request.user)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("version", "key", "case_reason")}
        try:
            actions.make_person(found, fields=form.person_fields(), by=request.user, **given)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The client is saved, and the submission is theirs."))
            return redirect("intake:item", pk)
    return render(request, "intake/person.html", _heading(request, found) | {"form": form})


@page
@requires(Permission.RECORD_CONTACTS)
def record(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Record the help as a contact, of the client or of nobody."""
    found = _load(request, pk)
    if refused := _refused(request, found):
        return refused
    person = reading.person(found, request.user)
    initial = forms.initial_of_contact(found, person, request.user)
    form = forms.ContactForm(request.POST or None, initial=initial, worker=request.user)
    if form.is_valid():
        version, fields = form.cleaned_data["version"], form.contact_fields()
        try:
            actions.record_contact(found, version=version, fields=fields, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("intake:item", pk)
    return render(request, "intake/contact.html", _heading(request, found) | {"form": form, "person": person})


@page
@requires(Permission.SEND_MESSAGES)
def answer(request: StaffRequest, pk: UUID, channel: str) -> HttpResponse:
    """Answer by a template: what will leave, in the person's language, beside the same for the worker."""
    found = _load(request, pk)
    if refused := _refused(request, found):
        return refused
    person = reading.person(found, request.user)
    addresses = [each for each in answering.addresses(found, person) if each.channel == channel]
    form = _answer_form(request, found, addresses, channel)
    if form.is_valid() and request.POST.get("go") == "send":
        try:
            actions.answer(found, by=request.user, **form.answer())
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The answer is in the outbox and leaves in a moment."))
            return redirect("intake:item", pk)
    context = {"form": form, "channel": channel, "addresses": addresses}
    context |= answering.shown(found, form["template"].value(), str(form.data.get("text", "")), worker=request.user)
    return render(request, "intake/answer.html", _heading(request, found) | context)


def _answer_form(
    request: StaffRequest, found: Item, addresses: list[answering.Address], channel: str
) -> forms.AnswerForm:
    initial = {
        "version": found.version,
        "key": identifiers.new_id(),
        "address": addresses[0].code if addresses else "",
        "template": answering.templates_for(channel)[0].code,
    }
    return forms.AnswerForm(request.POST or None, initial=initial, addresses=addresses, channel=channel)
