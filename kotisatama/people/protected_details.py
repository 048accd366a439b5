"""What a protection keeps of its person, and of rows in other tables: opened and sealed again, no more."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kotisatama.people import protection_seal
from kotisatama.people.models import ConcealedPart, Protection
from kotisatama.people.registry import Part

TABLE = "people_protection"
ChannelRow = tuple[str, str, bool]


@dataclass(frozen=True)
class Details:
    """Where a protected person lives, is reached and met. Channels are (kind, value, safe to leave a message)."""

    municipality: str = "unknown"
    channels: tuple[ChannelRow, ...] = field(default=())
    addresses: tuple[str, ...] = field(default=())
    places: str = ""


def read(protection: Protection) -> Details:
    """Open the seal of a running protection."""
    said = protection_seal.unseal(
        protection.sealed, table=TABLE, row=protection.pk, controller=protection.controller_id
    )
    channels = tuple((kind, value, bool(safe)) for kind, value, safe in said["channels"])
    return Details(said["municipality"], channels, tuple(said["addresses"]), said["places"])


def write(protection: Protection, details: Details) -> None:
    """Seal the details into the protection; the caller saves it."""
    protection.sealed = protection_seal.seal(
        asdict(details), table=TABLE, row=protection.pk, controller=protection.controller_id
    )


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
