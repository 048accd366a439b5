"""Finding and reading persons."""

import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Municipality
from kotisatama.people import access, identity_codes, names, rules, shielding, tokens
from kotisatama.people.models import Channel, Identifier, Person, PersonName, SearchToken
from kotisatama.people.protection_reading import SafeChannel as SafeChannel
from kotisatama.people.protection_reading import ending_soon as ending_soon
from kotisatama.people.protection_reading import running_protection as running_protection
from kotisatama.people.protection_reading import safe_channels as safe_channels
from kotisatama.people.protection_reading import safe_value as safe_value
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

# So many persons that share a word with the search are compared letter by letter; more would only be less alike.
MOST_COMPARED = 200
SHORTEST_BEGINNING = 3
LAST_CHARACTER = "\U0010ffff"
DATES = (
    (re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b"), (3, 2, 1)),
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), (1, 2, 3)),
)
YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
PHONE = re.compile(r"\+?[\d\s()-]{5,}")
SURE = 1.0
NO_MUNICIPALITY = {
    "unknown": gettext_lazy("Not known"),
    "abroad": gettext_lazy("Lives abroad"),
    "secret": gettext_lazy("Secret (non-disclosure)"),
}


@dataclass(frozen=True)
class Found:
    """A person that a search found; `score` 0 to 1; `matched` says by what: name, phone, email, birth, hetu."""

    person: Person
    score: float
    matched: str


@dataclass(frozen=True)
class Wanted:
    """What a search asks for, read from one line of text."""

    words: tuple[names.Piece, ...] = ()
    text: str = ""
    hetu: str = ""
    phone: str = ""
    email: str = ""
    born_on: date | None = None
    born_in: int | None = None


def read(text: str) -> Wanted:
    """Understand a line of search: an identity code, an e-mail address, a telephone number, words with a birthday."""
    text = text.strip()[:200]
    if identity_codes.looks_like_one(text):
        return Wanted(hetu=identity_codes.normalised(text))
    if "@" in text:
        return Wanted(email=text.lower())
    born_on, rest = _date_in(text)
    if born_on is None and PHONE.fullmatch(text) and not YEAR.fullmatch(text):
        return Wanted(phone=_digits(text))
    year = YEAR.search(rest)
    rest = YEAR.sub(" ", rest)
    return Wanted(
        words=tuple(names.pieces(rest))[:6], text=rest, born_on=born_on, born_in=int(year[1]) if year else None
    )


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


def search(viewer: Worker, text: str, *, limit: int = 20) -> list[Found]:
    """Persons for whom the viewer has a mandate, the likeliest first; a constant number of queries.

    Names in any script and any order of words, beginnings of words from three letters, a telephone number or its last
    seven digits, an e-mail address, an identity code, a date or year of birth.
    """
    wanted = read(text)
    found = _by_one_token(viewer, wanted) if not wanted.words else _by_words(viewer, wanted)
    return sorted(found, key=lambda each: (-each.score, each.person.sort_key))[:limit]


def _people(viewer: Worker, ids: Iterable[object]) -> list[Person]:
    return list(access.visible_people(viewer).filter(pk__in=list(ids)).prefetch_related("names"))


def _by_one_token(viewer: Worker, wanted: Wanted) -> list[Found]:
    if wanted.hetu:
        index = identity_codes.blind_index(wanted.hetu)
        codes = Identifier.objects.filter(controller_id__in=viewer.controller_codes, blind_index=index)
        kind, ids = "hetu", list(codes.values_list("person_id", flat=True)[:MOST_COMPARED])
    else:
        kind, token = _token(wanted)
        rows = SearchToken.objects.filter(controller_id__in=viewer.controller_codes, kind=kind, token=token)
        ids = list(rows.values_list("person_id", flat=True)[:MOST_COMPARED])
    people = _people(viewer, ids) if ids else []
    return [Found(person, SURE, kind) for person in people]


def _token(wanted: Wanted) -> tuple[str, str]:
    """(kind, token) of a search without words; two empty texts when it asks for nothing."""
    if wanted.phone:
        return tokens.PHONE, wanted.phone
    if wanted.email:
        return tokens.EMAIL, wanted.email[:80]
    return (tokens.BIRTH, wanted.born_on.isoformat()) if wanted.born_on else ("", "")


def _by_words(viewer: Worker, wanted: Wanted) -> list[Found]:
    conditions = [_word_condition(piece) for piece in wanted.words]
    if wanted.born_on:
        conditions.append(Q(kind=tokens.BIRTH, token=wanted.born_on.isoformat()))
    any_of = conditions[0]
    for condition in conditions[1:]:
        any_of |= condition
    shared = (
        SearchToken.objects.filter(any_of, controller_id__in=viewer.controller_codes)
        .values("person_id")
        .annotate(shared=Count("id"))
        .order_by("-shared", "person_id")[:MOST_COMPARED]
    )
    compared = ((person, _score(person, wanted)) for person in _people(viewer, [row["person_id"] for row in shared]))
    return [Found(person, round(score, 2), "name") for person, score in compared if score >= 0.45]


def _word_condition(piece: names.Piece) -> Q:
    condition = Q(kind=tokens.NAME, token=piece.skeleton) | Q(kind=tokens.PHONETIC, token__in=sorted(piece.keys))
    if len(piece.skeleton) >= SHORTEST_BEGINNING:  # Order is leakproof too: a range finds beginnings by the index.
        condition |= Q(kind=tokens.NAME, token__gte=piece.skeleton, token__lt=piece.skeleton + LAST_CHARACTER)
    return condition


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
    """Persons who may be the one that is about to be made, the likeliest first, at most five."""
    born = f" {born_on.isoformat()}" if born_on else ""
    lines = [name + born, *(each + born for each in spellings), hetu, *(value for _kind, value in channels)]
    best: dict[object, Found] = {}
    for line in dict.fromkeys(line for line in lines if line.strip()):
        for found in search(viewer, line, limit=5):
            known = best.get(found.person.pk)
            if found.score >= 0.6 and (known is None or known.score < found.score):
                best[found.person.pk] = found
    return sorted(best.values(), key=lambda each: -each.score)[:5]


def channels(person: Person) -> list[Channel]:
    """How the person may be reached, telephone first; whoever leaves a message looks at `safe_to_leave_message`."""
    return list(person.channels.order_by("-kind", "value"))


def masked_identity_code(person: Person) -> str:
    """The identity code with what identifies left out, empty when there is none."""
    found = person.identifiers.filter(kind=Identifier.Kind.HETU).first()
    if not found:
        return ""
    return identity_codes.masked(identity_codes.unseal(found.sealed, row=found.pk, controller=found.controller_id))


def home_controller(municipality: str, worker: Worker) -> str:
    """The controller of a client whom the worker meets: the home municipality when there is a mandate from it today.

    Else the municipality of the worker's service point; NotAllowed when the worker has a mandate from neither.
    """
    point = worker.service_point.municipality_id if worker.service_point else worker.organisation.home_id
    for code in (municipality, point):
        if code in worker.controller_codes:
            return code
    raise NotAllowed(_("Your organisation has no mandate from this municipality today."))


def language_choices(reader: str) -> list[tuple[str, str]]:
    """(code, name) of every language, named for the reader and then in itself."""
    return [
        (each.code, _both(languages.name_in(each.code, reader), each.own_name))
        for each in languages.all_languages().values()
    ]


def _both(name: str, own_name: str) -> str:
    return name if name == own_name else f"{name} · {own_name}"


def municipality_choices(reader: str, *, first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(code, name) of every municipality, those of `first` on top, and the reasons not to name one."""
    top = list(first)
    known = {each.code: each.name_sv if reader == "sv" else each.name_fi for each in Municipality.objects.all()}
    rest = sorted((code for code in known if code not in top), key=lambda code: known[code])
    named = [(code, known[code]) for code in [*(code for code in top if code in known), *rest]]
    return named[: len(top)] + [(code, str(label)) for code, label in NO_MUNICIPALITY.items()] + named[len(top) :]


def municipality_names(reader: str) -> dict[str, str]:
    """Names of all municipalities and of the reasons not to name one, by code; one query."""
    return dict(municipality_choices(reader))


@dataclass(frozen=True)
class Row:
    """A person as a list or the head of a page shows it, with names for its codes in the reader's language."""

    person: Person
    municipality: str
    languages: list[tuple[str, str]]
    mother_tongue: str
    citizenships: str

    @property
    def spellings(self) -> list[PersonName]:
        """The name in other letters and spellings than the one shown."""
        return [name for name in self.person.names.all() if name.text != self.person.name]


@dataclass(frozen=True)
class FoundRow(Row):
    """The same for a person found, with the likeness in whole percents."""

    percent: int


def rows(found: Iterable[Found], reader: str) -> list[FoundRow]:
    """Persons found with the names of their codes; the same number of queries however many they are."""
    municipalities, shown = municipality_names(reader), list(found)
    hidden = shielding.shielded(each.person for each in shown)
    return [
        FoundRow(*_shown(each.person, municipalities, reader, hidden), percent=round(each.score * 100))
        for each in shown
    ]


def row(person: Person, reader: str) -> Row:
    """One person with the names of the codes."""
    return Row(*_shown(person, municipality_names(reader), reader, shielding.shielded([person])))


def _shown(
    person: Person, municipalities: Mapping[str, str], reader: str, hidden: Collection[uuid.UUID]
) -> tuple[Person, str, list[tuple[str, str]], str, str]:
    territories = Locale.parse(reader).territories
    place = shielding.place_of(person, hidden)
    return (
        person,
        municipalities.get(place, place),
        [(code, languages.own_name(code)) for code in person.service_languages],
        languages.own_name(person.mother_tongue) if person.mother_tongue else "",
        ", ".join(territories.get(code, code) for code in person.citizenships),
    )
