"""What a protection keeps of its person, and of rows in other tables: opened and sealed again, no more."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kotisatama.people import protection_seal
from kotisatama.people.models import Channel, ConcealedPart, Person, Protection
from kotisatama.people.registry import Part

TABLE = "people_protection"
# (kind, value, safe to leave a message), and from the fourth on one dict of a channel's further columns.
ChannelRow = tuple[Any, ...]
FIRST_COLUMNS = ("kind", "value", "safe_to_leave_message")


@dataclass(frozen=True)
class Details:
    """Where a protected person lives, is reached and met."""

    municipality: str = "unknown"
    channels: tuple[ChannelRow, ...] = field(default=())
    addresses: tuple[str, ...] = field(default=())
    places: str = ""


def read(protection: Protection) -> Details:
    """Open the seal of a running protection."""
    said = protection_seal.unseal(
        protection.sealed, table=TABLE, row=protection.pk, controller=protection.controller_id
    )
    return Details(
        said["municipality"], tuple(tuple(row) for row in said["channels"]), tuple(said["addresses"]), said["places"]
    )


def write(protection: Protection, details: Details) -> None:
    """Seal the details into the protection; the caller saves it."""
    protection.sealed = protection_seal.seal(
        asdict(details), table=TABLE, row=protection.pk, controller=protection.controller_id
    )


def channels_of(person: Person) -> tuple[ChannelRow, ...]:
    """The person's channels with every column that they have, telephone first."""
    kept = {*FIRST_COLUMNS, "id", "controller_id", "person_id"}
    further = [field.attname for field in Channel._meta.concrete_fields if field.attname not in kept]
    return tuple(
        (*(getattr(row, name) for name in FIRST_COLUMNS), {name: getattr(row, name) for name in further})
        for row in person.channels.order_by("-kind", "value")
    )


def channel_of(row: ChannelRow, person: Person) -> Channel:
    """A channel as it stood, unsaved."""
    further: dict[str, Any] = row[3] if len(row) > len(FIRST_COLUMNS) else {}
    columns = dict(zip(FIRST_COLUMNS, row, strict=False)) | further
    return Channel(controller_id=person.controller_id, person=person, **columns)


def _table(part: ConcealedPart) -> str:
    return f"people_concealedpart|{part.source}"


def read_part(part: ConcealedPart) -> dict[str, Any]:
    """Open what one row said."""
    return protection_seal.unseal(part.sealed, table=_table(part), row=part.row, controller=part.controller_id)


def write_part(part: ConcealedPart, content: Mapping[str, Any]) -> None:
    """Seal what one row said; the caller saves it."""
    part.sealed = protection_seal.seal(content, table=_table(part), row=part.row, controller=part.controller_id)


def keep(protection: Protection, table: str, parts: Iterable[Part]) -> int:
    """Keep what rows of a table said; a column that was kept before and was written since says the later value."""
    given = list(parts)
    rows = ConcealedPart.objects.filter(source=table, row__in=[part.row for part in given])
    known = {(part.row, part.controller_id): part for part in rows}
    new = []
    for part in given:
        kept = known.get((part.row, part.controller))
        if kept:
            write_part(kept, {**read_part(kept), **part.content})
            kept.save(update_fields=["sealed"])
            continue
        kept = ConcealedPart(protection=protection, controller_id=part.controller, source=table, row=part.row)
        write_part(kept, part.content)
        new.append(kept)
    ConcealedPart.objects.bulk_create(new)
    return len(given)
