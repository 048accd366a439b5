"""What becomes of a submission that a worker has taken: a person, a case, a contact, an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.cases import actions as cases
from kotisatama.cases import queries as case_queries
from kotisatama.contacts import access as contact_access
from kotisatama.contacts import actions as contacts
from kotisatama.intake import answering, concealing, rules, telling
from kotisatama.intake.locking import line, save, taken
from kotisatama.intake.models import Item
from kotisatama.messages import actions as messages
from kotisatama.messages import queries as message_queries
from kotisatama.people import access as people_access
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class Additions:
    """What the register shall learn from the submission: spellings, and channels as (kind, value, safe)."""

    names: Sequence[str] = ()
    channels: Sequence[tuple[str, str, bool]] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.channels)


@transaction.atomic
def tie(
    item: Item,
    person: Person,
    *,
    version: int,
    by: Worker,
    person_version: int = 0,
    additions: Additions | None = None,
    case_reason: str = "",
) -> Item:
    """Say whose submission it is; a contact recorded before becomes the person's too.

    With `case_reason` a case is opened.
    """
    item = taken(item, by=by)
    if item.person_id == person.pk:
        return item
    rules.check_version(item, version)
    rules.check_can_be_tied(item, person)
    if not people_access.visible_people(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    people_access.require_current(person)
    item = _tie(item, person, case_reason=case_reason, by=by)  # From here on the record opens for the worker.
    if additions:
        _add_to_register(person, additions, version=person_version, by=by)
    return item


@transaction.atomic
def make_person(
    item: Item, *, version: int, key: UUID, by: Worker, fields: Mapping[str, Any], case_reason: str = ""
) -> Item:
    """Make a person of the submission and tie it. `fields` are those of people.actions.make_person."""
    item = taken(item, by=by)
    if item.person_id == key:
        return item
    rules.check_version(item, version)
    rules.check_can_be_tied(item, Person(pk=key))
    person = people.make_person(key=key, controller=item.controller_id, by=by, **fields)
    return _tie(item, person, case_reason=case_reason, by=by)


@transaction.atomic
def record_contact(item: Item, *, version: int, by: Worker, fields: Mapping[str, Any]) -> Item:
    """Record the help as a contact, of the person tied or of nobody. `fields` are those of contacts.actions."""
    item = taken(item, by=by)
    if item.contact_id:
        return item
    rules.check_version(item, version)
    person = person_of(item, by=by)
    # The item's own id is the contact's key: one submission is counted once, however often the page is sent.
    item.contact = contacts.record_contact(
        key=item.pk, person=person, submission=item.submission, by=by, **{"at": timezone.now(), **fields}
    )
    save(item, "contact")
    line("submission.recorded", item, by, contact=str(item.contact_id))
    return item


@transaction.atomic
def answer(item: Item, *, version: int, key: UUID, address: str, template: str, text: str = "", by: Worker) -> Item:
    """Put the answer into the outbox, in the person's language. `address` is a code of answering.addresses."""
    item = taken(item, by=by)
    if message_queries.by_key(by, key):
        return item
    rules.check_version(item, version)
    person = person_of(item, by=by)
    chosen = answering.address(item, person, address)
    rules.check_address(chosen is not None)
    assert chosen is not None
    message = messages.queue_message(
        key=key,
        controller=item.controller_id,
        channel=chosen.channel,
        address=chosen.value,
        language=answering.language(item),
        template=template,
        parameters=answering.own_parameters(item, template, text),
        by=by,
        person=person,
        submission=item.submission,
        numbers=telling.numbers(item),
    )
    item.answered_at = timezone.now()
    save(item, "answered_at")
    line("submission.answered", item, by, message=str(message.pk))
    return item


def person_of(item: Item, *, by: Worker) -> Person | None:
    """The client of the submission, as far as the worker may find one."""
    return people_access.visible_people(by).filter(pk=item.person_id).first() if item.person_id else None


def _tie(item: Item, person: Person, *, case_reason: str, by: Worker) -> Item:
    item.person = person
    save(item, "person")
    if item.contact_id:
        contacts.tie_to_person(contact_access.visible_contacts(by).get(pk=item.contact_id), person, by=by)
    if case_reason:
        case = case_queries.open_case_of(person)
        item.case = case or cases.open_case(person, reason=case_reason, on=timezone.localdate(), by=by)
        item.save(update_fields=["case"])
    messages.give_to_person(item.submission, person)
    people.conceal(person, *concealing.TABLES)
    line("submission.tied", item, by, person=str(person.pk), case=str(item.case_id or ""))
    return item


def _add_to_register(person: Person, additions: Additions, *, version: int, by: Worker) -> None:
    """Add to what the register has; a number that it has already keeps its flag."""
    names = [name.text for name in person.names.all()]
    channels = [(row.kind, row.value, row.safe_to_leave_message) for row in people_queries.channels(person)]
    people.change_person(
        person,
        version=version,
        by=by,
        names=[*names, *additions.names],
        channels=[*additions.channels, *channels],
    )
