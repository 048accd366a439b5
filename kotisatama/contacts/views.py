"""Screens of contacts: record one in 20 seconds, find it again, change it."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.audit.actions import counting
from kotisatama.contacts import access, actions, forms, queries, recording, tying
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import access as people_access
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

ROWS_ON_A_PAGE = 50


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_CONTACTS)
def new(request: StaffRequest) -> HttpResponse:
    """Record a contact: the page stands ready with the defaults, and again after each saving."""
    access.require_recording(request.user)
    if request.method == "GET":
        return _empty_page(request)
    if "find" in request.POST:
        return _page_with_people(request)
    form = forms.NewContactForm(request.POST, worker=request.user)
    if form.is_valid():
        try:
            contact = recording.record(form, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
            audit.record("contact.refused", by=request.user, controllers=request.user.controller_codes)
        else:
            messages.success(request, recording.saved_message(contact))
            return redirect(recording.next_page(request.POST))
    person = recording.person_of(request.user, request.POST.get("person"))
    recording.note_shown(person, by=request.user)
    return render(request, "contacts/new.html", _context(request, form=form, person=person))


def _empty_page(request: StaffRequest) -> HttpResponse:
    person = recording.person_of(request.user, request.GET.get("person"))
    is_open = recording.note_shown(person, by=request.user)
    with counting():  # The worker's own last choices: nothing of any client.
        defaults = queries.defaults(request.user)
    if person:
        defaults = queries.of_person_defaults(person, defaults, shows_home=is_open)
    initial = forms.initial_of_new(defaults, person=person)
    initial |= {name: request.GET.get(name, "") for name in ("submission", "next")}
    form = forms.NewContactForm(initial=initial, worker=request.user)
    return render(request, "contacts/new.html", _context(request, form=form, person=person))


def _page_with_people(request: StaffRequest) -> HttpResponse:
    """Without script the same button searches; what was typed stays."""
    text = request.POST.get("q", "")
    form = forms.NewContactForm(initial=forms.kept(request.POST), worker=request.user)
    person = recording.person_of(request.user, request.POST.get("person"))
    recording.note_shown(person, by=request.user)
    found = recording.find(request.user, text)
    return render(request, "contacts/new.html", _context(request, form=form, person=person, found=found, text=text))


def _context(request: StaffRequest, **content: object) -> dict[str, object]:
    return {"finds_people": people_access.can_see_people(request.user), **content}


@require_GET
@requires(Permission.SEE_PERSONS)
def found(request: StaffRequest) -> HttpResponse:
    """The part of the page that lists the clients found while the worker types."""
    people_access.require_people(request.user)
    text = request.GET.get("q", "")
    context = {"found": recording.find(request.user, text), "text": text}
    return render(request, "contacts/parts/people.html", context)


@require_GET
@requires(Permission.RECORD_CONTACTS)
def home(request: StaffRequest) -> HttpResponse:
    """The part of the page with municipality and language, as they are for the client chosen (or for nobody)."""
    person = recording.person_of(request.user, request.GET.get("person"))
    is_open = recording.note_shown(person, by=request.user)
    with counting():
        defaults = queries.defaults(request.user)
    if person:
        defaults = queries.of_person_defaults(person, defaults, shows_home=is_open)
    form = forms.NewContactForm(initial=forms.initial_of_new(defaults, person=person), worker=request.user)
    return render(request, "contacts/parts/home.html", {"form": form})


@require_GET
@requires(Permission.RECORD_CONTACTS)
def contacts(request: StaffRequest) -> HttpResponse:
    """The worker's latest contacts, narrowed by a filter."""
    access.require_recording(request.user)
    colleagues = access.sees_colleagues(request.user)
    form = forms.FilterForm(request.GET or None, worker=request.user, colleagues=colleagues)
    wanted = form.cleaned_data if form.is_valid() else {}
    pages = Paginator(queries.filtered(request.user, wanted), ROWS_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    details = {"filters": sorted(name for name, value in wanted.items() if value), "page": page.number}
    audit.record("contacts.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    rows = queries.rows(request.user, page.object_list, forms.reader())
    context = {"form": form, "page": page, "rows": rows, "colleagues": colleagues, "total": pages.count}
    return render(request, "contacts/list.html", context)


@require_GET
@requires(Permission.RECORD_CONTACTS)
def detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One contact with what it said before, and for an anonymous one the search for its client."""
    contact = get_object_or_404(queries.listed(access.visible_contacts(request.user)), pk=pk)
    shows_words = recording.note_opened(contact, by=request.user)
    text = request.GET.get("q", "")
    context = {
        "contact": contact,
        "row": queries.rows(request.user, [contact], forms.reader())[0],
        "shows_words": shows_words,
        "history": queries.history(contact, forms.reader()) if shows_words else [],
        "may_change": access.can_change(request.user, contact),
        "may_undo": access.can_undo(request.user, contact),
        "text": text,
        "found": recording.find_or_made(request.user, text, made=request.GET.get("person")),
        "may_untie": tying.todays_tie(contact, request.user) is not None,
        "may_make": people_access.can_make_some(request.user),
    }
    return render(request, "contacts/detail.html", _context(request, **context))


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_CONTACTS)
def edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a contact: freely on its day by its worker, later with a reason."""
    contact = get_object_or_404(queries.listed(access.visible_contacts(request.user)), pk=pk)
    if not recording.note_opened(contact, by=request.user):
        people_access.require_openable(request.user, contact.person_id)
    sent, initial = request.POST or None, forms.initial_of(contact)
    form = forms.ChangeContactForm(sent, initial=initial, worker=request.user, contact=contact)
    if sent and form.is_valid():
        version, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
        try:
            actions.change_contact(contact, version=version, reason=reason, by=request.user, **form.contact_fields())
        except ChangedMeanwhile as clash:
            form = forms.after_clash(form, contact, worker=request.user, sentence=str(clash))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("contacts:detail", contact.pk)
    row = queries.rows(request.user, [contact], forms.reader())[0]
    return render(request, "contacts/edit.html", {"contact": contact, "form": form, "row": row})


@require_POST
@requires(Permission.SEE_PERSONS)
def tie(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Make an anonymous contact that of a client."""
    contact = get_object_or_404(access.visible_contacts(request.user), pk=pk)
    chosen = recording.as_id(request.POST.get("person"))
    person = get_object_or_404(people_access.visible_people(request.user), pk=chosen)
    try:
        actions.tie_to_person(contact, person, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The contact is now this client's."))
    return redirect("contacts:detail", contact.pk)


@require_POST
@requires(Permission.SEE_PERSONS)
def untie(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a contact anonymous again, on the day on which it was tied."""
    contact = get_object_or_404(access.visible_contacts(request.user), pk=pk)
    try:
        tying.untie_from_person(contact, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The contact is anonymous again."))
    return redirect("contacts:detail", contact.pk)


@require_POST
@requires(Permission.RECORD_CONTACTS)
def undo(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a contact back on its day."""
    contact = get_object_or_404(access.visible_contacts(request.user), pk=pk)
    try:
        actions.undo_contact(contact, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("contacts:detail", contact.pk)
    messages.success(request, _("The contact is taken back."))
    return redirect("contacts:new")
