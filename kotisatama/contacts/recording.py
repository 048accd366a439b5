"""From the page of a new contact to the contact: with whom, and about which form that was sent in."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.audit.actions import counting
from kotisatama.contacts import actions
from kotisatama.contacts.forms import NewContactForm
from kotisatama.contacts.models import Contact
from kotisatama.forms import access as forms_access
from kotisatama.forms.models import Submission
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


def as_id(text: object) -> uuid.UUID | None:
    """The id that an address or a form names, None when it is none."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def person_of(worker: Worker, text: object) -> Person | None:
    """The client that a page names, if one exists for the worker; whoever shows it notes that (`note_shown`)."""
    found = as_id(text)
    with counting():  # That an address names nobody tells nothing of any client.
        return people_access.visible_people(worker).filter(pk=found).first() if found else None


def submission_of(worker: Worker, text: object) -> Submission | None:
    """The submission that a page names, if it exists for the worker."""
    found = as_id(text)
    return forms_access.visible_submissions(worker).filter(pk=found).first() if found else None


def record(form: NewContactForm, *, by: Worker) -> Contact:
    """Record what a valid form says; NotAllowed when its client or its submission does not exist for the worker."""
    given = form.cleaned_data
    person, submission = person_of(by, given["person"]), submission_of(by, given["submission"])
    if (given["person"] and not person) or (given["submission"] and not submission):
        raise NotAllowed(_("The client or the form of this page is not there any more. Open the page again."))
    return actions.record_contact(
        key=given["key"], by=by, person=person, submission=submission, **form.contact_fields()
    )


def find(worker: Worker, text: str) -> list[people.Found]:
    """Clients who may be the one at the desk, at most eight; the line tells how many, never the words."""
    if not text.strip() or not people_access.can_see_people(worker):
        return []
    found = people.search(worker, text, limit=8)
    audit.record("persons.searched", by=worker, controllers=worker.controller_codes, details={"found": len(found)})
    return found


def note_shown(person: Person | None, *, by: Worker) -> None:
    """A page that names a client leaves a line."""
    if person:
        details = {"page": "contact"}
        audit.record("person.viewed", by=by, controllers=[person.controller_id], subject=person, details=details)


def next_page(sent: Mapping[str, Any]) -> str:
    """Where the worker goes on: the page that asked for the contact, else an empty page for the next one."""
    wanted = str(sent.get("next") or "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("contacts:new")


def saved_message(contact: Contact) -> SafeString:
    """ "Saved", with the way to change or take back."""
    address = reverse("contacts:detail", args=[contact.pk])
    return format_html('{} <a href="{}">{}</a>', _("The contact is saved."), address, _("Change or take back"))
