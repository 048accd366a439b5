"""Whose page may not say where the person lives: whoever is protected, and whoever belongs to one who is."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from kotisatama.people import registry
from kotisatama.people.models import Person, Protection

NO_PLACE = "secret"


def shielded(people: Iterable[Person]) -> frozenset[uuid.UUID]:
    """Ids of those whose place is hidden: protected ones, whoever lives in "secret", relatives of protected ones.

    A constant number of queries: one for each table of relations that was registered, and one for the relatives.
    """
    protected = {person.pk: person.is_protected or person.municipality == NO_PLACE for person in people}
    open_ids = [pk for pk, is_protected in protected.items() if not is_protected]
    return frozenset({pk for pk in protected if protected[pk]} | _near_a_protected_one(open_ids))


def shielded_relatives() -> frozenset[uuid.UUID]:
    """Ids of everybody whose place is hidden by somebody else's non-disclosure: no filter by a place finds them."""
    protected = Protection.objects.filter(ended_at__isnull=True).values_list("person_id", flat=True)
    ids = frozenset(protected)
    return frozenset(_relatives(ids)) - ids


def _near_a_protected_one(ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    relatives = _relatives(ids)
    if not relatives:
        return set()
    hidden = Person.objects.filter(pk__in=relatives, is_protected=True).values_list("pk", flat=True)
    return {each for pk in hidden for each in relatives[pk]}


def _relatives(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Of each relative whose relative it is."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for relatives in registry.relatives() if ids else ():
        for person, relative in relatives(ids):
            found[relative].add(person)
    return found


def place_of(person: Person, hidden: Collection[uuid.UUID]) -> str:
    """The municipality that a page may name: `secret` for a shielded person."""
    return NO_PLACE if person.pk in hidden else person.municipality
