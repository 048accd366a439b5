"""Asking a person to correct some answers: which questions, in which words, by which way."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kotisatama.intake import access, actions, answering, correcting, forms, queries, reading
from kotisatama.intake.correction_forms import PAPER, CorrectionForm, to_ask_again
from kotisatama.intake.models import Correction, Item
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEND_MESSAGES)
def ask(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Mark questions with a sentence each; the link leaves by a message, or is shown once for paper."""
    found = queries.opened_by_key(request.user, pk)
    reading.note_opened(found, request.user)
    if not access.has_taken(request.user, found):
        messages.error(request, _("Take this submission first."))
        return redirect("intake:item", pk)
    addresses = answering.addresses(found, reading.person(found, request.user))
    initial = {
        "version": found.version,
        "key": identifiers.new_id(),
        "delivery": addresses[0].code if addresses else PAPER,
        **to_ask_again(found),
    }
    form = CorrectionForm(request.POST or None, initial=initial, item=found, addresses=addresses)
    if form.is_valid():
        try:
            made, code = _ask(request, found, form)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            return _asked(request, found, form, made, code)
    context = {"form": form, "rows": form.rows(forms.reader()), "language_name": correcting.language_name(found)}
    return render(request, "intake/ask.html", _heading(request, found) | context)


def _heading(request: StaffRequest, found: Item) -> dict[str, object]:
    return {"item": found, "line": queries.lines([found], request.user, forms.reader())[0]}


def _ask(request: StaffRequest, found: Item, form: CorrectionForm) -> tuple[Correction, str]:
    given = {name: form.cleaned_data[name] for name in ("key", "version")}
    delivery = actions.Delivery(form.address(), lambda code: _link(request, found, code))
    return actions.ask_correction(found, asked=form.asked(), delivery=delivery, by=request.user, **given)


def _link(request: StaffRequest, found: Item, code: str) -> str:
    """The whole address, in the language in which the person reads the page."""
    with translation.override(correcting.page_language(found)):
        return request.build_absolute_uri(reverse("portal:correction_enter", args=[code]))


def _asked(request: StaffRequest, found: Item, form: CorrectionForm, made: Correction, code: str) -> HttpResponse:
    if form.address():
        messages.success(request, _("The question is in the outbox and leaves in a moment."))
        return redirect("intake:item", found.pk)
    with translation.override(made.language):
        page = request.build_absolute_uri(reverse("portal:correction_code"))
    context = {"correction": made, "code": code, "link": _link(request, found, code), "page": page}
    return render(request, "intake/asked.html", _heading(request, found) | context)


@require_POST
@requires(Permission.SEND_MESSAGES)
def withdraw(request: StaffRequest, pk: UUID, correction: UUID) -> HttpResponse:
    """End the link."""
    found = get_object_or_404(access.visible_items(request.user), pk=pk)
    row = get_object_or_404(found.corrections.all(), pk=correction)
    actions.withdraw_correction(row, by=request.user)
    messages.success(request, _("The link does not work any more."))
    return redirect("intake:item", pk)
