"""What contacts say of where a protected person lives and is met, hidden and taken back."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from kotisatama.contacts.models import Change, Contact
from kotisatama.people.models import Person
from kotisatama.people.registry import Part

CONTACTS, CHANGES = "contacts_contact", "contacts_change"
# The place itself stays in its column, for the counts of each place; no page names it (`queries.Row.place`).
HIDDEN = {"municipality": "secret", "note": "", "referred_to": ""}
TOLD_BEFORE = frozenset({*HIDDEN, "service_point"})


def conceal(person: Person) -> Iterable[Part]:
    """The municipality and the worker's own words: figures count the contact under `secret` from now on."""
    found = Contact.objects.filter(person=person).exclude(**HIDDEN).select_related("service_point")
    return [_take(contact) for contact in found.select_for_update(of=("self",))]


def _take(contact: Contact) -> Part:
    said = {name: getattr(contact, name) for name, empty in HIDDEN.items() if getattr(contact, name) != empty}
    for name in said:
        setattr(contact, name, HIDDEN[name])
    contact.save(update_fields=list(said))
    return Part(contact.pk, contact.controller_id, said | {"place": str(contact.service_point)})


def reveal(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the columns back; what was written since in the others stays."""
    Contact.objects.filter(pk=row).update(**{name: value for name, value in said.items() if name in HIDDEN})


def conceal_changes(person: Person) -> Iterable[Part]:
    """What contacts said before they were changed, and why they were."""
    telling = Q(before__has_any_keys=sorted(TOLD_BEFORE)) | ~Q(reason="")
    found = Change.objects.filter(telling, contact__person=person)
    return [_take_change(change) for change in found.select_for_update(of=("self",))]


def _take_change(change: Change) -> Part:
    before = {name: value for name, value in change.before.items() if name in TOLD_BEFORE}
    said = {"before": before} | ({"reason": change.reason} if change.reason else {})
    change.before = {name: value for name, value in change.before.items() if name not in TOLD_BEFORE}
    change.reason = ""
    change.save(update_fields=["before", "reason"])
    return Part(change.pk, change.controller_id, said)


def reveal_changes(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put back what a change told."""
    for change in Change.objects.filter(pk=row):
        change.before |= said.get("before", {})
        change.reason = said.get("reason", change.reason)
        change.save(update_fields=["before", "reason"])
