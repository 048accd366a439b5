"""Questions to experts: the worker asks, the expert reads the submission without identity and replies."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.intake import access, actions, asking_reading, forms, queries, reading
from kotisatama.intake.asking_forms import QuestionForm, ReplyForm
from kotisatama.intake.models import ExpertQuestion, Item
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@requires(Permission.HANDLE_SUBMISSIONS)
def ask(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask one expert; beside the question stands what the expert will see."""
    found = queries.opened_by_key(request.user, pk)
    reading.note_opened(found, request.user)
    if not access.has_taken(request.user, found):
        messages.error(request, _("Take this submission first."))
        return redirect("intake:item", pk)
    initial = {"version": found.version, "key": identifiers.new_id()}
    form = QuestionForm(request.POST or None, initial=initial, experts=access.experts_for(found))
    if form.is_valid():
        try:
            _ask(request, found, form)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The expert is asked. The reply comes to this page."))
            return redirect("intake:item", pk)
    context = {"form": form, "shown": asking_reading.shown(found, forms.reader())}
    heading = {"item": found, "line": queries.lines([found], request.user, forms.reader())[0]}
    return render(request, "intake/ask_expert.html", heading | context)


def _ask(request: StaffRequest, found: Item, form: QuestionForm) -> None:
    given: dict[str, Any] = {name: form.cleaned_data[name] for name in ("key", "question", "version")}
    actions.ask_expert(found, expert=form.experts[form.cleaned_data["expert"]], by=request.user, **given)


@require_POST
@requires(Permission.HANDLE_SUBMISSIONS)
def withdraw(request: StaffRequest, pk: UUID, question: UUID) -> HttpResponse:
    """The expert need not reply any more."""
    found = get_object_or_404(access.visible_items(request.user), pk=pk)
    row = get_object_or_404(found.expert_questions.all(), pk=question)
    actions.withdraw_question(row, by=request.user)
    messages.success(request, _("The question is withdrawn."))
    return redirect("intake:item", pk)


@require_GET
@requires(Permission.ANSWER_EXPERT_QUESTIONS)
def questions(request: StaffRequest) -> HttpResponse:
    """What the expert was asked: those that wait first."""
    found = asking_reading.questions(request.user)
    details = {"page": "questions", "found": len(found)}
    audit.record("expert_question.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    return render(request, "intake/questions.html", {"questions": found})


@page
@requires(Permission.ANSWER_EXPERT_QUESTIONS)
def question(request: StaffRequest, question: UUID) -> HttpResponse:
    """One question with the submission without identity, as long as it waits; the reply is sent once."""
    found = get_object_or_404(asking_reading.opened(request.user), pk=question)
    _note(request, found)
    form = ReplyForm(request.POST or None)
    if form.is_valid():
        try:
            actions.reply(found, text=form.cleaned_data["text"], by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Your reply is sent."))
            return redirect("intake:questions")
    shown = asking_reading.shown(found.item, forms.reader()) if found.replied_at is None else []
    return render(request, "intake/question.html", {"question": found, "form": form, "shown": shown})


def _note(request: StaffRequest, found: ExpertQuestion) -> None:
    """The line of a look without identity: whose submission it is stands in the line, never on the page."""
    audit.record(
        "expert_question.viewed",
        by=request.user,
        controllers=[found.controller_id],
        subject=found.item.submission,
        about=found.item.person_id,
        details={"question": str(found.pk), "whole": found.replied_at is None},
    )
