"""Writing the drawn clients into the register: persons, spellings, channels."""

from collections.abc import Iterator
from random import Random
from typing import Any

from django.utils import timezone

from kotisatama.config.demo import draw, permits, staging
from kotisatama.config.demo.clients import Client, served_in
from kotisatama.people import identifying, names, sealing, tokens
from kotisatama.people.models import Channel, Identifier, Person, PersonName, SearchToken

PERSON_COLUMNS = (
    "id", "controller_id", "name", "sort_key", "date_of_birth", "birthday_is_placeholder", "gender", "citizenships",
    "mother_tongue", "service_languages", "municipality", "ground_of_stay", "ground_ends_on", "moved_to_finland_on",
    "created_at", "version", "is_protected",
)  # fmt: skip


HAVE_A_CODE, HAVE_A_CLIENT_NUMBER = 0.8, 0.3
CHECK_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def add(seed: int, clients: list[Client]) -> None:
    """Add the clients with their names in both scripts and their channels."""
    source = draw.stream(seed, "register")
    staging.fill(Person, PERSON_COLUMNS, (person_row(source, client) for client in clients))
    PersonName.objects.bulk_create(name for client in clients for name in _names(source, client))
    Channel.objects.bulk_create(
        channel for number, client in enumerate(clients) for channel in _channels(source, client, number)
    )
    Identifier.objects.bulk_create(
        row for number, client in enumerate(clients) for row in _identifiers(source, client, number)
    )
    known = Person.objects.filter(pk__in=[client.id for client in clients]).prefetch_related("names", "channels")
    SearchToken.objects.bulk_create((row for person in known for row in tokens.rows(person)), batch_size=5_000)


def person_row(source: Random, client: Client) -> tuple[Any, ...]:
    languages = [draw.one(source, served_in(client.mother_tongue)), client.mother_tongue, "en"]
    return (
        client.id,
        client.controller,
        client.name,
        names.sort_key(client.name),
        client.born_on,
        client.only_year_known,
        client.gender,
        [client.citizenship],
        client.mother_tongue,
        list(dict.fromkeys(languages))[: source.randint(1, 3)],
        client.municipality,
        client.ground,
        permits.permit(client, timezone.localdate())[1],
        client.since.date(),
        client.since,
        1,
        False,
    )


def _names(source: Random, client: Client) -> Iterator[PersonName]:
    spellings = dict.fromkeys([client.name, client.name_in_own_script])
    for number, text in enumerate(spellings):
        yield PersonName(
            id=draw.key(source, client.since),
            controller_id=client.controller,
            person_id=client.id,
            text=text,
            kind=PersonName.Kind.SPELLING if number else PersonName.Kind.OFFICIAL,
            language=client.mother_tongue if number else "",
        )


def _channels(source: Random, client: Client, number: int) -> Iterator[Channel]:
    """A telephone for most, an e-mail address for many; a message may be left where the client said so."""
    values = {Channel.Kind.PHONE: f"+35840000{number:04}", Channel.Kind.EMAIL: f"asiakas{number:04}@example.org"}
    for kind, share in ((Channel.Kind.PHONE, 0.86), (Channel.Kind.EMAIL, 0.6)):
        if source.random() < share:
            yield Channel(
                id=draw.key(source, client.since),
                controller_id=client.controller,
                person_id=client.id,
                kind=kind,
                value=values[kind],
                safe_to_leave_message=client.municipality != "secret" and source.random() < 0.8,
            )


def _identifiers(source: Random, client: Client, number: int) -> Iterator[Identifier]:
    """An identity code for most, a client number of the Immigration Service for some."""
    if source.random() < HAVE_A_CODE:
        yield _identifier(source, client, Identifier.Kind.HETU, artificial_code(client, number))
    if source.random() < HAVE_A_CLIENT_NUMBER:
        yield _identifier(source, client, Identifier.Kind.MIGRI, str(90_000_000 + number))


def _identifier(source: Random, client: Client, kind: str, code: str) -> Identifier:
    row = draw.key(source, client.since)
    return Identifier(
        id=row,
        controller_id=client.controller,
        person_id=client.id,
        kind=kind,
        sealed=sealing.seal(code, row=row, controller=client.controller),
        blind_index=sealing.blind_index(identifying.index_text(kind, code)),
    )


def artificial_code(client: Client, number: int) -> str:
    """A code of the artificial range 900–999; the century's signs take turns, so that two born on one day differ."""
    born = f"{client.born_on:%d%m%y}"
    signs = {19: "-YXWVU", 20: "ABCDEF"}[client.born_on.year // 100]
    middle = 900 + number // len(signs) % 100
    return f"{born}{signs[number % len(signs)]}{middle}{CHECK_SIGNS[int(f'{born}{middle}') % 31]}"
