"""Who is reached at the same number or address as a person, and so most likely lives with that person."""

import uuid
from collections.abc import Iterable

from kotisatama.people.models import Channel, Person


def by_channel(person: Person) -> Iterable[uuid.UUID]:
    """Persons of the same controller with one of the person's telephone numbers or e-mail addresses. Two queries."""
    values = list(person.channels.values_list("value", flat=True))
    if not values:
        return []
    same = Channel.objects.filter(controller_id=person.controller_id, value__in=values).exclude(person=person)
    return list(same.values_list("person_id", flat=True))
