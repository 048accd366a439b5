"""What contacts add to a person's page."""

from typing import Any

from django.urls import reverse

from kotisatama.contacts import access, forms, queries
from kotisatama.people.models import Person
from kotisatama.people.registry import Event
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
