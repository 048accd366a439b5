"""The small page of partners and volunteers: whom they meet today, and the few fields that they may see."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from kotisatama.audit import actions as audit
from kotisatama.people import access, fields
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_GET
@requires(Permission.MEET_PERSONS)
def met(request: StaffRequest) -> HttpResponse:
    """First names and languages of those whom the worker meets today."""
    people = list(access.met_people(request.user).prefetch_related("channels").order_by("sort_key", "id")[:200])
    details = {"found": len(people)}
    audit.record("persons.met_listed", by=request.user, controllers=request.user.controller_codes, details=details)
    hidden = fields.hidden_channels(people)
    rows = [(person.pk, fields.shown(request.user, person, hidden=hidden)) for person in people]
    return render(request, "people/met.html", {"rows": rows})


@require_GET
@requires(Permission.MEET_PERSONS)
def met_person(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The fields of one person that the worker's roles may see; the template is given nothing else."""
    person = get_object_or_404(access.met_people(request.user).prefetch_related("channels"), pk=pk)
    shown = fields.shown(request.user, person)
    details = {"purpose": access.met_purpose(request.user, person), "fields": [each.name for each in shown]}
    audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person, details=details)
    return render(request, "people/met_person.html", {"shown": shown})
