"""How well the search finds names across scripts: pairs from a file, among ten thousand other names of the demo's mix.

All goes through the code of the real register (`people.actions.make_person`, `people.queries.search`), under row
security, in a municipality of its own and a transaction that is rolled back: nothing is left, and nothing that the
database holds already is met.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kotisatama.config.demo import bulk, clients
from kotisatama.kernel import row_security
from kotisatama.network.models import Mandate, Municipality, Organisation, ServicePoint
from kotisatama.people import actions, queries
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role

OTHERS = 10_000
SEED = 900_000_001  # beyond those that demo-data takes
NOWHERE = "999"
MOST_LOOKED_AT = 200


@dataclass(frozen=True)
class Match:
    """Where the second name of a pair stood when the first was searched for; `rank` None when it was not found."""

    name_a: str
    name_b: str
    rank: int | None
    score: float | None


def match(pairs: Sequence[tuple[str, str]], *, others: int = OTHERS) -> list[Match]:
    """Index every second name and the others, search for every first one; leaves the database as it was.

    The others are strangers: persons drawn for the demo whose name is none of the names in the pairs.
    """
    with transaction.atomic():
        worker = _a_worker()
        with row_security.context(controllers=[NOWHERE]):
            known = {name: _person(name, worker) for name in dict.fromkeys(name for _a, name in pairs)}
            given = {name.casefold() for pair in pairs for name in pair}
            bulk.add_clients(SEED, list(_strangers(given, others)))
            found = [_match(worker, name_a, name_b, known[name_b]) for name_a, name_b in pairs]
        transaction.set_rollback(True)
    return found


def _a_worker() -> Worker:
    place = Municipality.objects.create(code=NOWHERE, name_fi="Olematon", name_sv="Ingenstans", region_code="99")
    centre = Organisation.objects.create(
        slug="name-match", name="Name match", kind=Organisation.Kind.CENTRE, home=place
    )
    Mandate.objects.create(controller=place, organisation=centre, valid_from=date(2020, 1, 1), basis="–")
    point = ServicePoint.objects.create(slug="name-match", name="Name match", organisation=centre, municipality=place)
    return Worker.objects.create(
        email="name-match@demo.example",
        name="Name match",
        organisation=centre,
        service_point=point,
        roles=[Role.COUNSELLOR.value],
        password="!",  # noqa: S106 - no password fits it
    )


def _person(name: str, worker: Worker) -> UUID:
    return actions.make_person(controller=NOWHERE, name=name, by=worker).pk


def _strangers(given: set[str], number: int) -> Iterator[clients.Client]:
    made = 0
    for client in bulk.drawn_clients(SEED, number * 3, timezone.now()):
        if made == number:
            return
        if client.name.casefold() not in given and client.name_in_own_script.casefold() not in given:
            made += 1
            yield replace(client, controller=NOWHERE)


def _match(worker: Worker, name_a: str, name_b: str, person: UUID) -> Match:
    found = queries.search(worker, name_a, limit=MOST_LOOKED_AT)
    for rank, each in enumerate(found, start=1):
        if each.person.pk == person:
            return Match(name_a, name_b, rank, each.score)
    return Match(name_a, name_b, None, None)
