"""Changing a person's form: who changed another field meanwhile loses nothing, the same field is asked about."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import concealing, history, identifying, living, parts, rules, tasks, tokens
from kotisatama.people import names as spelling
from kotisatama.people.models import Channel, Identifier, Person
from kotisatama.staff.models import Worker

# Fields that the form takes as they are; names, channels and hetu have rows of their own.
PLAIN_FIELDS = frozenset(
    {
        "name",
        "date_of_birth",
        "birthday_is_placeholder",
        "gender",
        "citizenships",
        "mother_tongue",
        "service_languages",
        "municipality",
        "ground_of_stay",
        "ground_ends_on",
        "moved_to_finland_on",
    }
)
CHANNEL = concealing.CHANNEL
# With the channels, what decides who may be the same person.
FOUND_BY = frozenset({"name", "names", "date_of_birth", "birthday_is_placeholder"})
BIRTHDAY = ("date_of_birth", "birthday_is_placeholder")  # an identity code tells them too


class FieldsChangedMeanwhile(ChangedMeanwhile):
    """Somebody changed the same fields; `clashes` are their names, `mine` all that this page changed."""

    def __init__(self, sentence: str, *, clashes: Iterable[str], mine: Iterable[str]) -> None:
        super().__init__(sentence)
        self.clashes, self.mine = frozenset(clashes), frozenset(mine)


@transaction.atomic
def change_person(person: Person, *, version: int, by: Worker, reason: str = "", **fields: Any) -> Person:
    """Change the given fields, `names`, `channels` and `hetu` among them (an empty hetu takes the code away).

    `version` is that of the page that was opened. What others changed since in other fields stays; NotAllowed with the
    names of the fields (`FieldsChangedMeanwhile`) when they changed the same ones otherwise. Nothing changed, no line.
    """
    current = living.locked(person, by)
    given = asked(current, fields)
    if concealing.divert(current, given):
        _line("protection.changed", current, by)
    now = snapshot(current)
    changes = {name: given[name] for name in _wanted(current, given, now, version=version)}
    if not changes:
        return current
    before = {name: masked(name, now[name]) for name in changes}
    set_plain(current, {name: value for name, value in changes.items() if name in PLAIN_FIELDS})
    living.follow_form(current, set(changes))
    current.version += 1
    current.save()
    _write(current, now | changes, set(changes))
    before |= {name: masked(name, now[name]) for name in BIRTHDAY if getattr(current, name) != now[name]}
    history.keep(current, before, by=by, version=current.version, reason=reason)
    concealing.conceal(current, *concealing.OWN_TABLES)
    _line("person.changed", current, by, fields=sorted(changes))
    if FOUND_BY & set(changes) or any(name.startswith(CHANNEL) for name in changes):
        tasks.look_for_duplicates.defer(person_id=str(current.pk), controller=current.controller_id)
    return current


def _line(action: str, person: Person, by: Worker, **details: Any) -> None:
    audit.record(action, by=by, controllers=[person.controller_id], subject=person, details=details)


def asked(person: Person, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields as `snapshot` names and writes them."""
    given = dict(fields)
    found = {name: given.pop(name) for name in PLAIN_FIELDS & set(given)}
    if "name" in found:
        found["name"] = found["name"].strip()
    if "names" in given or "name" in found:
        shown = Person(name=found.get("name", person.name))
        known = parts.known_names(person)
        found["names"] = parts.name_rows(shown, given.pop("names", known), known)
    if "channels" in given:
        rows = parts.channel_rows(given.pop("channels"), parts.known_channels(person))
        found |= _by_kind(rows)
    if "hetu" in given:
        found["hetu"] = rules.identifier_value(Identifier.Kind.HETU, given["hetu"]) if given["hetu"].strip() else ""
        del given["hetu"]
    if given:
        raise TypeError(f"a person has no {sorted(given)}")
    return found


def snapshot(person: Person) -> dict[str, Any]:
    """Everything that the form of a person changes, by field: channels by their kind, the identity code in clear."""
    found = {name: getattr(person, name) for name in PLAIN_FIELDS}
    found["names"] = parts.known_names(person)
    found |= _by_kind(parts.known_channels(person))
    found["hetu"] = identifying.code_of(person, Identifier.Kind.HETU)
    return found


def _by_kind(rows: list[parts.ChannelRow]) -> dict[str, list[parts.ChannelRow]]:
    return {f"{CHANNEL}{kind}": [row for row in rows if row.kind == kind] for kind in Channel.Kind.values}


def masked(name: str, value: Any) -> Any:
    """An earlier value as it may be kept."""
    return identifying.masked(Identifier.Kind.HETU, value) if name == "hetu" and value else history.plain(value)


def _wanted(person: Person, given: dict[str, Any], now: dict[str, Any], *, version: int) -> set[str]:
    """The fields to write: those that the page changed from what it showed. Raises FieldsChangedMeanwhile."""
    differing = {name for name, value in given.items() if history.plain(value) != history.plain(now[name])}
    if version == person.version:
        return differing
    shown = _shown(person, version)
    if shown is None:  # It was changed in a way that kept no history: every difference is asked about.
        mine = clashes = differing
    else:
        mine = {name for name in given if _changed_by_page(name, given[name], shown.get(name, now[name]))}
        clashes = {name for name in mine & differing & shown.keys() if _changed_by_page(name, now[name], shown[name])}
    if clashes:
        sentence = _("Somebody else changed this person while you were writing. Compare the values and save again.")
        raise FieldsChangedMeanwhile(sentence, clashes=clashes, mine=mine)
    return mine & differing


def _changed_by_page(name: str, value: Any, shown: Any) -> bool:
    """Whether the page says something else than it showed; an identity code is not shown, so it is always meant."""
    return name == "hetu" or history.plain(value) != history.plain(shown)


def _shown(person: Person, version: int) -> dict[str, Any] | None:
    """What fields that others changed since had said in a version; None when a version in between is not known."""
    changes = list(person.changes.filter(version__gt=version).order_by("-version").values_list("version", "before"))
    if version > person.version or len(changes) != person.version - version:
        return None
    shown: dict[str, Any] = {}
    for _number, before in changes:
        shown |= before
    return shown


def set_plain(person: Person, fields: Mapping[str, Any]) -> None:
    """Put plain fields in, checked."""
    unknown = set(fields) - PLAIN_FIELDS
    if unknown:
        raise TypeError(f"a person has no {sorted(unknown)}")
    for name, value in fields.items():
        setattr(person, name, value)
    if not person.name:
        raise NotAllowed(_("Write a name."))
    rules.check_birthday(person.date_of_birth)
    person.sort_key = spelling.sort_key(person.name)


def _write(person: Person, wanted: Mapping[str, Any], changed: set[str]) -> None:
    if "names" in changed:
        parts.write_names(person, wanted["names"])
    kinds = [name for name in wanted if name.startswith(CHANNEL)]
    if changed & set(kinds):
        parts.write_channels(person, [row for name in kinds for row in wanted[name]])
    if "hetu" in changed:
        identifying.write(person, Identifier.Kind.HETU, wanted["hetu"])
    elif changed & {"date_of_birth", "birthday_is_placeholder"} and wanted["hetu"]:
        rules.check_same_birthday(wanted["hetu"], person.date_of_birth, is_placeholder=person.birthday_is_placeholder)
    tokens.renew(person)
