"""The rows by which a person is found: made anew from what is known each time that it changes."""

from kotisatama.people import names
from kotisatama.people.models import Channel, Person, SearchToken

NAME, PHONETIC, PHONE, EMAIL, BIRTH = "name", "phonetic", "phone", "email", "birth"
LAST_DIGITS = 7


def of_person(person: Person) -> set[tuple[str, str]]:
    """(kind, token) of everything known of a person; three queries without prefetched names and channels."""
    found = {pair for spelling in person.names.all() for pair in of_name(spelling.text)} | of_name(person.name)
    for channel in person.channels.all():
        found |= of_phone(channel.value) if channel.kind == Channel.Kind.PHONE else {(EMAIL, channel.value[:80])}
    if person.date_of_birth:
        found.add((BIRTH, person.date_of_birth.isoformat()))
    return found


def of_name(text: str) -> set[tuple[str, str]]:
    """The skeleton and the sounds of each word of a name."""
    pieces = names.pieces(text)
    sounds = {(PHONETIC, key) for piece in pieces for key in piece.keys}
    return {(NAME, piece.skeleton) for piece in pieces} | sounds


def of_phone(number: str) -> set[tuple[str, str]]:
    """The international number, and its last digits for whoever types it without prefix."""
    return {(PHONE, number), (PHONE, number[-LAST_DIGITS:])}


def rows(person: Person) -> list[SearchToken]:
    """The token rows that the person should have, unsaved."""
    return [
        SearchToken(controller_id=person.controller_id, person=person, kind=kind, token=token)
        for kind, token in sorted(of_person(person))
    ]


def renew(person: Person) -> None:
    """Replace the person's tokens; in the caller's transaction."""
    person.tokens.all().delete()
    SearchToken.objects.bulk_create(rows(person))
