"""What this app itself adds to a person's page: a restriction, and what the client has agreed to."""

from typing import Any

from django.utils import timezone

from kotisatama.people import access, rights_queries
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


def rights(viewer: Worker, person: Person) -> dict[str, Any] | None:
    """Consents in force and a warning while the data rests. Two queries."""
    today = timezone.localdate()
    return {
        "person": person,
        "restriction": rights_queries.restriction_of(person, on=today),
        "consents": rights_queries.consents_in_force(person, on=today),
        "may_consent": access.can_change(viewer, person),
    }
