"""Two persons side by side, in words: what the page before a merge asks about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from kotisatama.people import access, merging, queries, rules
from kotisatama.people.models import Identifier, Merge, Person
from kotisatama.staff.models import Worker
from kotisatama.translation import languages

NAMES_OF_LANGUAGES = frozenset({"mother_tongue", "service_languages"})


@dataclass(frozen=True)
class Line:
    """One thing that is said of both; `choices` (side, words) are empty where both say the same."""

    name: str
    label: str
    left: str
    right: str
    choices: tuple[tuple[str, str], ...]
    initial: str


@dataclass(frozen=True)
class Comparison:
    """Both persons, line by line, with what stands against making them one."""

    left: Person
    right: Person
    lines: list[Line]
    objections: list[str]
    warnings: list[str]


def compare(left: Person, right: Person, reader: str) -> Comparison:
    """What the preview shows; a constant number of queries for the fields."""
    say = _spoken(reader)
    lines = [_line(name, left, right, say) for name in merging.choosable()]
    lines += [_rows_line("channels", _("How to reach"), _channels(left), _channels(right))]
    codes = queries.masked_identity_code(left), queries.masked_identity_code(right)
    lines += [_rows_line("identifiers", _("Identifiers"), _identifiers(left), _identifiers(right))]
    return Comparison(
        left,
        right,
        [line for line in lines if line.left or line.right],
        merging.objections(left, right),
        _warnings(left, right, both_have_codes=all(codes)),
    )


def _line(name: str, left: Person, right: Person, say: Callable[[str, Any], str]) -> Line:
    field = Person._meta.get_field(name)
    ours, theirs = (say(name, getattr(each, name)) for each in (left, right))
    several = isinstance(field, ArrayField)
    label = str(getattr(field, "verbose_name", name))
    return _asked(name, label[:1].upper() + label[1:], ours, theirs, several=several)


def _rows_line(name: str, label: str, ours: list[str], theirs: list[str]) -> Line:
    return _asked(name, label, ", ".join(ours), ", ".join(theirs), several=True)


def _asked(name: str, label: str, ours: str, theirs: str, *, several: bool) -> Line:
    if ours == theirs:
        return Line(name, label, ours, theirs, (), merging.LEFT)
    choices = [(merging.LEFT, ours or _("Nothing")), (merging.RIGHT, theirs or _("Nothing"))]
    choices += [(merging.BOTH, _("Both"))] if several and ours and theirs else []
    initial = merging.RIGHT if not ours else merging.BOTH if several and theirs else merging.LEFT
    return Line(name, label, ours, theirs, tuple(choices), initial)


def _spoken(reader: str) -> Callable[[str, Any], str]:
    """How a column's value is said: codes by their names."""
    municipalities, territories = queries.municipality_names(reader), Locale.parse(reader).territories

    def say(name: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(say(name, each) for each in value)
        if name == "municipality":
            return str(municipalities.get(value, value))
        return str(territories.get(value, value)) if name == "citizenships" else _plain(name, value)

    return say


def _plain(name: str, value: Any) -> str:
    if value in {"", None, "unknown"}:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return str(formats.date_format(value, "SHORT_DATE_FORMAT"))
    if name in NAMES_OF_LANGUAGES:
        return languages.own_name(value)
    return str(dict(getattr(Person._meta.get_field(name), "choices", None) or {}).get(value, value))


def _channels(person: Person) -> list[str]:
    return [channel.value for channel in queries.channels(person)]


def _identifiers(person: Person) -> list[str]:
    """The identity code masked; of the others only which ones there are."""
    kinds = person.identifiers.exclude(kind=Identifier.Kind.HETU).order_by("kind")
    code = queries.masked_identity_code(person)
    return ([code] if code else []) + [each.get_kind_display() for each in kinds]


def _warnings(left: Person, right: Person, *, both_have_codes: bool) -> list[str]:
    found = []
    if both_have_codes:
        found.append(_("Both have a personal identity code. Two codes usually mean two persons."))
    certain = not (left.birthday_is_placeholder or right.birthday_is_placeholder)
    if certain and left.date_of_birth and right.date_of_birth and left.date_of_birth != right.date_of_birth:
        found.append(_("Their dates of birth differ."))
    return found


def panel(viewer: Worker, person: Person) -> dict[str, Any] | None:
    """On a person's page: into whom it was merged, or who was merged into it, and the way to merge."""
    merges = Merge.objects.filter(Q(survivor=person) | Q(gone=person), undone_at=None)
    merges = merges.select_related("survivor", "gone", "by").order_by("-at")
    return {
        "person": person,
        "merges": [(merge, rules.can_still_be_undone(merge)) for merge in merges],
        "may_undo": access.can_change(viewer, person),
        "may_merge": access.can_change(viewer, person) and not person.archived_on,
    }
