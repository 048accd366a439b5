"""What other apps show on a person's page: apps above this one add their parts when they start."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

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
    """A part of the page: a template of the app that adds it and its context (None shows nothing), in it as `panel`."""

    name: str
    template: str
    context: Callable[[Worker, Person], dict[str, Any] | None]


Events = Callable[[Worker, Person], list[Event]]
EVENTS_SHOWN = 50

# The ids of the persons to whom something with this reference (K7QF-29XM) belongs, as far as the viewer sees it.
References = Callable[[Worker, str], Iterable[uuid.UUID]]

_movers: dict[str, Mover] = {}
_panels: dict[str, Panel] = {}
_events: dict[str, Events] = {}
_references: dict[str, References] = {}


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


def panels(viewer: Worker, person: Person) -> list[dict[str, Any]]:
    """The contexts of the panels that have something to show, each with its `template`."""
    made = [(panel.template, panel.context(viewer, person)) for panel in _panels.values()]
    return [{"template": template, **context} for template, context in made if context is not None]


def timeline(viewer: Worker, person: Person) -> list[Event]:
    """The latest events of all apps, the latest first."""
    found = [event for events in _events.values() for event in events(viewer, person)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:EVENTS_SHOWN]
