"""Finding persons by one line of text: by equality of tokens in the database, then likeness worked out here.

Every question to the database has a limit, so that a name that everybody has costs no more than a rare one; the
questions that know most (the whole name, two words together) go first (docs/decisions/0011).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain, combinations
from uuid import UUID

from django.db.models import Q, QuerySet, Value

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, identity_codes, names, registry, rules, tokens
from kotisatama.people.models import Identifier, Person, SearchToken
from kotisatama.staff.models import Worker

# So many persons that share a token with the search are compared letter by letter; more would only be less alike.
MOST_COMPARED = 150
MOST_BORN_ON_A_DAY = 1000
MOST_WORDS = 6
LAST_CHARACTER = "\U0010ffff"
DATES = (
    (re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b"), (3, 2, 1)),
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), (1, 2, 3)),
)
YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
PHONE = re.compile(r"\+?[\d\s()-]{5,}")
# K7QF-29XM, also without its hyphen; at least one digit or the hyphen, or it is a name.
REFERENCE = re.compile(r"(?=.*[-\d])[2-9A-Z]{4}-?[2-9A-Z]{4}", re.IGNORECASE)
SURE, SHOWN, LIKELY = 1.0, 0.4, 0.6


@dataclass(frozen=True)
class Found:
    """A person that a search found; `score` 0 to 1; `matched` by what: name, phone, email, birth, hetu, reference."""

    person: Person
    score: float
    matched: str


@dataclass(frozen=True)
class Scope:
    """Among whom is searched: persons, their controllers, and for whom (references are asked of other apps)."""

    people: QuerySet[Person]
    controllers: tuple[str, ...]
    viewer: Worker | None = None


@dataclass(frozen=True)
class Wanted:
    """What a search asks for, read from one line of text."""

    words: tuple[names.Piece, ...] = ()
    text: str = ""
    hetu: str = ""
    phone: str = ""
    email: str = ""
    reference: str = ""
    born_on: date | None = None
    born_in: int | None = None


def read(text: str) -> Wanted:
    """Understand a line of search: a code, an e-mail address, a number, a reference, words with a birthday."""
    text = text.strip()[:200]
    if identity_codes.looks_like_one(text):
        return Wanted(hetu=identity_codes.normalised(text))
    if "@" in text:
        return Wanted(email=text.lower())
    born_on, rest = _date_in(text)
    if born_on is None and PHONE.fullmatch(text) and not YEAR.fullmatch(text):
        return Wanted(phone=_digits(text))
    if REFERENCE.fullmatch(text):
        letters = text.replace("-", "").upper()
        return Wanted(reference=f"{letters[:4]}-{letters[4:]}")
    year = YEAR.search(rest)
    rest = YEAR.sub(" ", rest)
    words = names.pieces(rest)[:MOST_WORDS]
    return Wanted(words=words, text=rest, born_on=born_on, born_in=int(year[1]) if year else None)


def _date_in(text: str) -> tuple[date | None, str]:
    for pattern, (year, month, day) in DATES:
        match = pattern.search(text)
        if match:
            try:
                found = date(int(match[year]), int(match[month]), int(match[day]))
            except ValueError:
                return None, text
            return found, pattern.sub(" ", text)
    return None, text


def _digits(text: str) -> str:
    """The international number, or the last digits when too few were typed for one."""
    digits = re.sub(r"\D", "", text)
    if len(digits) <= tokens.LAST_DIGITS:
        return digits
    try:
        return rules.telephone(text)
    except NotAllowed:
        return digits[-tokens.LAST_DIGITS :]


def search(viewer: Worker, text: str, *, limit: int = 20, archived: bool = False) -> list[Found]:
    """Persons for whom the viewer has a mandate, the likeliest first; a constant number of queries.

    Names in any script and any order of words, beginnings of words from three letters, a telephone number or its last
    seven digits, an e-mail address, an identity code, a date or year of birth, the reference of something sent in.
    Archived persons only when asked for: they are looked at, never chosen.
    """
    scope = Scope(access.visible_people(viewer), tuple(viewer.controller_codes), viewer)
    found = [each for each in _found(scope, text) if archived or not each.person.archived_on]
    return found[:limit]


def alike(person: Person, *, limit: int = 20) -> list[Found]:
    """Other persons of the same controller whose name or channel is like this one's; nobody asked, so no viewer."""
    others = Person.objects.filter(controller_id=person.controller_id).exclude(pk=person.pk)
    scope = Scope(others, (person.controller_id,))
    spellings = [person.name, *(name.text for name in person.names.all())]
    lines = [*spellings, *(channel.value for channel in person.channels.all())]
    return _best_of(_found(scope, line)[:limit] for line in dict.fromkeys(lines))[:limit]


def _best_of(searches: Iterable[list[Found]]) -> list[Found]:
    """Each person once, with the best score, the likeliest first."""
    best: dict[UUID, Found] = {}
    for each in chain.from_iterable(searches):
        known = best.get(each.person.pk)
        if known is None or known.score < each.score:
            best[each.person.pk] = each
    return sorted(best.values(), key=lambda each: -each.score)


def _found(scope: Scope, text: str) -> list[Found]:
    wanted = read(text)
    found = _by_words(scope, wanted) if wanted.words else _by_one_token(scope, wanted)
    return sorted(found, key=lambda each: (-each.score, each.person.sort_key, each.person.pk))


def _people(scope: Scope, ids: Iterable[object]) -> list[Person]:
    return list(scope.people.filter(pk__in=list(ids)).prefetch_related("names"))


def _by_one_token(scope: Scope, wanted: Wanted) -> list[Found]:
    matched, ids = _ids_by_one_token(scope, wanted)
    people = _people(scope, ids) if ids else []
    return [Found(person, SURE, matched) for person in people]


def _ids_by_one_token(scope: Scope, wanted: Wanted) -> tuple[str, list[UUID]]:
    if wanted.reference:
        known = registry.people_by_reference(scope.viewer, wanted.reference) if scope.viewer else []
        return "reference", known[:MOST_COMPARED]
    if wanted.hetu:
        indexes = identity_codes.blind_indexes(wanted.hetu)
        codes = Identifier.objects.filter(controller_id__in=scope.controllers, blind_index__in=indexes)
        return "hetu", list(codes.values_list("person_id", flat=True)[:MOST_COMPARED])
    kind, token = _token(wanted)
    return kind, list(_tokens(scope, kind).filter(token=token).values_list("person_id", flat=True)[:MOST_COMPARED])


def _token(wanted: Wanted) -> tuple[str, str]:
    """(kind, token) of a search without words; two empty texts when it asks for nothing."""
    if wanted.phone:
        return tokens.PHONE, wanted.phone
    if wanted.email:
        return tokens.EMAIL, wanted.email[:80]
    return (tokens.BIRTH, wanted.born_on.isoformat()) if wanted.born_on else ("", "")


def _tokens(scope: Scope, kind: str) -> QuerySet[SearchToken]:
    return SearchToken.objects.filter(controller_id__in=scope.controllers, kind=kind)


@dataclass(frozen=True)
class Question:
    """One bounded question to the token table; `weight` says how much a row of it tells."""

    kind: str
    condition: Q
    weight: float
    limit: int = MOST_COMPARED


def _by_words(scope: Scope, wanted: Wanted) -> list[Found]:
    compared = [(person, _score(person, wanted)) for person in _people(scope, _ids_by_words(scope, wanted))]
    return [Found(person, round(score, 3), "name") for person, score in compared if score >= SHOWN]


def _ids_by_words(scope: Scope, wanted: Wanted) -> list[UUID]:
    """The persons who share most with the search. One query of many bounded parts."""
    parts = [
        _tokens(scope, each.kind)
        .filter(each.condition)
        .order_by("token", "kind", "controller_id", "person_id")
        .values_list("person_id", Value(each.weight))[: each.limit]
        for each in questions(wanted)
    ]
    rows = reduce(lambda one, other: one.union(other, all=True), parts)
    weights: dict[UUID, float] = {}
    for person, weight in rows:
        weights[person] = weights.get(person, 0.0) + weight
    return sorted(weights, key=lambda person: (-weights[person], str(person)))[:MOST_COMPARED]


def questions(wanted: Wanted) -> list[Question]:
    """What to ask for the words (and the birthday) of a search."""
    found = [*_of_pairs(wanted.words), *_of_words(wanted.words)]
    if wanted.born_on:
        born = Q(token=wanted.born_on.isoformat())
        found.append(Question(tokens.BIRTH, born, 4, MOST_BORN_ON_A_DAY))
    return found


def _of_pairs(words: tuple[names.Piece, ...]) -> Iterator[Question]:
    """The whole name; each two words as they sound; the second word only begun, or its end misspelt."""
    if len(words) < 2:
        return
    yield Question(tokens.WHOLE, Q(token=tokens.whole(words)), 8)
    others: list[str] = []
    for pair in combinations(words[:4], 2):
        plain, *further = tokens.pairs_in_order(*pair)
        yield Question(tokens.PAIR, Q(token=plain), 4)
        others += further
    if others:
        yield Question(tokens.PAIR, Q(token__in=others), 4)
    if len(words) == 2:
        for one, other in (words, words[::-1]):
            yield Question(tokens.PAIR, _beginning(f"{tokens.sounds_of(one)[0]} {tokens.sounds_of(other)[0][:1]}"), 2)


def _of_words(words: tuple[names.Piece, ...]) -> Iterator[Question]:
    """Each word by itself, as it is, begun, and as it sounds; neighbours as one word."""
    for piece in words:
        yield Question(tokens.NAME, Q(token=piece.skeleton), 1)
        if piece.keys:
            yield Question(tokens.PHONETIC, Q(token__in=piece.keys), 1)
        if len(piece.skeleton) >= names.SHORTEST_BEGINNING:
            yield Question(tokens.NAME, _beginning(piece.skeleton), 0.5)
    written_on = names.written_on(words)
    if written_on:
        yield Question(tokens.PHONETIC, Q(token__in=[key for piece in written_on for key in piece.keys]), 2)


def _beginning(text: str) -> Q:
    """Order is leakproof too: a range finds beginnings by the index."""
    return Q(token__gte=text, token__lt=text + LAST_CHARACTER)


def _score(person: Person, wanted: Wanted) -> float:
    spellings = {person.name, *(name.text for name in person.names.all())}
    score = max(names.likeness(wanted.text, spelling) for spelling in spellings)
    born = person.date_of_birth
    if born and (wanted.born_on or wanted.born_in):
        same_day, same_year = born == wanted.born_on, born.year in {wanted.born_in, getattr(wanted.born_on, "year", 0)}
        score = min(1.0, score + 0.15) if same_day else score if same_year else score * 0.6
    return score


def candidates(
    viewer: Worker,
    *,
    name: str,
    spellings: Iterable[str] = (),
    born_on: date | None = None,
    channels: Iterable[tuple[str, str]] = (),
    hetu: str = "",
) -> list[Found]:
    """Persons, archived ones too, who may be the one that is about to be made, the likeliest first, at most five."""
    born = f" {born_on.isoformat()}" if born_on else ""
    lines = [name + born, *(each + born for each in spellings), hetu, *(value for _kind, value in channels)]
    searches = (search(viewer, line, limit=5, archived=True) for line in dict.fromkeys(lines) if line.strip())
    return [each for each in _best_of(searches) if each.score >= LIKELY][:5]
