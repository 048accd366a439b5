"""What apps above add when they start: parts of a person's page, and the relations that open it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

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
