"""How to reach a person, what authorities call them, and what was known before."""

import uuid

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, forms, history_page, page, part_forms
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def channels(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Every telephone number and address with what is safe there."""
    person = actions.open_person(pk, by=request.user)
    access.require_place(request.user, person)
    sent = request.POST or None
    form = part_forms.ChannelsForm(sent, initial={"version": person.version})
    rows = part_forms.ChannelForms(sent, initial=part_forms.channel_values(person), prefix="way")
    if sent and form.is_valid() and rows.is_valid():
        try:
            _save_channels(request, person, form, rows)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("people:detail", person.pk)
    return render(request, "people/channels.html", {"person": person, "form": form, "rows": rows})


def _save_channels(
    request: StaffRequest, person: Person, form: part_forms.ChannelsForm, rows: "BaseFormSet[part_forms.ChannelForm]"
) -> None:
    given = [each.cleaned_data for each in rows if each.cleaned_data.get("value")]
    wanted = [actions.ChannelRow(**each) for each in given]
    actions.change_person(person, version=form.cleaned_data["version"], by=request.user, channels=wanted)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def identifiers(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The codes of authorities: add one, replace one of the same kind, take one away."""
    person = actions.open_person(pk, by=request.user)
    taken_away = page.code(person, request.POST.get("remove", ""))
    form = part_forms.IdentifierForm(None if taken_away else request.POST or None)
    if taken_away:
        kind, country = taken_away.kind, taken_away.issuing_country
        actions.set_identifier(person, kind=kind, issuing_country=country, code="", by=request.user)
        return redirect("people:identifiers", person.pk)
    if form.is_valid():
        try:
            actions.set_identifier(person, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error("code", str(reason))
        else:
            return redirect("people:identifiers", person.pk)
    return render(request, "people/identifiers.html", {"person": person, "form": form, "codes": page.codes(person, {})})


@require_POST
@requires(Permission.SEE_PERSONS)
def identifier(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    """The person's page with one code in full; asking for it leaves its own line."""
    person = get_object_or_404(access.visible_people(request.user), pk=pk)
    shown = {row: actions.show_identifier(person, row, by=request.user)}
    return render(request, "people/detail.html", page.context(request.user, person, forms.reader(), shown=shown))


@require_GET
@requires(Permission.SEE_PERSONS)
def history(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What was known of the person before each change."""
    person = access.openable_or_ask(request.user, pk)
    audit.record("person.history_viewed", by=request.user, controllers=[person.controller_id], subject=person)
    changes = history_page.changes(person, forms.reader())
    return render(request, "people/history.html", {"person": person, "changes": changes})
