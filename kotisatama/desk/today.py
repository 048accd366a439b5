"""The page of the day: what is due for one worker, as far as the worker's permissions reach."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils import timezone

from kotisatama.audit.actions import counting
from kotisatama.cases import queries as cases
from kotisatama.contacts import access as contacts_access
from kotisatama.contacts import queries as contacts
from kotisatama.desk import queries
from kotisatama.intake import queries as intake
from kotisatama.intake.models import Item
from kotisatama.network import queries as network
from kotisatama.network.models import OpeningHours, ServicePoint
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission
from kotisatama.translation import languages

# So many of each thing fit on one screen; the rest is one click away.
SHOWN = 6


class Kind(TextChoices):
    """What can be due of cases, in the order of the page."""

    TRANSFERS = cases.List.TRANSFERS.value
    SILENT = cases.List.SILENT.value
    ENDING = cases.List.ENDING.value


@dataclass(frozen=True)
class Due:
    """Some cases of one list, and how many there are."""

    lines: list[cases.Line]
    number: int


@dataclass(frozen=True)
class Hours:
    """When the worker's place is open today: its hours, each with the languages named in themselves."""

    place: ServicePoint
    today: list[tuple[OpeningHours, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Today:
    """What the page shows; a part that is None is not for this worker."""

    day: date
    hours: Hours | None
    contacts: int | None = None
    taken: list[intake.Line] | None = None
    taken_number: int = 0
    waiting: int = 0
    failed: int | None = None
    due: dict[str, Due] = field(default_factory=dict)

    @property
    def names_clients(self) -> bool:
        """Whether the page shows something of clients, so that it leaves a line."""
        return self.taken is not None or bool(self.due)

    @property
    def numbers(self) -> dict[str, int]:
        """How many clients' lines each part shows: what the trail tells of the page."""
        parts = {kind: len(due.lines) for kind, due in self.due.items()}
        return parts | {"taken": len(self.taken or [])}


def of(worker: Worker, reader: str) -> Today:
    """Everything that is due for the worker today; a constant number of queries for each role."""
    day = timezone.localdate()
    with counting():  # Numbers of the worker's own doing: nothing of any client.
        recorded = contacts.count_on(worker, day) if contacts_access.can_record(worker) else None
        failed = queries.unsent(worker) if staff.allows(worker, Permission.SEND_MESSAGES) else None
        waiting = queries.waiting(worker)
    taken, number = _taken(worker, reader)
    return Today(
        day=day,
        hours=_hours(worker, day),
        contacts=recorded,
        taken=taken,
        taken_number=number,
        waiting=waiting,
        failed=failed,
        due=_due(worker, reader),
    )


def _taken(worker: Worker, reader: str) -> tuple[list[intake.Line] | None, int]:
    """The submissions that the worker has taken and not finished, the urgent and the oldest first."""
    if not staff.allows(worker, Permission.HANDLE_SUBMISSIONS):
        return None, 0
    wanted = intake.Wanted(state=Item.State.CLAIMED.value, whose="mine")
    items = intake.filtered(worker, wanted)
    return intake.lines(items[:SHOWN], worker, reader), items.count()


def _due(worker: Worker, reader: str) -> dict[str, Due]:
    """The first cases of each list that is due, the worker's own ones."""
    if not staff.allows(worker, Permission.MANAGE_CASES):
        return {}
    found = {kind: cases.due(worker, kind, limit=SHOWN) for kind in Kind.values}
    lines = iter(cases.lines([case for each in found.values() for case in each], reader))
    numbers = cases.own_counts(worker)
    return {kind: Due([next(lines) for _case in each], numbers[kind]) for kind, each in found.items()}


def _hours(worker: Worker, day: date) -> Hours | None:
    """Those of the worker's own place, else of the main one."""
    place = worker.service_point or network.main_service_point()
    if place is None:
        return None
    today = network.opening_hours(place, on=day)
    return Hours(place, [(row, [(code, languages.own_name(code)) for code in row.languages]) for row in today])
