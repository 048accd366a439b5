"""Recording and changing contacts; each leaves one audit line."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.cases import actions as cases
from kotisatama.contacts import access, concealing, queries, rules
from kotisatama.contacts.models import Change, Channel, Contact, Topic
from kotisatama.contacts.tying import untie_from_person
from kotisatama.forms.models import Submission
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Municipality, ServicePoint
from kotisatama.people import access as people
from kotisatama.people import actions as people_actions
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

__all__ = ["change_contact", "record_contact", "tie_to_person", "undo_contact", "untie_from_person"]

# What an anonymous visitor tells; a client's come from the register.
ANONYMOUS_DETAILS = ("age_band", "gender", "citizenship", "mother_tongue", "ground_of_stay", "time_in_finland")
OPTIONAL = frozenset(
    {*ANONYMOUS_DETAILS, "interpreter", "duration", "outcome", "referred_to", "out_of_hours", "funding_line", "note"}
)
CHANGEABLE = OPTIONAL | {"at", "service_point", "channel", "municipality", "service_language", "topics"}
NO_MUNICIPALITY = frozenset({"unknown", "abroad", "secret"})


@transaction.atomic
def record_contact(
    *,
    key: uuid.UUID,
    at: datetime,
    service_point: ServicePoint,
    channel: str,
    municipality: str,
    service_language: str,
    topics: Sequence[str],
    by: Worker,
    person: Person | None = None,
    submission: Submission | None = None,
    **optional: Any,
) -> Contact:
    """Record one contact; the same `key` twice is the same contact. `at` has a zone, the rest are codes.

    `optional` are the model's further fields; without `out_of_hours` it follows from the opening hours. A client's
    contact keeps no anonymous details, and that of a client with non-disclosure no municipality. NotAllowed for what
    cannot be.
    """
    access.require_recording(by)
    made = access.visible_contacts(by).filter(key=key, worker=by).first()
    if made:
        return made
    _check_person(person, by)
    people_actions.check_not_restricted(person)
    if person and person.municipality == "secret":
        municipality = "secret"
    contact = Contact(key=key, worker=by, person=person, submission=submission)
    contact.by_association = queries.association_of(by)
    optional.setdefault("out_of_hours", queries.is_out_of_hours(service_point, at))
    required = {
        "at": at,
        "service_point": service_point,
        "channel": channel,
        "municipality": municipality,
        "service_language": service_language,
        "topics": list(dict.fromkeys(topics)),
    }
    _set(contact, required | optional, by=by)
    saved = _insert(contact)
    if saved is contact:
        details = {"channel": channel, "anonymous": person is None}
        audit.record("contact.recorded", by=by, controllers=[contact.controller_id], subject=contact, details=details)
        if person:
            cases.note_contact(person, on=timezone.localdate(at))
        people_actions.conceal(person, concealing.CONTACTS)
    return saved


@transaction.atomic
def change_contact(contact: Contact, *, version: int, reason: str, by: Worker, **fields: Any) -> Contact:
    """Change fields; what they said before is kept. `reason` is needed after the contact's day and for a colleague's.

    `version` is that of the page that was opened: ChangedMeanwhile when somebody saved since.
    """
    current = _locked(contact, by)
    rules.check_unchanged(current, version=version)
    people_actions.check_not_restricted(current.person)
    rules.check_reason(current, by, reason)
    before = {name: _plain(current, name) for name in fields}
    _set(current, fields, by=by)
    changed = {name: value for name, value in before.items() if value != _plain(current, name)}
    if changed:
        _save_change(current, changed, reason=reason, by=by)
    if "at" in changed and current.person:
        cases.recount_contacts(current.person)
    return current


@transaction.atomic
def tie_to_person(contact: Contact, person: Person, *, by: Worker) -> Contact:
    """Make an anonymous contact a client's, who is then counted once; what the visitor told is kept as a change."""
    current = _locked(contact, by)
    rules.check_tieable(current)
    _check_person(person, by)
    people_actions.check_not_restricted(person)
    before = {name: _plain(current, name) for name in ANONYMOUS_DETAILS if getattr(current, name)}
    if person.municipality == "secret":
        before["municipality"] = current.municipality
        current.municipality = "secret"
    current.person = person
    _set(current, {}, by=by)
    _save_change(current, {"person": None, **before}, reason="", by=by)
    cases.note_contact(person, on=timezone.localdate(current.at))
    return current


@transaction.atomic
def undo_contact(contact: Contact, *, by: Worker) -> None:
    """Take a contact back on its day, as if it had not been recorded; the audit line stays."""
    current = _locked(contact, by)
    rules.check_undoable(current, by)
    audit.record("contact.undone", by=by, controllers=[current.controller_id], subject=current)
    try:
        current.delete()
    except ProtectedError as reason:
        raise NotAllowed(_("Something else refers to this contact. Change it instead.")) from reason
    if current.person:
        cases.recount_contacts(current.person)


def _locked(contact: Contact, by: Worker) -> Contact:
    current = Contact.objects.select_for_update().get(pk=contact.pk)
    if not access.can_change(by, current):
        raise PermissionDenied
    return current


def _check_person(person: Person | None, by: Worker) -> None:
    if person and not people.visible_people(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    people.require_current(person)


def _set(contact: Contact, fields: Mapping[str, Any], *, by: Worker) -> None:
    """Put the fields in, checked, with what follows from them: the controller, and no anonymous details of a client."""
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"a contact has no {sorted(unknown)}")
    for name, value in fields.items():
        setattr(contact, name, value)
    if contact.person_id:
        for name in ANONYMOUS_DETAILS:
            setattr(contact, name, "")
    _check_values(contact)
    if contact._state.adding or contact.municipality != "secret":  # A hidden home does not move the row.
        contact.controller_id = queries.controller_for(contact.municipality, contact.service_point, by)


def _check_values(contact: Contact) -> None:
    rules.check_moment(contact.at)
    rules.check_known([contact.channel], Channel.values, _("Choose how the contact came about."))
    rules.check_known([contact.service_language], languages.all_languages(), _("Choose a language from the list."))
    if not contact.topics:
        raise NotAllowed(_("Choose at least one topic."))
    known = Topic.objects.filter(code__in=contact.topics).values_list("code", flat=True)
    rules.check_known(contact.topics, known, _("Choose the topics from the list."))
    if contact.municipality not in NO_MUNICIPALITY:
        municipalities = Municipality.objects.filter(code=contact.municipality).values_list("code", flat=True)
        rules.check_known([contact.municipality], municipalities, _("Choose a municipality from the list."))


def _insert(contact: Contact) -> Contact:
    """Save the contact, or return the one that the same POST made a moment ago."""
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError as reason:
        same = access.visible_contacts(contact.worker).filter(key=contact.key, worker=contact.worker).first()
        if same is None:  # The key is that of a row which does not exist for this worker.
            raise NotAllowed(_("This page was used before. Open it again.")) from reason
        return same
    return contact


def _plain(contact: Contact, name: str) -> Any:
    """A field's value as JSON can keep it: moments as ISO 8601, rows as their keys."""
    value = contact.serializable_value(name)
    return value.isoformat() if isinstance(value, datetime) else value


def _save_change(contact: Contact, before: Mapping[str, Any], *, reason: str, by: Worker) -> None:
    contact.version += 1
    contact.save()
    contact.changes.update(controller_id=contact.controller_id)
    Change.objects.create(
        controller_id=contact.controller_id,
        contact=contact,
        worker=by,
        reason=reason.strip()[:200],
        before=dict(before),
    )
    details = {"fields": sorted(before)}
    audit.record("contact.changed", by=by, controllers=[contact.controller_id], subject=contact, details=details)
    people_actions.conceal(contact.person, concealing.CONTACTS, concealing.CHANGES)
