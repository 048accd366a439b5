"""Where a person lives and on what ground, by date: the history of both, a new row, a correction."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, forms, page, part_forms
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

# By the word in the address: form of a new row, form of a correction.
FORMS: dict[str, tuple[Any, Any]] = {
    "residences": (part_forms.ResidenceForm, part_forms.ChangeResidenceForm),
    "grounds": (part_forms.GroundForm, part_forms.ChangeGroundForm),
}


def _opened(request: StaffRequest, pk: uuid.UUID) -> Person:
    person = actions.open_person(pk, by=request.user)
    return person


@require_GET
@requires(Permission.SEE_PERSONS)
def stay(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Residences and grounds of stay with their dates."""
    person = _opened(request, pk)
    context = {
        "person": person,
        "places": page.places(person, forms.reader()),
        "grounds": page.grounds(person),
        "may_change": access.can_change(request.user, person),
        "whereabouts_are_open": access.whereabouts_are_open(person),
    }
    return render(request, "people/stay.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def new_period(request: StaffRequest, pk: uuid.UUID, what: str) -> HttpResponse:
    """A residence or a ground of stay from a day on."""
    person = _opened(request, pk)
    if what == "residences":
        access.require_place(request.user, person)
    record = actions.record_residence if what == "residences" else actions.record_ground
    form = FORMS[what][0](request.POST or None, initial=page.first_values(person, what), worker=request.user)
    if form.is_valid():
        try:
            record(person, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The change is saved."))
            return redirect("people:stay", person.pk)
    return render(request, "people/period.html", {"person": person, "form": form, "what": what})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def change_period(request: StaffRequest, pk: uuid.UUID, what: str, row: uuid.UUID) -> HttpResponse:
    """Correct a row, or take one away that was never true."""
    person = _opened(request, pk)
    period = page.period(person, what, row)
    if period is None:
        raise Http404
    made = FORMS[what][1]
    form = made(request.POST or None, initial=part_forms.values_of(period, made), worker=request.user)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_period(period, by=request.user)
        messages.success(request, _("It is taken away. The history keeps it."))
        return redirect("people:stay", person.pk)
    if form.is_valid():
        try:
            actions.change_period(period, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("people:stay", person.pk)
    return render(request, "people/period.html", {"person": person, "form": form, "what": what, "period": period})
