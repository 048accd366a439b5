"""A person as an import compares one: in the register already, or of an earlier row of the same file."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from kotisatama.people import identity_codes, names
from kotisatama.people.models import Channel, Identifier, Person

PLAIN = (
    "date_of_birth",
    "gender",
    "citizenships",
    "mother_tongue",
    "service_languages",
    "municipality",
    "ground_of_stay",
    "ground_ends_on",
    "moved_to_finland_on",
)
ALIKE = 0.8  # names on the same day of birth
QUITE_ALIKE = 0.85
NEARLY_EQUAL = 0.9
SOMEWHAT_ALIKE = 0.5


@dataclass(frozen=True, slots=True)  # there are as many as rows
class Somebody:
    """`person` is empty for a row that made nobody yet; `row` is 0 for a person of the register."""

    names: tuple[str, ...]
    born: date | None = None
    year_only: bool = False
    contacts: frozenset[str] = frozenset()
    hetu: bytes = b""
    person: uuid.UUID | None = None
    controller: str = ""
    row: int = 0
    plain: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Likeness:
    """How sure it is that two are one, 0 to 1, and by what: `contact`, `birthday`, `name`."""

    score: float
    because: str


def of_row(number: int, given: Mapping[str, Any], *, person: uuid.UUID | None = None, controller: str = "") -> Somebody:
    """Somebody of the values that a row gives."""
    return Somebody(
        names=(given["name"], *given.get("spellings", ())),
        born=given.get("date_of_birth"),
        year_only=given.get("birthday_is_placeholder", False),
        contacts=frozenset([*given.get("phone", ()), *given.get("email", ())]),
        hetu=identity_codes.blind_index(given["hetu"]) if given.get("hetu") else b"",
        person=person,
        controller=controller,
        row=number,
        plain={name: given[name] for name in PLAIN if name in given},
    )


def of_register(ids: Iterable[uuid.UUID], controllers: Iterable[str]) -> dict[uuid.UUID, Somebody]:
    """Persons of the register by id; four queries however many they are."""
    wanted = list(ids)
    if not wanted:
        return {}
    people = Person.objects.filter(pk__in=wanted, controller_id__in=list(controllers))
    found = people.prefetch_related("names", "channels", "identifiers")
    return {person.pk: _of_person(person) for person in found}


def _of_person(person: Person) -> Somebody:
    codes = [bytes(each.blind_index) for each in person.identifiers.all() if each.kind == Identifier.Kind.HETU]
    return Somebody(
        names=(person.name, *(each.text for each in person.names.all() if each.text != person.name)),
        born=person.date_of_birth,
        year_only=person.birthday_is_placeholder,
        contacts=frozenset(each.value for each in person.channels.all() if each.kind in Channel.Kind.values),
        hetu=codes[0] if codes else b"",
        person=person.pk,
        controller=person.controller_id,
        plain={name: getattr(person, name) for name in PLAIN},
    )


def differences(given: Mapping[str, Any], known: Somebody) -> list[str]:
    """Names of the fields in which a row says something new of the person; an empty cell says nothing."""
    other = of_row(0, given)
    found = [name for name in PLAIN if name in given and given[name] != known.plain.get(name)]
    if not {_squeezed(name) for name in other.names} <= {_squeezed(name) for name in known.names}:
        found.append("name")
    for kind in ("phone", "email"):
        if not set(given.get(kind, ())) <= known.contacts:
            found.append(kind)
    if other.hetu and other.hetu != known.hetu:
        found.append("hetu")
    return found


def _squeezed(name: str) -> str:
    return " ".join(name.split()).casefold()


def compare(one: Somebody, other: Somebody) -> Likeness | None:
    """Whether two may be one person; None when that is unlikely. Two identity codes are two persons."""
    if one.hetu and other.hetu and one.hetu != other.hetu:
        return None
    alike = max(_alike(mine, theirs) for mine in one.names for theirs in other.names)
    days = birthdays(one, other)
    if one.contacts & other.contacts and (alike >= QUITE_ALIKE or (alike >= SOMEWHAT_ALIKE and days != "different")):
        return Likeness(round(0.5 + alike / 2, 2), "contact")
    if (days == "same" and alike >= ALIKE) or (days == "near" and alike >= QUITE_ALIKE):
        return Likeness(round(alike if days == "same" else alike * 0.9, 2), "birthday")
    if days == "unknown" and alike >= NEARLY_EQUAL and _full_names_agree(one, other):
        return Likeness(round(alike * 0.8, 2), "name")
    return None


@lru_cache(maxsize=4_000)
def _alike(mine: str, theirs: str) -> float:
    return max(names.likeness(mine, theirs), names.likeness(theirs, mine))


def _full_names_agree(one: Somebody, other: Somebody) -> bool:
    """Without a birthday one common first name says nothing: every word must fit, and there must be two."""
    return any(
        len(pieces(mine)) >= 2
        and len(pieces(theirs)) >= 2
        and min(names.likeness(mine, theirs), names.likeness(theirs, mine)) >= NEARLY_EQUAL
        for mine in one.names
        for theirs in other.names
    )


@lru_cache(maxsize=4_000)
def pieces(name: str) -> tuple[names.Piece, ...]:
    """The words of a name as they are searched."""
    return tuple(names.pieces(name))


def keys(name: str) -> frozenset[str]:
    """How the words of a name sound."""
    return frozenset(key for piece in pieces(name) for key in piece.keys)


def birthdays(one: Somebody, other: Somebody) -> str:
    """`same`, `near` (day and month exchanged, or only the year is certain), `unknown` or `different`."""
    if one.born is None or other.born is None:
        return "unknown"
    if one.born == other.born and not (one.year_only and other.year_only):
        return "same"
    if one.year_only or other.year_only:
        return "near" if one.born.year == other.born.year else "different"
    return "near" if other.born in near(one.born) or one.born in near(other.born) else "different"


def near(day: date) -> tuple[date, ...]:
    """Days that are written for this one by mistake: itself, day and month exchanged, the first of January."""
    found = [day, date(day.year, 1, 1)]
    if day.day <= 12:
        found.append(date(day.year, day.day, day.month))
    return tuple(dict.fromkeys(found))
