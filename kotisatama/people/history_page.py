"""What was known of a person before each change, in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.people import access, queries
from kotisatama.people.models import (
    Channel,
    GroundPeriod,
    Identifier,
    MayKnow,
    Person,
    PersonChange,
    PersonName,
    Relation,
    Residence,
)
from kotisatama.translation import languages

WHAT: dict[str, Promise] = {
    "person.changed": gettext_lazy("Details changed"),
    "residence.recorded": gettext_lazy("Residence recorded"),
    "residence.changed": gettext_lazy("Residence corrected"),
    "residence.removed": gettext_lazy("Residence taken away"),
    "ground.recorded": gettext_lazy("Ground of stay recorded"),
    "ground.changed": gettext_lazy("Ground of stay corrected"),
    "ground.removed": gettext_lazy("Ground of stay taken away"),
    "identifier.changed": gettext_lazy("Identifier changed"),
    "relation.recorded": gettext_lazy("Relation recorded"),
    "relation.changed": gettext_lazy("Relation changed"),
    "relation.removed": gettext_lazy("Relation taken away"),
    "household.joined": gettext_lazy("Moved into a household"),
    "household.left": gettext_lazy("Moved out of a household"),
}
# Labels of fields that are no fields of the model of the person.
LABELS: dict[str, Promise] = {
    "names": gettext_lazy("Names"),
    "hetu": gettext_lazy("Personal identity code"),
    "citizenships": gettext_lazy("Citizenships"),
    "service_languages": gettext_lazy("Service languages"),
    "identifier": gettext_lazy("Identifier"),
    "residence": gettext_lazy("Residence"),
    "ground": gettext_lazy("Ground of stay"),
    "relation": gettext_lazy("Relation"),
}
Say = Callable[[str, Any], str]
# What a row keeps for itself and a reader has no use of.
KEYS = frozenset({"row", "relation", "household"})
WHEREABOUTS = frozenset({"municipality", "residence", *(f"channel.{kind}" for kind in Channel.Kind.values)})


@dataclass(frozen=True)
class Entry:
    """A change: what it was, who, when and why, and what each field said before."""

    change: PersonChange
    what: str
    values: list[tuple[str, str]]


def changes(person: Person, reader: str) -> list[Entry]:
    """All changes of a person, the latest first. Of a person with non-disclosure no place and no number is told."""
    found = list(person.changes.select_related("worker"))
    say = _spoken(reader) if found else None
    hidden = frozenset() if access.whereabouts_are_open(person) else WHEREABOUTS
    return [_entry(change, say, hidden) for change in found if say]


def _entry(change: PersonChange, say: Say, hidden: frozenset[str]) -> Entry:
    return Entry(change, str(WHAT.get(change.what, change.what)), _values(change.before, say, hidden))


def _values(before: Mapping[str, Any], say: Say, hidden: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [
        (_label(name), _("Hidden") if name in hidden else text)
        for name, value in sorted(before.items())
        if (text := say(name, value))
    ]


def told(before: Mapping[str, Any], reader: str) -> list[tuple[str, str]]:
    """What fields said before a change, for the page on which hidden details are open."""
    return _values(before, _spoken(reader))


def _label(name: str) -> str:
    if name.startswith("channel."):
        return str(Channel.Kind(name.removeprefix("channel.")).label)
    return str(LABELS[name]) if name in LABELS else _of_model(Person, name)


def _of_model(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name).capitalize()


def _spoken(reader: str) -> Say:
    """How the earlier value of a field is said; empty for what has nothing to say."""
    municipalities = queries.municipality_names(reader)
    territories = Locale.parse(reader).territories
    by_name: dict[str, Callable[[Any], str]] = {
        "municipality": lambda code: municipalities.get(code, code),
        "citizenships": lambda codes: _joined(territories.get(code, code) for code in codes),
        "service_languages": lambda codes: _joined(languages.own_name(code) for code in codes),
        "mother_tongue": lambda code: _joined([languages.own_name(code)]),
        "names": lambda rows: _joined(f"{text} ({PersonName.Kind(kind).label})" for text, kind in rows),
    }

    def say(name: str, value: Any) -> str:
        if name in by_name:
            return by_name[name](value)
        if name.startswith("channel."):
            return _joined(row[1] for row in value)
        return _row(name, value, say) if isinstance(value, dict) else _plain(Person, name, value)

    return say


def _joined(words: Iterable[str]) -> str:
    return ", ".join(word for word in words if word) or "–"


MODELS: Mapping[str, Any] = {
    "residence": Residence,
    "ground": GroundPeriod,
    "relation": Relation,
    "identifier": Identifier,
}


def _row(name: str, value: dict[str, Any], say: Say) -> str:
    """A row that hangs on the person, its fields one after another."""
    said = {field: each for field, each in value.items() if field not in KEYS and each not in (None, "")}
    parts = [
        say(field, each) if field == "municipality" else _of_row(name, field, each) for field, each in said.items()
    ]
    return ", ".join(part for part in parts if part)


def _of_row(name: str, field: str, value: Any) -> str:
    if field in {"from_may_know", "to_may_know"}:
        return str(MayKnow(value).label)
    if field in {"code", "country", "street_address", "postal_code", "post_office"} or name not in MODELS:
        return str(value)
    if field in {"valid_from", "valid_to"}:
        return f"{_of_model(MODELS[name], field)} {_day(value)}" if name != "relation" else _day(value)
    return _plain(MODELS[name], field, value)


def _plain(model: Any, name: str, value: Any) -> str:
    """A value by the choices of its field; days as the page's language writes them."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, ""):
        return "–"
    field = model._meta.get_field(name)
    if field.get_internal_type() == "DateField":
        return _day(value)
    return str(dict(field.choices or ()).get(value, value))


def _day(value: str) -> str:
    return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
