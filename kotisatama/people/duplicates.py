"""Persons who may stand twice in the register: looked for when one is made or changed, and over all by a command.

Each look is one bounded search, so that a register of a million costs no more a person than one of a thousand.
"""

import uuid
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.people import access, finding, names
from kotisatama.people.models import LikelyPair, Person
from kotisatama.staff.models import Worker

SAME_NAME, LIKE_NAME, FAMILIAR_NAME = 0.93, 0.8, 0.7
BATCH = 500


def look_for(person: Person) -> int:
    """Remember who may be the same as this person; how many are new. Needs the controller's context."""
    if person.archived_on:
        return 0
    reached = {channel.value for channel in person.channels.all()}
    pairs = [
        LikelyPair(
            controller_id=person.controller_id,
            first_id=min(person.pk, found.person.pk),
            second_id=max(person.pk, found.person.pk),
            percent=round(100 * likeness),
        )
        for found in finding.alike(person)
        if (likeness := how_likely(person, found.person, reached=reached))
    ]
    before = LikelyPair.objects.filter(Q(first=person) | Q(second=person)).count() if pairs else 0
    LikelyPair.objects.bulk_create(pairs, ignore_conflicts=True)
    after = LikelyPair.objects.filter(Q(first=person) | Q(second=person)).count() if pairs else 0
    return after - before


def how_likely(one: Person, other: Person, *, reached: set[str]) -> float:
    """0 when nothing speaks for one person, else the likeness of the names, higher with what else agrees.

    `reached`: numbers and addresses of the one. A family shares a telephone and a surname, namesakes share a name:
    so two things must agree.
    """
    spellings = [{each.name, *(name.text for name in each.names.all())} for each in (one, other)]
    name = max(names.likeness(ours, theirs) for ours in spellings[0] for theirs in spellings[1])
    birthday = _birthdays_agree(one, other)
    shares_channel = bool(reached & {channel.value for channel in other.channels.all()}) if reached else False
    if birthday is False and not (shares_channel and name >= SAME_NAME):
        return 0.0
    least = FAMILIAR_NAME if shares_channel else LIKE_NAME if birthday else SAME_NAME
    if name < least:
        return 0.0
    return min(0.99, name + (0.05 if birthday else 0) + (0.05 if shares_channel else 0))


def _birthdays_agree(one: Person, other: Person) -> bool | None:
    """True for the same day, or one day and month exchanged; None when one of them is not known for certain."""
    ours, theirs = one.date_of_birth, other.date_of_birth
    if ours is None or theirs is None:
        return None
    if ours == theirs or _exchanged(ours) == theirs:
        return True
    if one.birthday_is_placeholder or other.birthday_is_placeholder:
        return None if ours.year == theirs.year else False
    return False


def _exchanged(day: date) -> date | None:
    try:
        return date(day.year, day.day, day.month)
    except ValueError:
        return None


def look_at_all(controller: str) -> Iterator[int]:
    """Look for the pairs of everybody in the controller's register; how many persons so far, after each batch."""
    done, last = 0, uuid.UUID(int=0)
    while True:
        rows = Person.objects.filter(controller_id=controller, pk__gt=last, archived_on=None).order_by("pk")
        batch = list(rows.prefetch_related("names", "channels")[:BATCH])
        if not batch:
            return
        for person in batch:
            look_for(person)
        done, last = done + len(batch), batch[-1].pk
        yield done


def open_pairs(viewer: Worker) -> QuerySet[LikelyPair]:
    """Pairs that nobody has judged, of persons who are there, the likeliest first."""
    visible = access.visible_people(viewer)
    found = LikelyPair.objects.filter(controller_id__in=viewer.controller_codes, told_apart_at=None)
    found = found.filter(first__archived_on=None, second__archived_on=None, first__in=visible, second__in=visible)
    names = ("first__names", "second__names")
    return found.select_related("first", "second").prefetch_related(*names).order_by("-percent", "pk")


def open_or_judged(viewer: Worker) -> QuerySet[LikelyPair]:
    """Every pair of the viewer's controllers: what was judged already can be judged again to no effect."""
    return LikelyPair.objects.filter(controller_id__in=viewer.controller_codes, first__in=access.visible_people(viewer))


@transaction.atomic
def tell_apart(pair: LikelyPair, *, by: Worker) -> LikelyPair:
    """Remember that these are two persons; they are not proposed again. A second time changes nothing."""
    current = LikelyPair.objects.select_for_update(of=("self",)).select_related("first").get(pk=pair.pk)
    if not access.can_change(by, current.first):
        raise PermissionDenied
    if current.told_apart_at:
        return current
    current.told_apart_at, current.told_apart_by = timezone.now(), by
    current.save(update_fields=["told_apart_at", "told_apart_by"])
    details = {"first": str(current.first_id), "second": str(current.second_id)}
    audit.record("persons.told_apart", by=by, controllers=[current.controller_id], details=details)
    return current
