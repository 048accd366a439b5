"""What messages say of a protected person, hidden and taken back; sending opens it for the moment of handing over."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from kotisatama.messages.models import Message
from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.people.registry import Part

MESSAGES = Message._meta.db_table
HIDDEN = ("address", "subject", "body")


def conceal(person: Person) -> Iterable[Part]:
    """Where the messages went and what they said, those that still wait too."""
    found = Message.objects.filter(person=person).exclude(**dict.fromkeys(HIDDEN, ""))
    return [_take(message) for message in found.select_for_update(of=("self",))]


def _take(message: Message) -> Part:
    said = {name: getattr(message, name) for name in HIDDEN if getattr(message, name)}
    for name in said:
        setattr(message, name, "")
    message.save(update_fields=list(said))
    return Part(message.pk, message.controller_id, said)


def reveal(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the columns back."""
    Message.objects.filter(pk=row).update(**{name: value for name, value in said.items() if name in HIDDEN})


def open_for_sending(message: Message) -> None:
    """Fill in, in memory alone, what a non-disclosure hides of a message that is about to be handed over."""
    if message.address:
        return
    for name, value in people.concealed_content(MESSAGES, message.pk).items():
        setattr(message, name, value)
