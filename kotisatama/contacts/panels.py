"""What contacts add to a person's page."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.cases import queries as cases
from kotisatama.contacts import access, forms, queries
from kotisatama.people.models import Person
from kotisatama.people.registry import Due, Event, Supporter
from kotisatama.staff.models import Worker


def panel(viewer: Worker, person: Person) -> dict[str, Any] | None:
    """The way to record a contact with this client."""
    return {"person": person} if access.can_record(viewer) else None


def shared_events(viewer: Worker, person: Person) -> list[Event]:
    """Contacts with a client whom another municipality shares: when, how and about what, no notes."""
    rows = queries.rows(viewer, queries.of_shared_person(person), forms.reader())
    return [
        Event(row.contact.at, str(row.contact.get_channel_display()), ", ".join(str(topic) for topic in row.topics))
        for row in rows
    ]


def events(viewer: Worker, person: Person) -> list[Event]:
    """The client's contacts: channel and language, topics below."""
    rows = queries.rows(viewer, queries.of_person(viewer, person), forms.reader())
    return [
        Event(
            row.contact.at,
            f"{row.contact.get_channel_display()} · {row.language}",
            ", ".join(str(topic) for topic in row.topics),
            reverse("contacts:detail", args=[row.contact.pk]),
        )
        for row in rows
    ]


QUIET_DAYS = 60  # the service's own practice, no law
RECENT_DAYS = 365


def due(viewer: Worker, person: Person) -> list[Due]:
    """An open case in which nobody has met the client for two months."""
    case = cases.open_case_of(person)
    if case is None:
        return []
    last = queries.last_on(viewer, person) or case.opened_on
    if (timezone.localdate() - last).days <= QUIET_DAYS:
        return []
    text = _("The case is open.")
    url = f"{reverse('contacts:new')}?person={person.pk}&next={reverse('people:detail', args=[person.pk])}"
    return [Due(_("No contact for a long time"), last + timedelta(days=QUIET_DAYS), text, url)]


def supporters(viewer: Worker, person: Person) -> list[Supporter]:
    """Other organisations that met the client within a year."""
    found = queries.organisations_of(viewer, person, since=timezone.now() - timedelta(days=RECENT_DAYS))
    return [Supporter(name, _("met this year")) for name in found]
