"""The page from which a worker sends a form to a client, and the end of its link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.forms import queries as form_queries
from kotisatama.forms.models import Version
from kotisatama.intake import access, actions, answering, forms, prefilling
from kotisatama.intake.invitation_forms import ChooseForm, InvitationForm, language_of
from kotisatama.intake.models import Invitation
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import access as message_access
from kotisatama.people import access as people_access
from kotisatama.people.models import Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.HANDLE_SUBMISSIONS)
def invite(request: StaffRequest, person_pk: UUID) -> HttpResponse:
    """Choose a form and a language, see what will be filled in, and send it."""
    person = people_access.openable_or_ask(request.user, person_pk)
    versions = form_queries.published_versions()
    asked = request.GET if "form" in request.GET else None
    choose = ChooseForm(asked, initial={"language": language_of(person)}, versions=versions, reader=forms.reader())
    context: dict[str, object] = {"person": person, "choose": choose}
    if choose.is_valid():
        version = next(each for each in versions if each.form.code == choose.cleaned_data["form"])
        form = _form(request, person, version)
        context |= {"form": form, "version": version, "title": form_queries.title(version, forms.reader())}
        if request.method == "POST" and form.is_valid():
            try:
                return _invited(request, person, choose, form)
            except NotAllowed as reason:
                form.add_error(None, str(reason))
    audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person)
    return render(request, "intake/invite.html", context)


def _form(request: StaffRequest, person: Person, version: Version) -> InvitationForm:
    known = prefilling.known_to(form_queries.definition(version), person, forms.reader())
    may_send = message_access.can_send(request.user, person.controller_id)
    addresses = answering.safe_addresses(person) if may_send else []
    initial = {
        "key": identifiers.new_id(),
        "targets": [each.target for each in known],
        "delivery": addresses[0].code if addresses else "paper",
    }
    return InvitationForm(request.POST or None, initial=initial, known=known, addresses=addresses)


def _invited(request: StaffRequest, person: Person, choose: ChooseForm, form: InvitationForm) -> HttpResponse:
    language = choose.cleaned_data["language"]
    made, code = actions.invite(
        person,
        key=form.cleaned_data["key"],
        form=choose.cleaned_data["form"],
        language=language,
        targets=form.targets_chosen(),
        delivery=actions.Delivery(form.address(), lambda code: _link(request, language, code)),
        by=request.user,
    )
    if form.address():
        messages.success(request, _("The form is in the outbox and leaves in a moment."))
        return redirect("people:detail", person.pk)
    context = {"person": person, "invitation": made, "code": code, "paper": _paper(request, made, code)}
    return render(request, "intake/invited.html", context)


def _link(request: StaffRequest, language: str, code: str) -> str:
    """The whole address, in the language in which the client reads."""
    with translation.override(language):
        return request.build_absolute_uri(reverse("portal:invited_enter", args=[code]))


def _paper(request: StaffRequest, made: Invitation, code: str) -> dict[str, str]:
    """What the paper says to the client, in the client's language."""
    with translation.override(made.language):
        text = _(
            "Open the address and write the code, or open the link. First we ask for your year of birth. "
            "The code works until %(day)s. Keep the paper to yourself."
        )
        return {
            "title": _("A form to fill in"),
            "text": text % {"day": formats.date_format(timezone.localtime(made.expires_at), "j.n.Y")},
            "page": request.build_absolute_uri(reverse("portal:go_on")),
            "link": _link(request, made.language, code),
        }


@require_POST
@requires(Permission.HANDLE_SUBMISSIONS)
def end(request: StaffRequest, person_pk: UUID, invitation: UUID) -> HttpResponse:
    """End the link."""
    person = people_access.openable_or_ask(request.user, person_pk)
    row = get_object_or_404(access.invitations_of(request.user, person), pk=invitation)
    actions.end_invitation(row, by=request.user)
    messages.success(request, _("The link does not work any more."))
    return redirect("people:detail", person.pk)
