"""What partners and volunteers may see of a client whom they meet: an allow-list of fields for each role.

Their page is given what stands here and never the person: a field that is added to the register stays closed to them
until somebody writes it into this file, and says how it is shown.
"""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.people import access
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from kotisatama.translation import languages

# Languages in which any worker of the service can speak without an interpreter.
SPOKEN_BY_ALL = frozenset({"fi", "sv", "en"})
SECRET = "secret"  # noqa: S105 - the municipality of a person with non-disclosure
SAFE_CHANNELS = "safe_channels"


@dataclass(frozen=True)
class Text:
    """A run of text as the page shows it; `language` is a code or empty."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Field:
    """One thing that may be shown: its words and its values, of which only those belong on the page."""

    label: Any
    values: Callable[[Person], list[Text]]


@dataclass(frozen=True)
class Shown:
    """A field with its values, ready for the page."""

    name: str
    label: str
    values: list[Text]


def _first_name(person: Person) -> list[Text]:
    return [Text(person.name.split()[0])]


def _languages(person: Person) -> list[Text]:
    return [Text(languages.own_name(code), code) for code in person.service_languages]


def _interpreter(person: Person) -> list[Text]:
    speaks_with_all = SPOKEN_BY_ALL & set(person.service_languages)
    return [Text(_("Not needed") if speaks_with_all else _("Needed, unless you speak the language"))]


def _safe_channels(person: Person) -> list[Text]:
    """Ways to reach the person that the person has said to be safe; see `show` for a non-disclosure."""
    return [Text(channel.value) for channel in person.channels.all() if channel.safe_to_leave_message]


FIELDS = {
    "first_name": Field(gettext_lazy("First name"), _first_name),
    "service_languages": Field(gettext_lazy("Service languages"), _languages),
    "interpreter": Field(gettext_lazy("Interpreter"), _interpreter),
    SAFE_CHANNELS: Field(gettext_lazy("Safe way to reach"), _safe_channels),
}

ALLOWED: dict[str, frozenset[str]] = {
    Role.PARTNER_WORKER: frozenset({"first_name", "service_languages", "interpreter", "safe_channels"}),
    Role.ASSOCIATION_COORDINATOR: frozenset({"first_name", "service_languages", "interpreter", "safe_channels"}),
    Role.PEER_SUPPORTER: frozenset({"first_name", "service_languages", "interpreter"}),
}


def allowed(roles: Iterable[str]) -> frozenset[str]:
    """Names of the fields that these roles may see; those of several roles add up."""
    return frozenset().union(*(ALLOWED.get(role, frozenset()) for role in roles))


def hidden_channels(people: Iterable[Person]) -> frozenset[uuid.UUID]:
    """Ids of those whose ways to be reached are not shown: by a non-disclosure of their own or of somebody close."""
    given = list(people)
    return access.shielded(given) | {person.pk for person in given if person.municipality == SECRET}


def show(viewer: Worker, person: Person, name: str, *, hidden: Collection[uuid.UUID] | None = None) -> Shown:
    """One field for the viewer; `hidden` is that of `hidden_channels` when the page has many people.

    Raises PermissionDenied for whatever the list does not name.
    """
    if name not in allowed(viewer.roles) or name not in FIELDS:
        raise PermissionDenied(name)
    if name == SAFE_CHANNELS and person.pk in (hidden_channels([person]) if hidden is None else hidden):
        return Shown(name, str(FIELDS[name].label), [])
    return Shown(name, str(FIELDS[name].label), FIELDS[name].values(person))


def shown(viewer: Worker, person: Person, *, hidden: Collection[uuid.UUID] | None = None) -> list[Shown]:
    """All fields that the viewer may see, in the order of the list; those without a value are left out."""
    may = allowed(viewer.roles)
    every = [show(viewer, person, name, hidden=hidden) for name in FIELDS if name in may]
    return [each for each in every if each.values]
