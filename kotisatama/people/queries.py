"""Reading persons; finding them is in finding.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Municipality
from kotisatama.people import identity_codes
from kotisatama.people.finding import Found, candidates, search
from kotisatama.people.models import Channel, Identifier, LikelyPair, Person, PersonName
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
    """Persons found with the names of their codes; one query however many they are."""
    municipalities = municipality_names(reader)
    return [FoundRow(*_shown(each.person, municipalities, reader), percent=round(each.score * 100)) for each in found]


@dataclass(frozen=True)
class PairRow:
    """Two persons who may be one, with the names of their codes."""

    pair: LikelyPair
    persons: tuple[Row, Row]


def pair_rows(pairs: Iterable[LikelyPair], reader: str) -> list[PairRow]:
    """A page of likely pairs; one query however many they are."""
    municipalities = municipality_names(reader)
    return [
        PairRow(
            pair,
            (Row(*_shown(pair.first, municipalities, reader)), Row(*_shown(pair.second, municipalities, reader))),
        )
        for pair in pairs
    ]


def row(person: Person, reader: str) -> Row:
    """One person with the names of the codes."""
    return Row(*_shown(person, municipality_names(reader), reader))


def _shown(
    person: Person, municipalities: Mapping[str, str], reader: str
) -> tuple[Person, str, list[tuple[str, str]], str, str]:
    territories = Locale.parse(reader).territories
    return (
        person,
        municipalities.get(person.municipality, person.municipality),
        [(code, languages.own_name(code)) for code in person.service_languages],
        languages.own_name(person.mother_tongue) if person.mother_tongue else "",
        ", ".join(territories.get(code, code) for code in person.citizenships),
    )
