"""Who is known already, for a whole batch of rows at once: in the register, and among the earlier rows of the file.

A constant number of queries per batch, by equality only: row security lets nothing else use an index.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Count, Q, QuerySet

from kotisatama.people import tokens
from kotisatama.people.importing import sealing, somebody
from kotisatama.people.importing.rows import Reading
from kotisatama.people.importing.somebody import Somebody
from kotisatama.people.models import Identifier, OldRecord, SearchToken

MOST_CANDIDATES = 5
MOST_LOOSE = 5_000  # persons compared for the rows of a batch that have no certain birthday


@dataclass(frozen=True)
class Candidate:
    """Who a row may be: a person, or nobody yet but an earlier row of the file."""

    score: float
    because: str
    person: uuid.UUID | None = None
    row: int = 0

    def to_json(self) -> dict[str, Any]:
        who: dict[str, Any] = {"person": str(self.person)} if self.person else {"row": self.row}
        return who | {"score": self.score, "because": self.because}


@dataclass
class Batch:
    """What the register knows of the rows of one batch."""

    records: dict[str, OldRecord] = field(default_factory=dict)
    by_hetu: dict[bytes, uuid.UUID] = field(default_factory=dict)
    people: dict[uuid.UUID, Somebody] = field(default_factory=dict)
    by_contact: dict[str, set[uuid.UUID]] = field(default_factory=dict)
    by_sound: dict[tuple[date | None, str], set[uuid.UUID]] = field(default_factory=dict)
    loosely: dict[str, set[uuid.UUID]] = field(default_factory=dict)


def key_of(reading: Reading) -> str:
    """The old register's number of a row, or a keyed hash of what the row says."""
    return reading.key or f"row:{sealing.fingerprint(reading.given).hex()}"


def look_up(readings: Sequence[Reading], *, source: str, controllers: Sequence[str]) -> Batch:
    """Everything of the register that the good rows of a batch need; at most eleven queries."""
    good = [reading for reading in readings if not reading.problems]
    rows = [somebody.of_row(reading.number, reading.given) for reading in good]
    batch = Batch()
    records = OldRecord.objects.filter(
        controller_id__in=controllers, source=source, key__in=[key_of(reading) for reading in good]
    )
    batch.records = {record.key: record for record in records}
    codes = Identifier.objects.filter(
        controller_id__in=controllers, kind=Identifier.Kind.HETU, blind_index__in=[row.hetu for row in rows if row.hetu]
    )
    batch.by_hetu = {bytes(index): person for index, person in codes.values_list("blind_index", "person_id")}
    unknown = [row for row, reading in zip(rows, good, strict=True) if key_of(reading) not in batch.records]
    _by_contact(batch, unknown, controllers)
    _by_birthday(batch, [row for row in unknown if row.born], controllers)
    _loosely(batch, [row for row in unknown if _is_loose(row)], controllers)
    batch.people = somebody.of_register(_ids(batch), controllers)
    return batch


def _ids(batch: Batch) -> set[uuid.UUID]:
    known = {record.person_id for record in batch.records.values() if record.person_id}
    sets = [*batch.by_contact.values(), *batch.by_sound.values(), *batch.loosely.values()]
    return known.union(batch.by_hetu.values(), *sets)


def _by_contact(batch: Batch, rows: Iterable[Somebody], controllers: Sequence[str]) -> None:
    contacts = {contact for row in rows for contact in row.contacts}
    phones = Q(kind=tokens.PHONE, token__in=[each for each in contacts if "@" not in each])
    emails = Q(kind=tokens.EMAIL, token__in=[each[:80] for each in contacts if "@" in each])
    if contacts:
        found = SearchToken.objects.filter(phones | emails, controller_id__in=controllers)
        for token, person in found.values_list("token", "person_id"):
            batch.by_contact.setdefault(token, set()).add(person)


def _by_birthday(batch: Batch, rows: Sequence[Somebody], controllers: Sequence[str]) -> None:
    """Persons of about the same day, or of none, with a word that sounds alike."""
    if not rows:
        return
    days = {day for row in rows if row.born for day in somebody.near(row.born)}
    by_day = _sounds(rows, controllers).filter(person__date_of_birth__in=days)
    undated = _sounds(rows, controllers).filter(person__date_of_birth__isnull=True)
    for found in (by_day, undated):
        for person, token, day in found.values_list("person_id", "token", "person__date_of_birth"):
            batch.by_sound.setdefault((day, token), set()).add(person)


def _loosely(batch: Batch, rows: Sequence[Somebody], controllers: Sequence[str]) -> None:
    """Persons of any day with two words that sound alike, for rows whose day says little."""
    if not rows:
        return
    shared = _sounds(rows, controllers).values("person_id").annotate(shared=Count("id")).filter(shared__gte=2)
    ids = list(shared.order_by("-shared", "person_id").values_list("person_id", flat=True)[:MOST_LOOSE])
    found = _sounds(rows, controllers).filter(person_id__in=ids)
    for person, token in found.values_list("person_id", "token"):
        batch.loosely.setdefault(token, set()).add(person)


def _sounds(rows: Iterable[Somebody], controllers: Sequence[str]) -> QuerySet[SearchToken]:
    sounds = sorted({key for row in rows for name in row.names for key in somebody.keys(name)})
    return SearchToken.objects.filter(controller_id__in=controllers, kind=tokens.PHONETIC, token__in=sounds)


def _is_loose(row: Somebody) -> bool:
    return row.born is None or row.year_only or (row.born.month, row.born.day) == (1, 1)


class Seen:
    """The rows of the file that were read so far and became somebody, or wait to be decided."""

    def __init__(self) -> None:
        self.by_key: dict[str, Somebody] = {}
        self.by_hetu: dict[bytes, Somebody] = {}
        self._by_contact: dict[str, list[Somebody]] = {}
        self._by_sound: dict[tuple[date | None, str], list[Somebody]] = {}
        self._by_any_sound: dict[str, list[Somebody]] = {}
        self._added: list[tuple[str, Somebody]] = []

    def mark(self) -> int:
        """How far one may `forget` back to."""
        return len(self._added)

    def forget(self, mark: int) -> None:
        """Forget what was added after the mark: its transaction was rolled back."""
        kept = self._added[:mark]
        self.__init__()  # type: ignore[misc]
        for key, row in kept:
            self.add(key, row)

    def add(self, key: str, row: Somebody) -> None:
        """Remember a row for those that come after it."""
        self._added.append((key, row))
        self.by_key.setdefault(key, row)
        if row.hetu:
            self.by_hetu.setdefault(row.hetu, row)
        for contact in row.contacts:
            self._by_contact.setdefault(contact, []).append(row)
        for sound in {sound for name in row.names for sound in somebody.keys(name)}:
            self._by_any_sound.setdefault(sound, []).append(row)
            self._by_sound.setdefault((row.born, sound), []).append(row)

    def like(self, row: Somebody) -> Iterator[Somebody]:
        """Earlier rows that are worth comparing with this one."""
        for contact in row.contacts:
            yield from self._by_contact.get(contact, ())
        sounds = {sound for name in row.names for sound in somebody.keys(name)}
        for day in (None, *(somebody.near(row.born) if row.born else ())):
            for sound in sounds:
                yield from self._by_sound.get((day, sound), ())
        if _is_loose(row):
            shared = Counter(each.row for sound in sounds for each in self._by_any_sound.get(sound, ()))
            often = {number for number, count in shared.items() if count >= 2}
            for sound in sounds:
                yield from (each for each in self._by_any_sound.get(sound, ()) if each.row in often)


def candidates(row: Somebody, batch: Batch, seen: Seen) -> list[Candidate]:
    """Who a row may be, the likeliest first."""
    found: dict[object, Candidate] = {}
    compared: set[object] = set()
    for other in chain(_of_register(row, batch), seen.like(row)):
        who = other.person or other.row
        if who in compared:
            continue
        compared.add(who)
        if likeness := somebody.compare(row, other):
            found[who] = Candidate(likeness.score, likeness.because, other.person, other.row)
    return sorted(found.values(), key=lambda each: (-each.score, each.row))[:MOST_CANDIDATES]


def _of_register(row: Somebody, batch: Batch) -> list[Somebody]:
    ids: set[uuid.UUID] = set()
    for contact in row.contacts:
        ids |= batch.by_contact.get(contact[:80], set())
    sounds = {sound for name in row.names for sound in somebody.keys(name)}
    for day in (None, *(somebody.near(row.born) if row.born else ())):
        for sound in sounds:
            ids |= batch.by_sound.get((day, sound), set())
    if _is_loose(row):
        ids |= _twice(batch.loosely, sounds)
    return [batch.people[each] for each in sorted(ids) if each in batch.people]


def _twice(by_sound: Mapping[str, set[uuid.UUID]], sounds: Iterable[str]) -> set[uuid.UUID]:
    shared = Counter(person for sound in sounds for person in by_sound.get(sound, ()))
    return {person for person, count in shared.items() if count >= 2}
