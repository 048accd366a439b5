"""The counsellor's page from which a client gets the link to who has looked."""

import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, actions
from kotisatama.people.models import LooksLink, Person
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission


class LinkForm(forms.Form):
    """In which language the client will read."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    language = forms.ChoiceField(label=gettext_lazy("Language of the page"), choices=settings.LANGUAGES)


def initial_of(person: Person) -> dict[str, object]:
    """A new key, and the first of the client's languages that the pages have."""
    public = dict(settings.LANGUAGES)
    language = next((code for code in person.service_languages if code in public), "en")
    return {"key": identifiers.new_id(), "language": language}


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PERSONS)
def links(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The links that work, and a new one: its address is shown once, to be printed or read out."""
    person = access.openable_or_ask(request.user, pk)
    form = LinkForm(request.POST or None, initial=initial_of(person))
    context: dict[str, object] = {"person": person}
    if request.method == "POST" and form.is_valid():
        try:
            link, secret = actions.make_looks_link(person, by=request.user, **form.cleaned_data)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            context |= {"link": link, "address": address(request, link, secret), "paper": for_the_client(link)}
            form = LinkForm(initial=initial_of(person))
    if "link" not in context:
        audit.record("person.viewed", by=request.user, controllers=[person.controller_id], subject=person)
    return render(request, "people/looks.html", context | {"form": form, "links": access.working_looks_links(person)})


def address(request: StaffRequest, link: LooksLink, secret: str) -> str:
    """The whole address, in the language that the client reads."""
    with translation.override(link.language):
        return request.build_absolute_uri(reverse("portal:looks_enter", args=[secret]))


def for_the_client(link: LooksLink) -> dict[str, str]:
    """What the paper says to the client, in the client's language."""
    with translation.override(link.language):
        text = _(
            "Your link works until %(day)s. Whoever has the link can see this page, so keep it to yourself. "
            "A worker can end the link at any time."
        )
        day = formats.date_format(timezone.localtime(link.expires_at), "j.n.Y")
        return {"language": link.language, "title": _("Who has looked at your data"), "text": text % {"day": day}}


@require_POST
@requires(Permission.SEE_PERSONS)
def withdraw(request: StaffRequest, pk: uuid.UUID, link_pk: uuid.UUID) -> HttpResponse:
    """End a link."""
    person = access.openable_or_ask(request.user, pk)
    link = get_object_or_404(person.looks_links.all(), pk=link_pk)
    actions.withdraw_looks_link(link, by=request.user)
    messages.success(request, _("The link does not work any more."))
    return redirect("people:looks", person.pk)
