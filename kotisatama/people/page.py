"""What the page of one person shows: a constant number of queries whatever the history and the family."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.people import access, forms, identifying, living, queries, registry, relatives, rules, sharing_access
from kotisatama.people.models import GroundPeriod, Identifier, Person, Residence
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

EVENTS_AT_ONCE = 7
ENDS_SOON = 90  # days: the service's own practice, no law


@dataclass(frozen=True)
class Code:
    """A code of an authority, masked; `shown` in full when it was asked for."""

    row: Identifier
    label: str
    text: str


@dataclass(frozen=True)
class Place:
    """A residence with the name of its municipality."""

    row: Residence
    municipality: str


def context(viewer: Worker, person: Person, reader: str, *, shown: dict[Any, str] | None = None) -> dict[str, Any]:
    """Everything that `people/detail.html` needs; `shown` are codes in full by the key of their row."""
    timeline = registry.timeline(viewer, person)
    hides_ways = access.is_shielded(person)
    family = relatives.family(person)
    return {
        "person": person,
        "row": queries.row(person, reader),
        "age": relatives.age(person),
        "hides_ways": hides_ways,
        "ways": [] if hides_ways else [(each, languages.own_name(each.language)) for each in queries.channels(person)],
        "interpreter": needs_interpreter(person, viewer),
        "codes": codes(person, shown or {}),
        "places": places(person, reader, current_only=True),
        "warnings": [*own_warnings(person, family), *registry.warnings(viewer, person)],
        "due": registry.due(viewer, person),
        "relatives": family,
        "at_home": any(each.lives_here for each in family),
        "supporters": [*relatives.friends(family, person), *registry.supporters(viewer, person)],
        "timeline": timeline[:EVENTS_AT_ONCE],
        "earlier": timeline[EVENTS_AT_ONCE:],
        "panels": registry.panels(viewer, person),
        "may_change": access.can_change(viewer, person),
        "may_share": sharing_access.can_share(viewer, person),
    }


def codes(person: Person, shown: dict[Any, str]) -> list[Code]:
    """The person's codes, masked unless `shown` holds them."""
    found = person.identifiers.order_by("kind", "issuing_country")
    return [Code(row, label(row), shown.get(row.pk) or _masked(row)) for row in found]


def label(row: Identifier) -> str:
    """What kind of code it is, a passport with its country."""
    if not row.issuing_country:
        return str(row.get_kind_display())
    country = Locale.parse(forms.reader()).territories.get(row.issuing_country, row.issuing_country)
    return f"{row.get_kind_display()}, {country}"


def _masked(row: Identifier) -> str:
    try:
        return identifying.masked(row.kind, identifying.opened(row))
    except ValueError:  # Its key is missing: the page is no less needed for that.
        return "•••"


def places(person: Person, reader: str, *, current_only: bool = False) -> list[Place]:
    """Where the person lives, registered first; nothing of a person with non-disclosure."""
    if not access.whereabouts_are_open(person):
        return []
    rows = list(person.residences.order_by("-kind", "-valid_from"))
    if current_only:
        today = timezone.localdate()
        by_kind = [[row for row in rows if row.kind == kind] for kind in ("registered", "actual")]
        rows = [row for of_kind in by_kind if (row := living.latest_begun(of_kind, today))]
    named = queries.municipality_names(reader) if rows else {}
    return [Place(row, named.get(row.municipality, row.municipality)) for row in rows]


def grounds(person: Person) -> list[GroundPeriod]:
    """On what grounds the person has stayed and will stay, the latest first."""
    rows = list(person.ground_periods.all())
    return sorted(rows, key=lambda row: row.valid_from or date.min, reverse=True)


def own_warnings(person: Person, family: list[relatives.Relative]) -> list[registry.Warning]:
    """What the register itself warns of."""
    found = []
    if not access.whereabouts_are_open(person):
        found.append(
            registry.Warning(
                _("Non-disclosure for personal safety."),
                _("The municipality is secret. Tell nobody where this person lives or can be met."),
                is_danger=True,
            )
        )
    years = relatives.age(person)
    if years is not None and years < rules.ADULT:
        found.append(registry.Warning(_("Under 18."), relatives.guardians(person, family)))
    return found


def needs_interpreter(person: Person, worker: Worker) -> str:
    """The language of an interpreter, empty when the worker's screens or Finnish, Swedish or English will do."""
    first = person.service_languages[0] if person.service_languages else ""
    return "" if first in {"", "fi", "sv", "en", worker.language} else languages.name_in(first, forms.reader())


def due_of_register(viewer: Worker, person: Person) -> list[registry.Due]:
    """The ground of stay ends within three months, or has ended, and nothing known follows."""
    ends, today = person.ground_ends_on, timezone.localdate()
    if ends is None or (ends - today).days > ENDS_SOON:
        return []
    follows = person.ground_periods.filter(valid_from__gt=ends).order_by("valid_from").first()
    if follows:
        return []
    title = _("The ground of stay has ended") if ends < today else _("The ground of stay ends")
    return [registry.Due(title, ends, str(person.get_ground_of_stay_display()))]


def first_values(person: Person, what: str) -> dict[str, Any]:
    """What a new residence or ground of stay starts from: today, and the present municipality."""
    values: dict[str, Any] = {"valid_from": timezone.localdate()}
    return values | {"municipality": person.municipality} if what == "residences" else values


def period(person: Person, what: str, row: Any) -> Residence | GroundPeriod | None:
    """One of the person's rows; none of a residence that pages may not tell."""
    if what == "grounds":
        return person.ground_periods.filter(pk=row).first()
    return person.residences.filter(pk=row).first() if access.whereabouts_are_open(person) else None


def identity_code_row(person: Person) -> Any:
    """The key of the row that holds the person's identity code."""
    return person.identifiers.filter(kind=Identifier.Kind.HETU).values_list("pk", flat=True).first()


def code(person: Person, row: str) -> Identifier | None:
    """One of the person's codes by what a page sent."""
    try:
        return person.identifiers.filter(pk=row).first() if row else None
    except ValidationError:
        return None
