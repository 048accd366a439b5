"""What a person's page shows of the forms that were sent to the client."""

from typing import Any

from kotisatama.intake import access
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker

SHOWN = 10


def panel(viewer: Worker, person: Person) -> dict[str, Any] | None:
    """The way to send a form, and how far the latest ones have come."""
    if not access.can_invite(viewer, person):
        return None
    return {"person": person, "invitations": list(access.invitations_of(viewer, person)[:SHOWN])}
