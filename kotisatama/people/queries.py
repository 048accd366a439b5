"""Reading persons; finding them is in finding.py."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Municipality
from kotisatama.people import access, identity_codes, opening_queries, shielding
from kotisatama.people.finding import Found, candidates, search
from kotisatama.people.kinship import ROLES as ROLES  # role of the other one: (kind, whether that one is `from_person`)
from kotisatama.people.kinship import role_choices as role_choices
from kotisatama.people.models import Channel, Identifier, LikelyPair, Person, PersonName
from kotisatama.people.officer import (  # what the data protection officer may ask
    controllers_that_show_names as controllers_that_show_names,
)
from kotisatama.people.officer import ids_that_became as ids_that_became
from kotisatama.people.officer import open_unusual_looks as open_unusual_looks
from kotisatama.people.officer import person_ids_of as person_ids_of
from kotisatama.people.officer import unusual_looks as unusual_looks
from kotisatama.people.officer import with_address_of_namesake as with_address_of_namesake
from kotisatama.people.officer import with_surname_of as with_surname_of
from kotisatama.people.protection_reading import SafeChannel as SafeChannel
from kotisatama.people.protection_reading import ending_soon as ending_soon
from kotisatama.people.protection_reading import running_protection as running_protection
from kotisatama.people.protection_reading import safe_channels as safe_channels
from kotisatama.people.protection_reading import safe_value as safe_value
from kotisatama.people.relatives import family as family
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

__all__ = ["Found", "candidates", "search"]
NO_MUNICIPALITY = {
    "unknown": gettext_lazy("Not known"),
    "abroad": gettext_lazy("Lives abroad"),
    "secret": gettext_lazy("Secret (non-disclosure)"),
}


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
    """A person as a list or the head of a page shows it, with names for its codes in the reader's language.

    Of a person who was only found, `municipality`, `mother_tongue` and `citizenships` are empty.
    """

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
    """The same for a person found, with the likeness in whole percents and whether the viewer may open the record."""

    percent: int
    may_open: bool


def rows(viewer: Worker, found: Iterable[Found], reader: str) -> list[FoundRow]:
    """Persons found with the names of their codes; the same number of queries however many they are.

    Of a person whose place is hidden no municipality is named, nor the one that keeps the record.
    """
    found, municipalities = list(found), municipality_names(reader)
    openable = access.openable_ids(viewer, (each.person.pk for each in found))
    hidden = shielding.shielded(each.person for each in found)
    return [_found_row(each, municipalities, reader, hidden, may_open=each.person.pk in openable) for each in found]


def _found_row(
    found: Found, municipalities: Mapping[str, str], reader: str, hidden: Collection[uuid.UUID], *, may_open: bool
) -> FoundRow:
    shown = _shown(found.person, municipalities, reader, hidden) if may_open else _card(found.person)
    return FoundRow(*shown, percent=round(found.score * 100), may_open=may_open)


def openings_waiting(lead: Worker) -> int:
    """How many openings of records wait for this lead's review: a badge."""
    return opening_queries.number_waiting(lead)


def card(person: Person) -> Row:
    """What may be shown of a person whose record the viewer may not open: names, year of birth, languages."""
    return Row(*_card(person))


def _card(person: Person) -> tuple[Person, str, list[tuple[str, str]], str, str]:
    return person, "", [(code, languages.own_name(code)) for code in person.service_languages], "", ""


@dataclass(frozen=True)
class PairRow:
    """Two persons who may be one, with the names of their codes."""

    pair: LikelyPair
    persons: tuple[Row, Row]


def pair_rows(pairs: Iterable[LikelyPair]) -> list[PairRow]:
    """A page of likely pairs: of each person what a search shows, for to compare them is to open them."""
    return [PairRow(pair, (card(pair.first), card(pair.second))) for pair in pairs]


def row(person: Person, reader: str, *, hides_place: bool = False) -> Row:
    """One person with the names of the codes; without the municipality when a non-disclosure or the caller hides it."""
    hidden = {person.pk} if hides_place else shielding.shielded([person])
    return Row(*_shown(person, municipality_names(reader), reader, hidden))


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
