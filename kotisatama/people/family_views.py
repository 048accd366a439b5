"""The family of a person: relatives, who may know what, who lives together."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, forms, kinship, part_forms, queries, relatives
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def family(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Everybody of the family, and a search for whoever is missing."""
    person = access.openable_or_ask(request.user, pk)
    form = part_forms.RelationForm(request.POST or None)
    if form.is_valid():
        try:
            _relate(request, person, form)
        except NotAllowed as reason:
            form.add_error("other", str(reason))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("people:family", person.pk)
    return _page(request, person, form)


def _relate(request: StaffRequest, person: Person, form: part_forms.RelationForm) -> None:
    given = form.cleaned_data
    other = get_object_or_404(access.visible_people(request.user), pk=given["other"])
    if given["role"] != "none":
        kind, other_is_from = kinship.ROLES[given["role"]]
        pair, known = (person, other), (given["ours"], given["theirs"])
        if other_is_from:
            pair, known = (other, person), (given["theirs"], given["ours"])
        actions.relate(*pair, kind=kind, from_may_know=known[0], to_may_know=known[1], by=request.user)
    if given["lives_here"]:
        actions.live_together(other, person, by=request.user)


def _page(request: StaffRequest, person: Person, form: part_forms.RelationForm) -> HttpResponse:
    text = (request.GET.get("q") or request.POST.get("q", "")).strip()
    chosen = request.GET.get("person", "") or request.POST.get("other", "")
    found = queries.rows(request.user, queries.search(request.user, text), forms.reader()) if text else []
    offered = [row for row in found if row.person.controller_id == person.controller_id and row.person.pk != person.pk]
    details = {"found": len(offered)} if text else {}
    audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person, details=details)
    family = relatives.family(person)
    context = {
        "person": person,
        "relatives": [(each, relatives.links(each, person)) for each in family],
        "lives_with_others": any(each.lives_here for each in family),
        "form": form,
        "leave": part_forms.LeaveForm(),
        "found": offered,
        "made": relatives.relative_to_be(request.user, person, chosen) if not text else None,
        "text": text,
        "chosen": chosen,
    }
    return render(request, "people/family.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def relation(request: StaffRequest, pk: uuid.UUID, relation: uuid.UUID) -> HttpResponse:
    """Who may know what of whom, until when, or that it was never so."""
    person = actions.open_person(pk, by=request.user)
    found = relatives.relation(person, relation)
    if found is None:
        raise Http404
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_relation(found, by=request.user)
        return redirect("people:family", person.pk)
    form = part_forms.ChangeRelationForm(request.POST or None, initial=part_forms.values_of_relation(found, person))
    if form.is_valid():
        try:
            actions.change_relation(found, by=request.user, **form.changes(found, person))
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("people:family", person.pk)
    context = {"person": person, "other": kinship.other_of(found, person), "word": kinship.word(found, person)}
    return render(request, "people/relation.html", context | {"form": form})


@require_POST
@requires(Permission.EDIT_PERSONS)
def leave(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The person moves out of the household."""
    person = access.openable_or_ask(request.user, pk)
    form = part_forms.LeaveForm(request.POST)
    if form.is_valid():
        try:
            actions.leave_household(person, on=form.cleaned_data["on"], by=request.user)
        except NotAllowed as reason:
            messages.error(request, str(reason))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("people:family", person.pk)
