"""Pages of persons who stand twice: the work list, the preview before a merge, and the way back."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions, comparing, duplicates, forms, merging, merging_forms, queries
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

PAIRS_ON_A_PAGE = 30


@require_GET
@requires(Permission.EDIT_PERSONS)
def pairs(request: StaffRequest) -> HttpResponse:
    """The work list: pairs that may be one person each, the likeliest first."""
    access.require_people(request.user)
    page = Paginator(duplicates.open_pairs(request.user), PAIRS_ON_A_PAGE).get_page(request.GET.get("page"))
    details = {"list": "duplicates", "found": len(page.object_list)}
    audit.record("persons.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    rows = queries.pair_rows(page.object_list)
    return render(request, "people/duplicates.html", {"page": page, "rows": rows})


@require_POST
@requires(Permission.EDIT_PERSONS)
def apart(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """These two are not the same person."""
    pair = get_object_or_404(duplicates.open_or_judged(request.user), pk=pk)
    duplicates.tell_apart(pair, by=request.user)
    messages.success(request, _("They stay two clients, and are not proposed again."))
    return redirect("people:duplicates")


@require_GET
@requires(Permission.EDIT_PERSONS)
def choose(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Find the other registration of the same person."""
    person = actions.open_person(pk, by=request.user)
    text = request.GET.get("q", "").strip() or person.name
    found = [each for each in queries.search(request.user, text) if each.person.pk != person.pk]
    context = {"person": person, "text": text, "found": queries.rows(request.user, found, forms.reader())}
    return render(request, "people/choose_other.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PERSONS)
def merge(request: StaffRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Both side by side, field by field; then one of them."""
    left, right = (access.openable_or_ask(request.user, each) for each in (pk, other))
    access.require_place(request.user, left)
    access.require_place(request.user, right)
    _note_seen(request, left, right)
    comparison = comparing.compare(left, right, forms.reader())
    form = merging_forms.MergeForm(request.POST or None, comparison=comparison)
    if request.method == "POST" and form.is_valid():
        try:
            merging.merge_people(left, right, **form.decision(), by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The two clients are now one."))
            return redirect("people:detail", left.pk)
    return render(request, "people/merge.html", {"form": form, "comparison": comparison})


def _note_seen(request: StaffRequest, left: Person, right: Person) -> None:
    """A line for each of the two, so that each finds it in the own view of looks."""
    for person, other in {(left, right), (right, left)}:
        details = {"other": str(other.pk)}
        audit.record(
            "persons.compared", by=request.user, controllers=[person.controller_id], subject=person, details=details
        )


@require_POST
@requires(Permission.EDIT_PERSONS)
def undo(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Make two persons of one again."""
    made = get_object_or_404(merging.visible_merges(request.user), pk=pk)
    try:
        merging.undo_merge(made, by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("They are two clients again, as they were."))
    return redirect("people:detail", made.survivor_id)
