"""Persons by the hundred: the same rows as `people.actions.make_person` makes one by one (a test compares).

What the register learns to hold gets its rows in `make_people` and its field in `fields`.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import prefetch_related_objects

from kotisatama.kernel import identifiers
from kotisatama.people import identity_codes, tokens
from kotisatama.people import names as spelling
from kotisatama.people.importing.somebody import PLAIN
from kotisatama.people.models import (
    Channel,
    GroundPeriod,
    Identifier,
    Person,
    PersonName,
    Residence,
    SearchToken,
)


@dataclass(frozen=True)
class NewPerson:
    """Who is to be made: the id, the controller, and the values of a row."""

    id: uuid.UUID
    controller: str
    given: Mapping[str, Any]


def make_people(new: Sequence[NewPerson]) -> list[Person]:
    """Insert persons with names, channels, identity codes and tokens; in the caller's transaction."""
    people = [_person(each) for each in new]
    Person.objects.bulk_create(people)
    PersonName.objects.bulk_create(row for each in new for row in _names(each))
    Channel.objects.bulk_create(row for each in new for row in _channels(each))
    Residence.objects.bulk_create(_residences(people))
    GroundPeriod.objects.bulk_create(_grounds(people))
    Identifier.objects.bulk_create(row for each in new for row in _identity_codes(each))
    prefetch_related_objects(people, "names", "channels")
    _insert_tokens((person.controller_id, person.pk, *pair) for person in people for pair in tokens.of_person(person))
    return people


def _insert_tokens(rows: Iterable[tuple[str, uuid.UUID, str, str]]) -> None:
    """A dozen tokens a person: as four arrays they take a fifth of the time of as many objects."""
    controllers, people, kinds, found = zip(*sorted(rows), strict=True)
    statement = f"""
        INSERT INTO {SearchToken._meta.db_table} (controller_id, person_id, kind, token)
        SELECT * FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::text[])
    """  # noqa: S608 - the table's own name
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(controllers), list(people), list(kinds), list(found)])


def _person(new: NewPerson) -> Person:
    given = {name: new.given[name] for name in (*PLAIN, "birthday_is_placeholder") if name in new.given}
    name = new.given["name"]
    return Person(id=new.id, controller_id=new.controller, name=name, sort_key=spelling.sort_key(name), **_plain(given))


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, (list, tuple)) else value for name, value in given.items()}


def _names(new: NewPerson) -> Iterator[PersonName]:
    spoken = [new.given.get("mother_tongue", ""), *new.given.get("service_languages", ())]
    name = new.given["name"]
    for text in dict.fromkeys((name, *new.given.get("spellings", ()))):
        kind = PersonName.Kind.OFFICIAL if text == name else PersonName.Kind.SPELLING
        language = spelling.language_of(text, spoken)
        yield PersonName(controller_id=new.controller, person_id=new.id, text=text, kind=kind, language=language)


def _residences(people: Iterable[Person]) -> Iterator[Residence]:
    """Where they live now, since a day that nobody wrote down."""
    for each in people:
        if each.municipality != "unknown":
            yield Residence(
                controller_id=each.controller_id,
                person=each,
                kind=Residence.Kind.ACTUAL,
                municipality=each.municipality,
            )


def _grounds(people: Iterable[Person]) -> Iterator[GroundPeriod]:
    """On what ground they stay now, since a day that nobody wrote down."""
    for each in people:
        if each.ground_of_stay != "unknown" or each.ground_ends_on:
            yield GroundPeriod(
                controller_id=each.controller_id,
                person=each,
                ground=each.ground_of_stay,
                valid_to=each.ground_ends_on,
            )


def channels(given: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """(kind, value, safe to leave a message) of a row's values."""
    kinds = (Channel.Kind.PHONE.value, Channel.Kind.EMAIL.value)
    return [(kind, value, bool(given.get(f"{kind}_safe", False))) for kind in kinds for value in given.get(kind, ())]


def _channels(new: NewPerson) -> Iterable[Channel]:
    for kind, value, safe in channels(new.given):
        yield Channel(
            controller_id=new.controller, person_id=new.id, kind=kind, value=value, safe_to_leave_message=safe
        )


def _identity_codes(new: NewPerson) -> Iterator[Identifier]:
    if code := new.given.get("hetu"):
        row = identifiers.new_id()
        yield Identifier(
            id=row,
            controller_id=new.controller,
            person_id=new.id,
            kind=Identifier.Kind.HETU,
            sealed=identity_codes.seal(code, row=row, controller=new.controller),
            blind_index=identity_codes.blind_index(code),
        )
