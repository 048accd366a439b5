"""What cases add to a person's page."""

from datetime import date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.cases import access, queries
from kotisatama.cases.models import Case
from kotisatama.people.models import Person
from kotisatama.people.registry import Event, Supporter
from kotisatama.staff.models import Worker


def panel(viewer: Worker, person: Person) -> dict[str, Any] | None:
    """The open case, or the way to open one."""
    if not access.can_open(viewer, person):
        return None
    case = queries.open_case_of(person)
    return {"case": case, "person": person, "may_close": case is not None and access.can_close(viewer, case)}


def events(viewer: Worker, person: Person) -> list[Event]:
    """When the client's cases were opened and closed."""
    return [event for case in queries.of_person(viewer, person) for event in _of_case(case)]


def shared_events(viewer: Worker, person: Person) -> list[Event]:
    """The same of a client whom another municipality shares, within row_security.also_reading."""
    return [event for case in queries.of_shared_person(person) for event in _of_case(case)]


def _of_case(case: Case) -> list[Event]:
    url = reverse("cases:detail", args=[case.pk])
    found = [Event(_moment(case.opened_on), _("Case opened"), str(case.get_reason_display()), url)]
    if case.closed_on:
        found.append(Event(_moment(case.closed_on), _("Case closed"), str(case.get_outcome_display()), url))
    return found


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def supporters(viewer: Worker, person: Person) -> list[Supporter]:
    """The worker who is responsible for the open case."""
    case = queries.open_case_of(person)
    return [Supporter(case.worker.name, _("responsible worker"))] if case else []
