"""What a non-disclosure adds to a person's page: that it runs, until when, and how to write to the person."""

from typing import Any

from django.utils import timezone

from kotisatama.people import access, protection_reading
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker


def panel(viewer: Worker, person: Person) -> dict[str, Any] | None:
    """The running non-disclosure with what the viewer may do, or the way to set one. One query."""
    may_protect = access.can_protect(viewer, person)
    protection = protection_reading.running_protection(person)
    if not protection and not may_protect:
        return None
    today = timezone.localdate()
    soon = protection is not None and protection.ends_on <= today + protection_reading.ENDS_SOON
    return {
        "person": person,
        "protection": protection,
        "may_protect": may_protect,
        "may_see": access.can_see_protected(viewer, person),
        "has_passed": protection is not None and protection.ends_on < today,
        "ends_soon": soon,
    }
