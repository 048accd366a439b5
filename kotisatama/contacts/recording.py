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
    if not found:
        return None
    people = people_access.visible_people(worker).filter(pk=found)
    with audit.counting():  # Whoever does not exist for the worker leaves nothing to tell in a line.
        exists = people.exists()
    return people.first() if exists else None


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


def note_shown(person: Person | None, *, by: Worker) -> bool:
    """A page that names a client leaves a line; whether the page may also say where the client lives."""
    if person is None:
        return False
    purpose = people_access.purpose_of(by, person.pk)
    action, details = "person.viewed" if purpose else "person.found", {"page": "contact", "purpose": purpose or ""}
    audit.record(action, by=by, controllers=[person.controller_id], subject=person, details=details)
    return bool(purpose)


def note_opened(contact: Contact, *, by: Worker) -> bool:
    """The line of a contact's page; whether the page may show what was written, not only what was counted.

    Words about a client are for those who may open the client, and for who wrote them.
    """
    purpose = people_access.purpose_of(by, contact.person_id) if contact.person_id else ""
    is_own = contact.worker_id == by.pk
    details = {"purpose": purpose or ("own_contact" if is_own else "")}
    audit.record("contact.viewed", by=by, controllers=[contact.controller_id], subject=contact, details=details)
    return not contact.person_id or is_own or bool(purpose)


def find_or_made(worker: Worker, text: str, *, made: object) -> list[people.Found]:
    """The same, with the client first who was just made for this contact on the page of a new client."""
    person = person_of(worker, made) if made and people_access.can_see_people(worker) else None
    others = find(worker, text)
    return ([people.Found(person, 1.0, "made")] if person else []) + others


def next_page(sent: Mapping[str, Any]) -> str:
    """Where the worker goes on: the page that asked for the contact, else an empty page for the next one."""
    wanted = str(sent.get("next") or "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("contacts:new")


def saved_message(contact: Contact) -> SafeString:
    """ "Saved", with the way to change or take back."""
    address = reverse("contacts:detail", args=[contact.pk])
    return format_html('{} <a href="{}">{}</a>', _("The contact is saved."), address, _("Change or take back"))
