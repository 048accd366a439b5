"""What messages add to a person's page."""

from django.urls import reverse

from kotisatama.messages import queries
from kotisatama.people.models import Person
from kotisatama.people.registry import Event
from kotisatama.staff.models import Worker


def events(viewer: Worker, person: Person) -> list[Event]:
    """What was sent to the client: how, what it was, and whether it left."""
    return [
        Event(
            line.message.sent_at or line.message.created_at,
            str(line.message.get_channel_display()),
            f"{line.template} · {line.error or line.message.get_state_display()}",
            reverse("messages:detail", args=[line.message.pk]),
        )
        for line in queries.of_person(viewer, person)
    ]
