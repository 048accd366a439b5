"""Writing the drawn clients into the register: persons, spellings, channels."""

from collections.abc import Iterator
from random import Random
from typing import Any

from kotisatama.config.demo import draw, staging
from kotisatama.config.demo.clients import Client, served_in
from kotisatama.people.models import Channel, Person, PersonName

PERSON_COLUMNS = (
    "id", "controller_id", "name", "sort_key", "date_of_birth", "birthday_is_placeholder", "gender", "citizenships",
    "mother_tongue", "service_languages", "municipality", "ground_of_stay", "moved_to_finland_on", "created_at",
    "version",
)  # fmt: skip


def add(seed: int, clients: list[Client]) -> None:
    """Add the clients with their names in both scripts and their channels."""
    source = draw.stream(seed, "register")
    staging.fill(Person, PERSON_COLUMNS, (_person(source, client) for client in clients))
    PersonName.objects.bulk_create(name for client in clients for name in _names(source, client))
    Channel.objects.bulk_create(
        channel for number, client in enumerate(clients) for channel in _channels(source, client, number)
    )


def _person(source: Random, client: Client) -> tuple[Any, ...]:
    languages = [draw.one(source, served_in(client.mother_tongue)), client.mother_tongue, "en"]
    return (
        client.id,
        client.controller,
        client.name,
        client.name.casefold(),
        client.born_on,
        client.only_year_known,
        client.gender,
        [client.citizenship],
        client.mother_tongue,
        list(dict.fromkeys(languages))[: source.randint(1, 3)],
        client.municipality,
        client.ground,
        client.since.date(),
        client.since,
        1,
    )


def _names(source: Random, client: Client) -> Iterator[PersonName]:
    spellings = dict.fromkeys([client.name, client.name_in_own_script])
    for number, text in enumerate(spellings):
        yield PersonName(
            id=draw.key(source, client.since),
            controller_id=client.controller,
            person_id=client.id,
            text=text,
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
