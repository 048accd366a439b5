"""What other apps add when they start: parts of a person's page, relations that open it, what must be hidden."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class Event:
    """A line of the timeline: when, what in words of the page's language, and where it is read in full."""

    at: datetime
    title: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Mover:
    """How an app's rows follow a person who is merged into another one.

    `covers`: the foreign keys, as `contacts.Contact.person`. `move(gone, survivor)` says in JSON what it moved, and
    `undo(record, gone, survivor)` puts exactly that back. `objections(gone, survivor)`: sentences why not now.
    All run under the row security of every controller: whatever points at the person follows.
    """

    name: str
    covers: frozenset[str]
    move: Callable[[Person, Person], Any]
    undo: Callable[[Any, Person, Person], None]
    objections: Callable[[Person, Person], list[str]] = lambda _gone, _survivor: []


@dataclass(frozen=True)
class Panel:
    """A part of the page: a template of the app that adds it and its context (None shows nothing), in it as `panel`.

    What is done most stands first, by `position`; panels of one position stand as they were added.
    """

    name: str
    template: str
    context: Callable[[Worker, Person], dict[str, Any] | None]
    position: int = 50


@dataclass(frozen=True)
class Due:
    """Something that waits to be done: what, until when (None: now), and where it is done."""

    title: str
    on: date | None = None
    text: str = ""
    url: str = ""

    @property
    def urgency(self) -> str:
        """`stop` when the day has passed, `warn` for the coming two weeks and what has no day, else empty."""
        today = timezone.localdate()
        if self.on and self.on < today:
            return "stop"
        return "warn" if self.on is None or self.on <= today + timedelta(days=SOON) else ""


@dataclass(frozen=True)
class Warning:
    """What whoever opens the page has to know first; `is_danger` when somebody could come to harm."""

    title: str
    text: str = ""
    is_danger: bool = False


@dataclass(frozen=True)
class Supporter:
    """Who else helps this person: a worker, an organisation, a friend; and as what."""

    name: str
    role: str
    url: str = ""


Events = Callable[[Worker, Person], list[Event]]
Dues = Callable[[Worker, Person], list[Due]]
Warnings = Callable[[Worker, Person], list[Warning]]
Supporters = Callable[[Worker, Person], list[Supporter]]
EVENTS_SHOWN = 50
SOON = 14

# The ids of the persons to whom something with this reference (K7QF-29XM) belongs, as far as the viewer sees it.
References = Callable[[Worker, str], Iterable[uuid.UUID]]

_movers: dict[str, Mover] = {}
_panels: dict[str, Panel] = {}
_events: dict[str, Events] = {}
_references: dict[str, References] = {}
_due: dict[str, Dues] = {}
_warnings: dict[str, Warnings] = {}
_supporters: dict[str, Supporters] = {}


def add_panel(panel: Panel) -> None:
    """Show the panel beside the timeline, in the order of adding."""
    _panels[panel.name] = panel


def add_events(name: str, events: Events) -> None:
    """Mix these events into the timeline."""
    _events[name] = events


def add_mover(mover: Mover) -> None:
    """Let an app's rows follow when two persons are made one."""
    _movers[mover.name] = mover


def movers() -> list[Mover]:
    """The movers of all apps, in the order of adding."""
    return list(_movers.values())


def mover_of_rows(
    name: str,
    model: type[models.Model],
    field: str = "person",
    *,
    objections: Callable[[Person, Person], list[str]] | None = None,
) -> Mover:
    """The mover of a table that just points at the person; the app that owns the table adds it."""
    rows = model._base_manager

    def move(gone: Person, survivor: Person) -> list[str]:
        moved = [str(pk) for pk in rows.filter(**{field: gone}).order_by("pk").values_list("pk", flat=True)]
        rows.filter(pk__in=moved).update(**{field: survivor})
        return moved

    def undo(record: list[str], gone: Person, survivor: Person) -> None:
        rows.filter(pk__in=record, **{field: survivor}).update(**{field: gone})

    covers = frozenset({f"{model._meta.label}.{field}"})
    return Mover(name, covers, move, undo, objections or (lambda _gone, _survivor: []))


def add_reference(name: str, found: References) -> None:
    """Let the search find a person by the reference of something that the app holds."""
    _references[name] = found


def people_by_reference(viewer: Worker, reference: str) -> list[uuid.UUID]:
    """Whose the reference is, by any app."""
    return list(dict.fromkeys(person for found in _references.values() for person in found(viewer, reference)))


def add_due(name: str, due: Dues) -> None:
    """Show these among what is due."""
    _due[name] = due


def add_warning(name: str, warnings: Warnings) -> None:
    """Show these before the name."""
    _warnings[name] = warnings


def add_supporters(name: str, supporters: Supporters) -> None:
    """Show these among who else supports the person."""
    _supporters[name] = supporters


def panels(viewer: Worker, person: Person) -> list[dict[str, Any]]:
    """The contexts of the panels that have something to show, each with its `template`."""
    made = [
        (panel.template, panel.context(viewer, person))
        for panel in sorted(_panels.values(), key=lambda each: each.position)
    ]
    return [{"template": template, **context} for template, context in made if context is not None]


def timeline(viewer: Worker, person: Person) -> list[Event]:
    """The latest events of all apps, the latest first."""
    found = [event for events in _events.values() for event in events(viewer, person)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:EVENTS_SHOWN]


_shared: dict[str, tuple[str, Events]] = {}


def add_shared(part: str, events: Events, *, scope: str) -> None:
    """Show these events of a client who is shared with another municipality when the sharing's scope holds them.

    `part` is that of the row-security operation AlsoRead; the events read rows of the other controller.
    """
    _shared[part] = (scope, events)


def shared_parts(scopes: set[str]) -> list[str]:
    """The parts that these scopes open."""
    return [part for part, (scope, _events) in _shared.items() if scope in scopes]


def shared_timeline(viewer: Worker, person: Person, scopes: set[str]) -> list[Event]:
    """What the scopes show of the client's history, the latest first."""
    found = [event for scope, events in _shared.values() if scope in scopes for event in events(viewer, person)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:EVENTS_SHOWN]


Related = Callable[[Worker], "QuerySet[Any, Any]"]


@dataclass(frozen=True)
class Relation:
    """Why a worker may open a client's record: `name` is the purpose in the audit trail, `label` says it to people.

    `related` gives rows with a `person_id` that the worker is related to now; whole and unsliced, so that it can be
    narrowed to one person.
    """

    name: str
    label: Any
    related: Related


_relations: dict[str, Relation] = {}


def add_relation(name: str, label: Any, related: Related) -> None:
    """Let the clients of these rows be opened; of several relations the one added first is named."""
    _relations[name] = Relation(name, label, related)


def relations() -> list[Relation]:
    """All relations, in the order of adding."""
    return list(_relations.values())


def due(viewer: Worker, person: Person) -> list[Due]:
    """What is due of all apps, the most urgent first."""
    found = [each for dues in _due.values() for each in dues(viewer, person)]
    return sorted(found, key=lambda each: each.on or timezone.localdate())


def warnings(viewer: Worker, person: Person) -> list[Warning]:
    """The warnings of all apps, dangers first."""
    found = [each for warnings in _warnings.values() for each in warnings(viewer, person)]
    return sorted(found, key=lambda each: not each.is_danger)


def supporters(viewer: Worker, person: Person) -> list[Supporter]:
    """Who supports the person, in the order of adding; the same one in the same role once."""
    found = [each for supporters in _supporters.values() for each in supporters(viewer, person)]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Part:
    """What one row said of where a person lives or is met, its columns by name; the row says it no longer."""

    row: uuid.UUID
    controller: str
    content: Mapping[str, Any]


# Clears the rows of a person and says what stood there; called again it finds only what was written since.
Conceal = Callable[[Person], Iterable[Part]]
# Writes into one row what it said; a row that is not there any more is passed over.
Reveal = Callable[[uuid.UUID, Mapping[str, Any]], None]
# (row, what it said, the reader's language): the same as labels with texts, for the page of hidden details.
Say = Callable[[uuid.UUID, Mapping[str, Any], str], Iterable[tuple[str, str]]]
# (person, relative) for each of the persons, from both ends of a relation. One query.
Relatives = Callable[[Collection[uuid.UUID]], Iterable[tuple[uuid.UUID, uuid.UUID]]]
# Persons who live with this one or are reached at the same number or address.
Sharers = Callable[[Person], Iterable[uuid.UUID]]


@dataclass(frozen=True)
class Concealer:
    """How one table hides what it says of a protected person, and takes it back; `title` names it on the screen.

    One that is not listed is opened by its own app alone (the bytes of a file). `say` puts a row into words where the
    names of columns are not enough.
    """

    table: str
    title: object
    conceal: Conceal
    reveal: Reveal
    is_listed: bool
    say: Say | None = None


_concealers: dict[str, Concealer] = {}
_relatives: dict[str, Relatives] = {}
_sharers: dict[str, Sharers] = {}


def add_concealer(
    table: str,
    conceal: Conceal,
    reveal: Reveal,
    *,
    title: object = "",
    is_listed: bool = True,
    say: Say | None = None,
) -> None:
    """Say how a table hides what it says of a protected person; in the order of adding, taken back in the reverse."""
    _concealers[table] = Concealer(table, title or table, conceal, reveal, is_listed, say)


def concealers() -> list[Concealer]:
    """Every table's way to hide, in the order of adding."""
    return list(_concealers.values())


def add_relatives(name: str, relatives: Relatives) -> None:
    """Say whose page could give away where a protected person lives."""
    _relatives[name] = relatives


def relatives() -> list[Relatives]:
    """Every table of relations."""
    return list(_relatives.values())


def add_sharers(name: str, sharers: Sharers) -> None:
    """Say who shares a protected person's home, number or address: the protection extends to them."""
    _sharers[name] = sharers


def sharers(person: Person) -> set[uuid.UUID]:
    """Ids of everybody who shares a home, a number or an address with the person."""
    return {each for found in _sharers.values() for each in found(person)} - {person.pk}
