"""What other apps add to persons when they start: parts of the page, and what of theirs a non-disclosure hides."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
class Panel:
    """A part of the page: a template of the app that adds it and its context (None shows nothing), in it as `panel`."""

    name: str
    template: str
    context: Callable[[Worker, Person], dict[str, Any] | None]


Events = Callable[[Worker, Person], list[Event]]
EVENTS_SHOWN = 50

_panels: dict[str, Panel] = {}
_events: dict[str, Events] = {}


def add_panel(panel: Panel) -> None:
    """Show the panel beside the timeline, in the order of adding."""
    _panels[panel.name] = panel


def add_events(name: str, events: Events) -> None:
    """Mix these events into the timeline."""
    _events[name] = events


def panels(viewer: Worker, person: Person) -> list[dict[str, Any]]:
    """The contexts of the panels that have something to show, each with its `template`."""
    made = [(panel.template, panel.context(viewer, person)) for panel in _panels.values()]
    return [{"template": template, **context} for template, context in made if context is not None]


def timeline(viewer: Worker, person: Person) -> list[Event]:
    """The latest events of all apps, the latest first."""
    found = [event for events in _events.values() for event in events(viewer, person)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:EVENTS_SHOWN]


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
# (person, relative) for each of the persons, from both ends of a relation. One query.
Relatives = Callable[[Collection[uuid.UUID]], Iterable[tuple[uuid.UUID, uuid.UUID]]]
# Persons who live with this one or are reached at the same number or address.
Sharers = Callable[[Person], Iterable[uuid.UUID]]


@dataclass(frozen=True)
class Concealer:
    """How one table hides what it says of a protected person, and takes it back; `title` names it on the screen.

    One that is not listed is opened by its own app alone (the bytes of a file).
    """

    table: str
    title: object
    conceal: Conceal
    reveal: Reveal
    is_listed: bool


_concealers: dict[str, Concealer] = {}
_relatives: dict[str, Relatives] = {}
_sharers: dict[str, Sharers] = {}


def add_concealer(table: str, conceal: Conceal, reveal: Reveal, *, title: object = "", is_listed: bool = True) -> None:
    """Say how a table hides what it says of a protected person; in the order of adding, taken back in the reverse."""
    _concealers[table] = Concealer(table, title or table, conceal, reveal, is_listed)


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
