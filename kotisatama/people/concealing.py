"""What is written of a protected person from now on goes under the seal too."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction

from kotisatama.people import protected_details, registry, rules
from kotisatama.people.models import ConcealedPart, Person, Protection
from kotisatama.people.parts import ChannelRow as FormRow
from kotisatama.people.protected_details import FIRST_COLUMNS, ChannelRow
from kotisatama.people.shielding import NO_PLACE

NAMES_NO_PLACE = frozenset({"", "unknown", NO_PLACE})
CHANNEL = "channel."
# Where the register itself writes where somebody lives.
OWN_TABLES = ("people_residence", "people_personchange")
REQUESTS = "people_rectification"


def running(person: Person) -> Protection | None:
    """The non-disclosure that runs, under a lock."""
    return Protection.objects.select_for_update().filter(person=person, ended_at__isnull=True).first()


@transaction.atomic
def conceal(person: Person | None, *tables: str) -> None:
    """Hide what was just written in these tables about a protected person; nothing to do for anybody else.

    Whoever writes a row of a person calls this at the end, in the same transaction.
    """
    protection = running(person) if person else None
    if not protection or not person:
        return
    for concealer in registry.concealers():
        if concealer.table in tables:
            protected_details.keep(protection, concealer.table, concealer.conceal(person))


def divert(person: Person, given: dict[str, Any]) -> bool:
    """Take out of a change of a protected person what tells the place, and seal it; nothing that was typed is lost.

    `given` is as `editing.asked` makes it. The screens of a protected person show no channels: none given means that
    nothing was typed, not that all are gone. Whether anything was sealed.
    """
    protection = running(person) if person.is_protected else None
    if not protection:
        return False
    municipality = given.pop("municipality", NO_PLACE)
    typed = channels([row for name in [*given] if name.startswith(CHANNEL) for row in given.pop(name)])
    if municipality in NAMES_NO_PLACE and not typed:
        return False
    known = protected_details.read(protection)
    home = known.municipality if municipality in NAMES_NO_PLACE else municipality
    protected_details.write(protection, replace(known, municipality=home, channels=joined(known.channels, typed)))
    protection.version += 1
    protection.save(update_fields=["sealed", "version"])
    return True


def channels(rows: Iterable[Sequence[Any]]) -> list[ChannelRow]:
    """What was typed, in its stored form."""
    return [_stored(FormRow(*row[: len(FIRST_COLUMNS)], *_further(row))) for row in rows if row[1].strip()]


def _further(row: Sequence[Any]) -> Sequence[Any]:
    rest = row[len(FIRST_COLUMNS) :]
    return [] if rest and isinstance(rest[0], dict) else rest


def _stored(row: FormRow) -> ChannelRow:
    columns = row._asdict()
    kind, value, safe = (columns.pop(name) for name in FIRST_COLUMNS)
    return kind, rules.channel_value(kind, value), bool(safe), columns


def joined(known: Iterable[ChannelRow], typed: Iterable[ChannelRow]) -> tuple[ChannelRow, ...]:
    """Each number and address once; what was typed says whether it is safe, the further columns stay."""
    found = {row[:2]: row for row in known}
    for row in typed:
        found[row[:2]] = (*row[:3], *found.get(row[:2], row)[3:])
    return tuple(found.values())


def concealed_content(table: str, row: UUID) -> dict[str, Any]:
    """What one row said before it was hidden, for the service's own work (sending a letter): never for a screen."""
    part = ConcealedPart.objects.filter(source=table, row=row).first()
    return protected_details.read_part(part) if part else {}


def drop_concealed(table: str, row: UUID) -> None:
    """Remove what one row said before it was hidden, within the controllers of the context: it never comes back."""
    ConcealedPart.objects.filter(source=table, row=row).delete()
