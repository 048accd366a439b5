"""The rows by which a person is found: made anew from what is known each time that it changes.

Beside each word stand the whole name and each two words together: so that a search for two common words reads the few
rows that have both, and not all that have one (docs/decisions/0011).
"""

from collections.abc import Sequence
from itertools import permutations

from kotisatama.people import names
from kotisatama.people.models import Channel, Person, SearchToken

NAME, WHOLE, PHONETIC, PAIR = "name", "whole", "phonetic", "pair"
PHONE, EMAIL, BIRTH = "phone", "email", "birth"
LAST_DIGITS = 7
MOST_WORDS = 5
MOST_PAIRS = 40


def of_person(person: Person) -> set[tuple[str, str]]:
    """(kind, token) of everything known of a person; three queries without prefetched names and channels."""
    found = {pair for spelling in person.names.all() for pair in of_name(spelling.text)} | of_name(person.name)
    for channel in person.channels.all():
        found |= of_phone(channel.value) if channel.kind == Channel.Kind.PHONE else {(EMAIL, channel.value[:80])}
    if person.date_of_birth:
        found.add((BIRTH, person.date_of_birth.isoformat()))
    return found


def of_name(text: str) -> set[tuple[str, str]]:
    """The skeleton and the sounds of each word of a name, of two words together, and of all."""
    pieces = names.pieces(text)
    written_on = names.written_on(pieces)
    found = {(NAME, piece.skeleton) for piece in (*pieces, *written_on)}
    found |= {(PHONETIC, key) for piece in (*pieces, *written_on) for key in piece.keys}
    found |= {(PAIR, pair) for pair in pairs(pieces)[:MOST_PAIRS]}
    return found | ({(WHOLE, whole(pieces))} if len(pieces) > 1 else set())


def whole(pieces: Sequence[names.Piece]) -> str:
    """All words in the order of the alphabet, so that their order in the name is of no account."""
    return " ".join(sorted(piece.skeleton for piece in pieces))[: names.LONGEST_TOKEN]


def pairs(pieces: Sequence[names.Piece]) -> list[str]:
    """How each two words sound, in both orders."""
    two = permutations(pieces[:MOST_WORDS], 2)
    return list(dict.fromkeys(pair for one, other in two for pair in pairs_in_order(one, other)))


def pairs_in_order(one: names.Piece, other: names.Piece) -> list[str]:
    """How two words sound one after the other; the plainest readings first."""
    return [f"{first} {second}"[: names.LONGEST_TOKEN] for first in sounds_of(one) for second in sounds_of(other)]


def sounds_of(piece: names.Piece) -> list[str]:
    """The keys of a word, the plainest first; a word too short for a key stands as it is."""
    return list(piece.keys) or [piece.skeleton]


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


def renew_all(controller: str) -> int:
    """Replace the tokens of everybody in the controller's register; how many. Needs the controller's context."""
    people = Person.objects.filter(controller_id=controller).prefetch_related("names", "channels")
    done = 0
    for person in people.iterator(chunk_size=500):
        renew(person)
        done += 1
    return done
