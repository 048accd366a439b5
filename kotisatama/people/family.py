"""Relations and households; each change leaves one audit line and what was known before on both persons' history."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.people import access, history, living, rules
from kotisatama.people.models import Household, HouseholdMember, MayKnow, Person, Relation
from kotisatama.staff.models import Worker

# Together with the controller's code: one change of families at a time in a controller. Locks of the two persons do
# not suffice, because two changes between four persons can close one circle.
_LOCK = 0x66616D
CHANGEABLE = ("from_may_know", "to_may_know", "valid_to")


@transaction.atomic
def relate(
    from_person: Person,
    to_person: Person,
    *,
    kind: str,
    by: Worker,
    from_may_know: str = MayKnow.NOTHING,
    to_may_know: str = MayKnow.NOTHING,
) -> Relation:
    """`from_person` is the `kind` of `to_person`; who may know what is nothing unless said.

    A relation of that kind between the two that is there already is returned as it is. NotAllowed for what cannot be.
    """
    kind = Relation.Kind(kind)
    _lock(from_person.controller_id)
    parent, child = _changeable(from_person, by), _changeable(to_person, by)
    rules.check_relation(parent, child, kind)
    known = _between(parent, child).filter(kind=kind).first()
    if known:
        return known
    if kind == Relation.Kind.PARENT:
        rules.check_not_own_ancestor(is_ancestor(to_person, of=from_person))
    relation = Relation.objects.create(
        controller_id=from_person.controller_id,
        from_person=from_person,
        to_person=to_person,
        kind=kind,
        from_may_know=MayKnow(from_may_know),
        to_may_know=MayKnow(to_may_know),
    )
    _written(relation, "recorded", {}, by=by)
    return relation


@transaction.atomic
def change_relation(relation: Relation, *, version: int, by: Worker, **fields: Any) -> Relation:
    """Change who may know what, and the last day. ChangedMeanwhile when somebody saved since `version`."""
    current = Relation.objects.select_for_update().get(pk=relation.pk)
    _changeable(current.from_person, by)
    rules.check_unchanged(current, version=version)
    before = {name: history.plain(getattr(current, name)) for name in CHANGEABLE}
    for name, value in fields.items():
        if name not in CHANGEABLE:
            raise TypeError(f"this cannot be changed: {name}")
        setattr(current, name, value)
    changed = {name: before[name] for name in CHANGEABLE if before[name] != history.plain(getattr(current, name))}
    if changed:
        current.version += 1
        current.save()
        _written(current, "changed", changed, by=by)
    return current


@transaction.atomic
def remove_relation(relation: Relation, *, by: Worker) -> None:
    """Take away a relation that was never true; nothing happens when it is gone already."""
    current = Relation.objects.select_for_update().filter(pk=relation.pk).first()
    _changeable(relation.from_person, by)
    if current:
        before = {name: history.plain(getattr(current, name)) for name in CHANGEABLE}
        _written(current, "removed", {"kind": current.kind, **before}, by=by)
        current.delete()


@transaction.atomic
def live_together(person: Person, other: Person, *, by: Worker, since: date | None = None) -> HouseholdMember:
    """`person` joins the household of `other` on a day; one is made when `other` lives in none yet.

    The membership of before ends on the day before. The same again changes nothing.
    """
    _lock(person.controller_id)
    both = [_changeable(each, by) for each in (person, other)]
    rules.check_household(*both)
    today = timezone.localdate()
    theirs = living.latest_begun(_running(other, today), today)
    household = theirs.household if theirs else _new_household(other, since)
    ours = living.latest_begun(_running(person, today), today)
    if ours and ours.household_id == household.pk:
        return ours
    member = _member(household, person, since)
    for each in both:
        history.keep(each, {"household": {"household": str(household.pk)}}, by=by, what="household.joined")
    details = {"household": str(household.pk), "other": str(other.pk)}
    audit.record("household.joined", by=by, controllers=[person.controller_id], subject=person, details=details)
    return member


@transaction.atomic
def leave_household(person: Person, *, on: date, by: Worker) -> None:
    """The person's last day in the household; nothing happens for whoever lives in none."""
    current = _changeable(person, by)
    member = living.latest_begun(_running(current, timezone.localdate()), timezone.localdate())
    if member is None or member.valid_to == on:
        return
    before = {"household": str(member.household_id), "valid_to": history.plain(member.valid_to)}
    member.valid_to = on
    rules.check_days(member.valid_from, member.valid_to)
    member.save(update_fields=["valid_to"])
    history.keep(current, {"household": before}, by=by, what="household.left")
    details = {"household": str(member.household_id)}
    audit.record("household.left", by=by, controllers=[current.controller_id], subject=current, details=details)


def is_ancestor(person: Person, *, of: Person) -> bool:
    """Whether a person is a parent, grandparent, … of another; a query a generation."""
    generation, seen = {of.pk}, {of.pk}
    while generation:
        parents = Relation.objects.filter(kind=Relation.Kind.PARENT, to_person__in=generation)
        generation = set(parents.values_list("from_person_id", flat=True)) - seen
        if person.pk in generation:
            return True
        seen |= generation
    return False


def _lock(controller: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, int(controller)])


def _changeable(person: Person, by: Worker) -> Person:
    """The person as it is now. Raises PermissionDenied for whom the worker may not change."""
    current = access.visible_people(by).filter(pk=person.pk).first()
    if current is None or not access.can_change(by, current):
        raise PermissionDenied
    return current


def _between(one: Person, other: Person) -> QuerySet[Relation]:
    pair = Q(from_person=one, to_person=other) | Q(from_person=other, to_person=one)
    return Relation.objects.filter(pair)


def _running(person: Person, on: date) -> list[HouseholdMember]:
    rows = person.memberships.select_related("household").all()
    return [row for row in rows if row.valid_to is None or row.valid_to >= on]


def _new_household(person: Person, since: date | None) -> Household:
    household = Household.objects.create(controller_id=person.controller_id)
    _member(household, person, since)
    return household


def _member(household: Household, person: Person, since: date | None) -> HouseholdMember:
    row = HouseholdMember(controller_id=person.controller_id, household=household, person=person, valid_from=since)
    rules.check_days(since, None)
    living.make_room(row, list(person.memberships.all()))
    row.save(force_insert=True)
    return row


def _written(relation: Relation, verb: str, before: dict[str, Any], *, by: Worker) -> None:
    what = f"relation.{verb}"
    kept = {"relation": {"relation": str(relation.pk), "kind": relation.kind, **before}}
    for person in (relation.from_person, relation.to_person):
        history.keep(person, kept, by=by, what=what)
    details = {"relation": str(relation.pk), "kind": relation.kind, "other": str(relation.to_person_id)}
    audit.record(what, by=by, controllers=[relation.controller_id], subject=relation.from_person, details=details)
