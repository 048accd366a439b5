"""Persons and contacts by the million, for load tests: drawn once in Python, copied in batches, each committed.

A contact of the load is one of some thousand contacts drawn as for the demo region, with a key, a moment and a client
of its own. The same seed makes the same rows.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from kotisatama.config.demo import clients, contacts, draw, load, people, region, staging
from kotisatama.contacts.models import Contact
from kotisatama.kernel import row_security
from kotisatama.people import tokens
from kotisatama.people.models import Person, PersonName, SearchToken

BATCH = 100_000
PATTERNS = 5_000
YEARS = 10
NAME_COLUMNS = ("id", "controller_id", "person_id", "text", "kind", "language")
TOKEN_COLUMNS = ("controller_id", "person_id", "kind", "token")


class SeedTaken(Exception):
    """These rows exist: the same seed would make them again."""


@dataclass(frozen=True)
class Filled:
    """How many rows were added."""

    persons: int
    contacts: int


def fill(*, persons: int, contacts_wanted: int, seed: int) -> Filled:
    """Add persons and contacts to the demo region, telling the progress on standard error."""
    now = timezone.now()
    load.load(seed=1, now=now)
    served = list(region.SERVED)
    caseload: dict[str, list[UUID]] = {code: [] for code in served}
    for batch in _batches(drawn_clients(seed, persons, now)):
        with row_security.context(controllers=served):
            add_clients(seed, batch)
        for client in batch:
            caseload[client.controller].append(client.id)
        _tell("persons", sum(map(len, caseload.values())), persons)
    done = 0
    for rows in _batches(_contacts(seed, contacts_wanted, caseload, now)):
        with row_security.context(controllers=served):
            done += staging.fill_lines(Contact, contacts.COLUMNS, rows)
        _tell("contacts", done, contacts_wanted)
    return Filled(persons, done)


def _tell(what: str, done: int, wanted: int) -> None:
    sys.stderr.write(f"{what}: {done:,} of {wanted:,}\n")
    sys.stderr.flush()


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def drawn_clients(seed: int, number: int, now: datetime) -> Iterator[clients.Client]:
    """Clients who came over ten years, in the region's mix of tongues and municipalities."""
    source = draw.stream(seed, "load of clients")
    today = timezone.localtime(now).date()
    homes = _drawn(source, clients.MUNICIPALITIES)
    tongues = _drawn(source, clients.TONGUES)
    grounds = _drawn(source, clients.GROUNDS)
    for _number in range(number):
        day = today - timedelta(days=source.randrange(YEARS * 365))
        home = next(homes)
        yield clients.client(source, day, home, home, next(tongues), str(next(grounds)))


def _drawn(source: Random, weights: Mapping[Any, float]) -> Iterator[Any]:
    """Weighted draws without end, a thousand at a time: one at a time costs ten times more."""
    names, cumulated = list(weights), list(weights.values())
    while True:
        yield from source.choices(names, weights=cumulated, k=1000)


def add_clients(seed: int, batch: Sequence[clients.Client]) -> None:
    """Copy the drawn clients in, with spellings and tokens; SeedTaken when they are there."""
    if Person.objects.filter(pk=batch[0].id).exists():
        raise SeedTaken(seed)
    source = draw.stream(seed, f"load of the register {batch[0].id}")
    staging.fill(Person, people.PERSON_COLUMNS, (people.person_row(source, client) for client in batch))
    staging.fill(PersonName, NAME_COLUMNS, _names(source, batch))
    staging.fill(SearchToken, TOKEN_COLUMNS, _tokens(batch))


def _names(source: Random, batch: Sequence[clients.Client]) -> Iterator[tuple[Any, ...]]:
    for client in batch:
        yield draw.key(source, client.since), client.controller, client.id, client.name, "official", ""
        if client.name_in_own_script != client.name:
            own = client.name_in_own_script
            yield draw.key(source, client.since), client.controller, client.id, own, "spelling", client.mother_tongue


@lru_cache(maxsize=200_000)
def _of_name(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(tokens.of_name(text))


def _tokens(batch: Sequence[clients.Client]) -> Iterator[tuple[Any, ...]]:
    for client in batch:
        yield client.controller, client.id, tokens.BIRTH, client.born_on.isoformat()
        for kind, token in _of_name(client.name) | _of_name(client.name_in_own_script):
            yield client.controller, client.id, kind, token


def _contacts(seed: int, number: int, caseload: dict[str, list[UUID]], now: datetime) -> Iterator[str]:
    """Lines of contacts.COLUMNS for COPY, over ten years."""
    source = draw.stream(seed, "load of contacts")
    patterns = [_line(row) for row in _patterns(source, caseload, now)]
    people_of = {code: [str(each) for each in known] for code, known in caseload.items()}
    latest = int(now.timestamp())
    span = YEARS * 365 * 86_400
    for _number in range(number):
        pattern, controller = patterns[int(source.random() * PATTERNS)]
        second = latest - int(source.random() * span)
        known = people_of[controller]
        person = known[int(source.random() * len(known))] if known else ""
        moment = EPOCH + timedelta(seconds=second)
        yield pattern % {
            "id": _key(source, second),
            "key": _key(source, second),
            "at": f"{moment:%Y-%m-%d %H:%M:%S}+00",
            "person": person,
        }


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _key(source: Random, second: int) -> str:
    """A UUID of version 7 of that second, as 32 hexadecimal digits."""
    return f"{second * 1000:012x}7{source.getrandbits(12):03x}{0x8000000000000000 | source.getrandbits(62):016x}"


def _line(row: tuple[Any, ...]) -> tuple[str, str]:
    """A contact in COPY's text format with places for what differs, and its controller."""
    given = dict(zip(contacts.COLUMNS, row, strict=True))
    person = given["person_id"]
    given |= {"id": "%(id)s", "key": "%(key)s", "at": "%(at)s", "created_at": "%(at)s"}
    given["person_id"] = "%(person)s" if person else None
    return "\t".join(_text(given[column]) for column in contacts.COLUMNS), given["controller_id"]


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    return ("t" if value else "f") if isinstance(value, bool) else str(value)


def _patterns(source: Random, caseload: dict[str, list[UUID]], now: datetime) -> list[tuple[Any, ...]]:
    """Contacts drawn as for the region; those of clients only where the load has clients."""
    desks = load.desks()
    region_clients = clients.clients(1, today=timezone.localtime(now).date())
    known = [client for client in region_clients if caseload[client.controller]]
    people_by_home: dict[str, list[clients.Client]] = {}
    for client in known:
        people_by_home.setdefault(client.controller, []).append(client)
    patterns = []
    for _number in range(PATTERNS):
        home = draw.one(source, contacts.HOMES)
        desk = desks["ihj"]
        anonymous = source.random() < contacts.ANONYMOUS or home not in people_by_home
        person = None if anonymous else source.choice(people_by_home[home])
        patterns.append(contacts.contact(source, now, desk, home, person))
    return patterns
