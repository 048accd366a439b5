"""Persons and contacts by the million, for load tests: drawn once in Python, copied in batches, each committed.

A contact of the load is one of some thousand contacts drawn as for the demo region, with a key, a moment and a client
of its own. The same seed makes the same rows.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from kotisatama.config.demo import clients, contacts, draw, load, people, region, staging
from kotisatama.contacts.models import Contact
from kotisatama.kernel import row_security
from kotisatama.people import tokens
from kotisatama.people.models import Person, PersonName, SearchToken

BATCH = 100_000
PATTERNS = 5_000
YEARS = 10
NAME_COLUMNS = ("id", "controller_id", "person_id", "text", "language")
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
    for batch in _batches(_clients(seed, persons, now)):
        with row_security.context(controllers=served):
            _add_clients(seed, batch)
        for client in batch:
            caseload[client.controller].append(client.id)
        _tell("persons", sum(map(len, caseload.values())), persons)
    done = 0
    for rows in _batches(_contacts(seed, contacts_wanted, caseload, now)):
        with row_security.context(controllers=served):
            done += staging.fill(Contact, contacts.COLUMNS, rows)
        _tell("contacts", done, contacts_wanted)
    return Filled(persons, done)


def _tell(what: str, done: int, wanted: int) -> None:
    sys.stderr.write(f"{what}: {done:,} of {wanted:,}\n")
    sys.stderr.flush()


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _clients(seed: int, number: int, now: datetime) -> Iterator[clients.Client]:
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


def _add_clients(seed: int, batch: Sequence[clients.Client]) -> None:
    if Person.objects.filter(pk=batch[0].id).exists():
        raise SeedTaken(seed)
    source = draw.stream(seed, f"load of the register {batch[0].id}")
    _fill(Person, people.PERSON_COLUMNS, (people.person_row(source, client) for client in batch))
    _fill(PersonName, NAME_COLUMNS, _names(source, batch))
    _fill(SearchToken, TOKEN_COLUMNS, _tokens(batch))


def _fill(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    staging.fill(model, columns, rows)


def _names(source: Random, batch: Sequence[clients.Client]) -> Iterator[tuple[Any, ...]]:
    for client in batch:
        yield draw.key(source, client.since), client.controller, client.id, client.name, ""
        if client.name_in_own_script != client.name:
            own = client.name_in_own_script
            yield draw.key(source, client.since), client.controller, client.id, own, client.mother_tongue


@lru_cache(maxsize=200_000)
def _of_name(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(tokens.of_name(text))


def _tokens(batch: Sequence[clients.Client]) -> Iterator[tuple[Any, ...]]:
    for client in batch:
        yield client.controller, client.id, tokens.BIRTH, client.born_on.isoformat()
        for kind, token in _of_name(client.name) | _of_name(client.name_in_own_script):
            yield client.controller, client.id, kind, token


def _contacts(seed: int, number: int, caseload: dict[str, list[UUID]], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Rows of contacts.COLUMNS over ten years."""
    source = draw.stream(seed, "load of contacts")
    patterns = _patterns(source, caseload, now)
    place = {name: position for position, name in enumerate(contacts.COLUMNS)}
    identity, key, at, controller, person, created = (
        place[name] for name in ("id", "key", "at", "controller_id", "person_id", "created_at")
    )
    seconds = YEARS * 365 * 86_400
    for _number in range(number):
        row = list(patterns[source.randrange(PATTERNS)])
        moment = now - timedelta(seconds=source.randrange(seconds))
        row[identity], row[key] = draw.key(source, moment), draw.key(source, moment)
        row[at] = row[created] = moment
        if row[person]:
            known = caseload[row[controller]]
            row[person] = known[source.randrange(len(known))]
        yield tuple(row)


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
