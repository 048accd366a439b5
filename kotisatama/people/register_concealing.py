"""What the register's own tables say of where a protected person lives, hidden and taken back."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.people import registry
from kotisatama.people.concealing import OWN_TABLES, REQUESTS
from kotisatama.people.models import HouseholdMember, Merge, Person, PersonChange, Rectification, Relation, Residence
from kotisatama.people.registry import Part

RESIDENCES, CHANGES = OWN_TABLES
MERGES = "people_merge"
HIDDEN = {"municipality": "secret", "street_address": "", "postal_code": "", "post_office": ""}
TOLD_BEFORE = frozenset({"municipality", "residence", "channel.phone", "channel.email", "channel.messenger"})


def conceal_residences(person: Person) -> Iterable[Part]:
    """Municipality and address of every residence, earlier ones too; the days stay."""
    found = Residence.objects.filter(person=person).exclude(**HIDDEN)
    return [_take_residence(row) for row in found.select_for_update()]


def _take_residence(row: Residence) -> Part:
    said = {name: getattr(row, name) for name, empty in HIDDEN.items() if getattr(row, name) != empty}
    Residence.objects.filter(pk=row.pk).update(**{name: HIDDEN[name] for name in said})
    return Part(row.pk, row.controller_id, said)


def reveal_residence(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the columns back."""
    Residence.objects.filter(pk=row).update(**said)


def conceal_changes(person: Person) -> Iterable[Part]:
    """What changes of the person told of the place before, and why they were made."""
    telling = Q(before__has_any_keys=sorted(TOLD_BEFORE)) | ~Q(reason="")
    found = PersonChange.objects.filter(telling, person=person)
    return [_take_change(change) for change in found.select_for_update()]


def _take_change(change: PersonChange) -> Part:
    said: dict[str, Any] = {"before": {name: value for name, value in change.before.items() if name in TOLD_BEFORE}}
    said |= {"reason": change.reason} if change.reason else {}
    kept = {name: value for name, value in change.before.items() if name not in TOLD_BEFORE}
    PersonChange.objects.filter(pk=change.pk).update(before=kept, reason="")
    return Part(change.pk, change.controller_id, said)


def reveal_change(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put back what a change told."""
    for change in PersonChange.objects.filter(pk=row):
        before = change.before | said.get("before", {})
        PersonChange.objects.filter(pk=row).update(before=before, reason=said.get("reason", change.reason))


def conceal_requests(person: Person) -> Iterable[Part]:
    """What the person asked to be put right, in free words."""
    found = Rectification.objects.filter(person=person).exclude(what="")
    return [_take_request(request) for request in found.select_for_update()]


def _take_request(request: Rectification) -> Part:
    Rectification.objects.filter(pk=request.pk).update(what="")
    return Part(request.pk, request.controller_id, {"what": request.what})


def reveal_request(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put back what was asked."""
    Rectification.objects.filter(pk=row).update(what=said["what"])


def conceal_merges(person: Person) -> Iterable[Part]:
    """What both persons said before they were merged; its undoing waits until the protection has ended."""
    found = Merge.objects.filter(Q(survivor=person) | Q(gone=person)).exclude(before={})
    return [_take_merge(merge) for merge in found.select_for_update()]


def _take_merge(merge: Merge) -> Part:
    Merge.objects.filter(pk=merge.pk).update(before={})
    return Part(merge.pk, merge.controller_id, {"before": merge.before})


def reveal_merge(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put back what both persons said."""
    Merge.objects.filter(pk=row).update(before=said["before"])


def by_household(person: Person) -> Iterable[uuid.UUID]:
    """Who lives in the person's household today. Two queries."""
    today = timezone.localdate()
    now = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    homes = list(HouseholdMember.objects.filter(now, person=person).values_list("household_id", flat=True))
    return list(HouseholdMember.objects.filter(now, household__in=homes).values_list("person_id", flat=True))


def by_merge(person: Person) -> Iterable[uuid.UUID]:
    """The archived persons who were made one with this one: their pages tell of the same human being. One query."""
    return list(Person.objects.filter(merged_into=person).values_list("pk", flat=True))


def by_shared_home(ids: Collection[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    """(person, other) for each of the persons and whoever is of the same household today: also who came later."""
    today = timezone.localdate()
    now = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    homes = HouseholdMember.objects.filter(now, person__in=ids).values("household_id")
    together: dict[Any, set[uuid.UUID]] = defaultdict(set)
    for home, person in HouseholdMember.objects.filter(now, household__in=homes).values_list(
        "household_id", "person_id"
    ):
        together[home].add(person)
    return [
        (one, other) for members in together.values() for one in members & {*ids} for other in members if other != one
    ]


def by_relation(ids: Collection[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    """(person, relative) for each of the persons, from both ends."""
    found = Relation.objects.filter(Q(from_person__in=ids) | Q(to_person__in=ids))
    pairs = list(found.values_list("from_person_id", "to_person_id"))
    return [pair for one, other in pairs for pair in ((one, other), (other, one)) if pair[0] in ids]


def add() -> None:
    """Let a non-disclosure hide all this, and extend to whoever lives in the same household."""
    registry.add_concealer(RESIDENCES, conceal_residences, reveal_residence, title=_("Residences"))
    registry.add_concealer(CHANGES, conceal_changes, reveal_change, title=_("Earlier details"))
    registry.add_concealer(REQUESTS, conceal_requests, reveal_request, title=_("Rectifications"))
    registry.add_concealer(MERGES, conceal_merges, reveal_merge, is_listed=False)
    registry.add_sharers("people_householdmember", by_household)
    registry.add_sharers("people_merge", by_merge)
    registry.add_relatives("people_relation", by_relation)
    registry.add_relatives("people_householdmember", by_shared_home)
