"""The inbox: the queue, and one submission beside it with its short steps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kotisatama.audit import actions as audit
from kotisatama.intake import access, actions, agreeing, answering, asking_reading, forms, queries, reading
from kotisatama.intake.models import Item
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access as people_access
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

ROWS_ON_A_PAGE = 25


@require_GET
@requires(Permission.SEE_INBOX)
def inbox(request: StaffRequest) -> HttpResponse:
    """The queue: urgent first, then the oldest, narrowed by the filters of the address."""
    asked = queries.wanted(request.GET)
    context = _list(request, asked)
    page = context["page"]
    details = {"filters": asked.filters, "page": page.number, "found": page.paginator.count}
    audit.record("inbox.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    return render(request, "intake/inbox.html", context)


def _list(request: StaffRequest, asked: queries.Wanted) -> dict[str, Any]:
    pages = Paginator(queries.filtered(request.user, asked), ROWS_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    reader = forms.reader()
    return {
        "asked": asked,
        "page": page,
        "lines": queries.lines(page.object_list, request.user, reader),
        "filters": queries.filters(request.user, asked, reader),
        "summary": queries.summary(request.user),
    }


@require_GET
@requires(Permission.SEE_INBOX)
def item(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One submission beside the list: everybody of the controller may read it, whoever has taken it works on it."""
    found = get_object_or_404(queries.opened(request.user), pk=pk)
    reading.note_opened(found, request.user)
    context = _list(request, queries.wanted(request.GET)) | _opened(request, found)
    return render(request, "intake/item.html", context)


def _opened(request: StaffRequest, found: Item) -> dict[str, object]:
    viewer, reader = request.user, forms.reader()
    is_mine = access.has_taken(viewer, found)
    person = reading.person(found, viewer)
    agreements = agreeing.agreements(found)
    return {
        "item": found,
        "agreements": agreements,
        "in_ledger": agreeing.in_ledger(person, agreements),
        "line": queries.lines([found], viewer, reader)[0],
        "names": reading.language_names(found, reader),
        "answers": reading.answers(found, viewer, reader),
        "person": person,
        "corrections": list(found.corrections.all()),
        "expert_questions": asking_reading.of_item(found),
        "sent": reading.sent_messages(found, viewer),
        "addresses": answering.addresses(found, person) if is_mine else [],
        "answers_in": answering.language(found),
        "may_take": access.can_handle(viewer, found),
        "may_take_over": access.can_take_over(viewer, found, at=timezone.now()),
        "is_mine": is_mine,
        **(_finding(request, found) if is_mine and person is None else {}),
        **_steps(found),
    }


def _finding(request: StaffRequest, found: Item) -> dict[str, object]:
    """Who it may be, for a worker to whom clients exist; the line tells how many were shown, never the words."""
    if not people_access.can_see_people(request.user):
        return {}
    text = request.GET.get("find", "")[:200]
    rows = reading.candidates(found, request.user, forms.reader(), text)
    details = {"found": len(rows)}
    audit.record("persons.searched", by=request.user, controllers=request.user.controller_codes, details=details)
    invited = reading.invited_person(found, request.user)
    return {"finds": True, "candidates": rows, "find_person": text, "invited": invited}


def _steps(found: Item) -> dict[str, object]:
    initial = {"version": found.version}
    ending = {"ending": "helped"} if found.contact_id else {}
    return {
        "finish_form": forms.FinishForm(initial=initial | ending, auto_id="finish_%s"),
        "take_over_form": forms.TakeOverForm(initial=initial, auto_id="take_over_%s"),
    }


def _step(request: StaffRequest, pk: UUID, form: forms.StepForm, act: Callable[[Item], object]) -> str:
    """Do a step on the item; the sentence says why it could not be done, empty when it was."""
    found = get_object_or_404(access.visible_items(request.user), pk=pk)
    if not form.is_valid():
        return form.refusal()
    try:
        act(found)
    except NotAllowed as reason:
        return str(reason)
    return ""


def _back(request: StaffRequest, pk: UUID, refusal: str, done: str) -> HttpResponse:
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, done)
    return redirect("intake:item", pk)


@require_POST
@requires(Permission.SEE_INBOX)
def claim(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take the submission; the second of two is told who was first."""
    form = forms.StepForm(request.POST)
    refusal = _step(request, pk, form, lambda found: actions.claim(found, by=request.user))
    return _back(request, pk, refusal, _("You have taken this. Colleagues see your name on it."))


@require_POST
@requires(Permission.SEE_INBOX)
def release(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put it back into the queue."""
    form = forms.StepForm(request.POST)
    refusal = _step(request, pk, form, lambda found: actions.release(found, by=request.user, **form.cleaned_data))
    return _back(request, pk, refusal, _("It waits in the queue again."))


@require_POST
@requires(Permission.SEE_INBOX)
def take_over(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Go on in the place of a colleague."""
    form = forms.TakeOverForm(request.POST)
    refusal = _step(request, pk, form, lambda found: actions.take_over(found, by=request.user, **form.cleaned_data))
    return _back(request, pk, refusal, _("You have taken this over. Colleagues see your name on it."))


@require_POST
@requires(Permission.SEE_INBOX)
def finish(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say that nothing more is to be done."""
    form = forms.FinishForm(request.POST)
    refusal = _step(request, pk, form, lambda found: actions.finish(found, by=request.user, **form.cleaned_data))
    return _back(request, pk, refusal, _("This submission is done."))


@require_POST
@requires(Permission.SEE_INBOX)
def reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Undo the end."""
    form = forms.StepForm(request.POST)
    refusal = _step(request, pk, form, lambda found: actions.reopen(found, by=request.user, **form.cleaned_data))
    return _back(request, pk, refusal, _("This submission is open again, and you have it."))
