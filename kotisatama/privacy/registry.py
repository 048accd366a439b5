"""What personal data the service holds: each app declares its tables when it starts; this app imports none of them.

A declaration says of each field what kind of datum it is, how long the row is kept, what goes along with it, and what
an extract shows. Erasure, dry run, extract and docs/personal-data.md all read these declarations and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(models.TextChoices):
    """What a field tells; `COUNTED` alone may outlive the person, and only in a row that no longer names anybody."""

    IDENTITY = "identity", _("Says who or where somebody is")
    CIRCUMSTANCES = "circumstances", _("Tells about somebody's life")
    FREE_TEXT = "free_text", _("Free text, whatever it may tell")
    COUNTED = "counted", _("A fact that figures count")
    LINK = "link", _("Ties the row to a person or to another row")
    WORKER = "worker", _("Which worker or organisation did it")
    TECHNICAL = "technical", _("Keys, versions and states of the software")


class Ground(models.TextChoices):
    """Why the data may be held (General Data Protection Regulation, article 6)."""

    PUBLIC_TASK = "public_task", _("Public task: guidance and counselling (681/2023, 10 §), article 6(1)(e)")
    LEGAL_DUTY = "legal_duty", _("Legal duty: showing who looked and what was decided, article 6(1)(c)")
    CONSENT = "consent", _("The person's own will, until sent in, article 6(1)(a)")
    EMPLOYMENT = "employment", _("Work for the organisation: accounts of workers, article 6(1)(e)")


@dataclass(frozen=True)
class Clock:
    """When rows of a table end by themselves: the retention class counts from the day of the field `since`.

    `end` gets the keys of the rows (None: the whole row goes with what hangs on it) and empties `fields`; `left` finds
    rows that have something to end. With `waits` the day is that of the person's last activity, if that is later.
    Rows that are `unowned` belong to no controller yet: only the job of retention sees them.

    `sooner` finds, for a day, rows that end before their class says so: it can add, never take away; `only_sooner`
    leaves the class to another clock of the table. With `keeps_row` all that hangs on the row goes as if the row went,
    and `end` empties the row itself. `name` tells clocks of one class apart.
    """

    retention: str
    since: str
    end: Callable[[Sequence[Any]], object] | None = None
    left: Q = field(default_factory=Q)
    fields: tuple[str, ...] = ()
    waits: bool = False
    unowned: bool = False
    sooner: Callable[[date], Q] | None = None
    only_sooner: bool = False
    keeps_row: bool = False
    name: str = ""

    @property
    def code(self) -> str:
        """What the dry run, the trail and the tombstones call it."""
        return f"{self.retention}.{self.name}" if self.name else self.retention


@dataclass(frozen=True)
class Datum:
    """One value of an extract: `value` for machines (codes, ISO dates), `words` for the person; `language` of words."""

    name: str
    label: Text
    value: Any
    words: str
    language: str = ""


Record = list[Datum]
# (keys of the rows, code of the reader's language) → what the person is given of each row.
Export = Callable[[Sequence[Any], str], list[Record]]
Rows = Mapping[type[models.Model], Sequence[Any]]


@dataclass(frozen=True, eq=False)
class Holding:
    """One table with personal data.

    `person` names the foreign key to the person, `goes_with` further ones: when the row that they point at goes, this
    row goes. `draws` names keys of rows that go when the person of this row goes. `cuts` are emptied when the row that
    they point at goes. `brings` finds rows of other tables that go along. `activity` are fields whose day keeps the
    person; while `is_open` matches, the person is kept. `erase` replaces deleting: the row stays as a counted fact.
    An extract shows the table unless `is_shown` is false: `labels` name fields whose own name says little, `words` turn
    a code into words of a language; `export` makes the records itself.
    """

    model: type[models.Model]
    label: Text
    ground: Ground
    retention: str
    fields: Mapping[str, Kind]
    person: str = ""
    goes_with: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    brings: Callable[[Sequence[Any]], Rows] | None = None
    activity: tuple[str, ...] = ()
    is_open: Q | None = None
    clocks: tuple[Clock, ...] = ()
    erase: Callable[[Sequence[Any]], object] | None = None
    export: Export | None = None
    is_shown: bool = True
    labels: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Callable[[Any, str], str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The table as the trail and the tombstones name it: `people.person`."""
        return self.model._meta.label_lower

    @property
    def parents(self) -> tuple[str, ...]:
        """Every foreign key along which the row goes."""
        return (self.person, *self.goes_with) if self.person else self.goes_with

    def target(self, name: str) -> type[models.Model]:
        """The table that a foreign key points at."""
        related = self.model._meta.get_field(name).related_model
        assert isinstance(related, type)
        return related

    def kept_for(self, name: str) -> str:
        """The retention class of one field: that of the clock which empties it, else the row's."""
        return next((clock.retention for clock in self.clocks if name in clock.fields), self.retention)


_holdings: dict[str, Holding] = {}


def declare(*found: Holding) -> None:
    """Add tables; those of one app with the rows that hang on others first. The same table twice replaces it."""
    for holding in found:
        _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    """All of them, those that hang on others first: apps start from the top, each declares what hangs first."""
    return list(_holdings.values())


def holding(name: str) -> Holding:
    """The table of that name. Raises KeyError."""
    return _holdings[name]


def is_declared(name: str) -> bool:
    """Whether there is a table of that name; one of an earlier version may be gone."""
    return name in _holdings


def of_model(model: type[models.Model]) -> Holding | None:
    """The declaration of a table, if there is one."""
    return _holdings.get(model._meta.label_lower)


def subject() -> Holding:
    """The table of the persons themselves: the one whose clock waits for their last activity."""
    return next(each for each in _holdings.values() if any(clock.waits for clock in each.clocks))
