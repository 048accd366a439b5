"""Where a person lives and on what ground, by date; each change leaves one audit line and what was known before."""

from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import access, concealing, history, rules
from kotisatama.people.models import GroundPeriod, HouseholdMember, Person, Residence
from kotisatama.staff.models import Worker

Period = TypeVar("Period", Residence, GroundPeriod, HouseholdMember)
Row = TypeVar("Row", Residence, GroundPeriod)
ADDRESS = ("street_address", "postal_code", "post_office")
RESIDENCE_FIELDS = ("kind", "municipality", *ADDRESS, "valid_from", "valid_to")
GROUND_FIELDS = ("ground", "permit_type", "valid_from", "valid_to")
ONE_DAY = timedelta(days=1)


@transaction.atomic
def record_residence(
    person: Person,
    *,
    kind: str,
    municipality: str,
    by: Worker,
    valid_from: date | None = None,
    valid_to: date | None = None,
    **address: str,
) -> Residence:
    """Say where the person lives from a day on; an earlier residence of that kind ends on the day before.

    The same again changes nothing. The person's controller stays: another municipality takes over by a transfer.
    """
    current = locked(person, by)
    given = {"kind": Residence.Kind(kind).value, "municipality": municipality}
    row = Residence(controller_id=current.controller_id, person=current, **given, **_address(address))
    row.valid_from, row.valid_to = valid_from, valid_to
    rules.check_residence(row, person=current)
    return _record(current, row, current.residences.filter(kind=row.kind), RESIDENCE_FIELDS, by=by)


@transaction.atomic
def record_ground(
    person: Person,
    *,
    ground: str,
    by: Worker,
    permit_type: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> GroundPeriod:
    """Say on what ground the person stays from a day on; an earlier ground ends on the day before."""
    current = locked(person, by)
    row = GroundPeriod(controller_id=current.controller_id, person=current, ground=ground, permit_type=permit_type)
    row.valid_from, row.valid_to = valid_from, valid_to
    rules.check_ground(row)
    return _record(current, row, current.ground_periods.all(), GROUND_FIELDS, by=by)


@transaction.atomic
def change_period(row: Residence | GroundPeriod, *, by: Worker, reason: str = "", **fields: Any) -> None:
    """Correct a residence or a ground of stay; what it said is kept. NotAllowed when it would meet its neighbours."""
    current = locked(row.person, by)
    saved = type(row).objects.select_for_update().get(pk=row.pk, person=current)
    names = _fields_of(saved)
    before = {name: history.plain(getattr(saved, name)) for name in names}
    for name, value in fields.items():
        if name not in names or name == "kind":
            raise TypeError(f"this cannot be changed: {name}")
        setattr(saved, name, value)
    _check(saved, current)
    check_apart(saved, _neighbours(saved))
    changed = {name: before[name] for name in names if before[name] != history.plain(getattr(saved, name))}
    if changed:
        saved.save()
        _written(current, saved, "changed", {"row": str(saved.pk), **before}, by=by, reason=reason)


@transaction.atomic
def remove_period(row: Residence | GroundPeriod, *, by: Worker, reason: str = "") -> None:
    """Take a row away that was never true; what it said is kept. Nothing happens when it is gone already."""
    current = locked(row.person, by)
    saved = type(row).objects.filter(pk=row.pk, person=current).first()
    if saved:
        before = {name: history.plain(getattr(saved, name)) for name in _fields_of(saved)}
        saved.delete()
        _written(current, row, "removed", {"row": str(row.pk), **before}, by=by, reason=reason)


def locked(person: Person, by: Worker) -> Person:
    """The person as it is now, for this transaction alone. Raises PermissionDenied."""
    current = Person.objects.select_for_update().filter(pk=person.pk).first()
    if current is None or not (access.can_change(by, current) and access.can_open(by, current)):
        raise PermissionDenied
    rules.check_current(current)
    rules.check_not_restricted(current)
    return current


def make_room(row: Period, others: list[Period]) -> None:
    """End what runs when `row` begins, and end `row` before what begins later; NotAllowed when both begin together."""
    begins = row.valid_from or date.min
    for other in others:
        other_begins, other_ends = other.valid_from or date.min, other.valid_to or date.max
        if other_begins == begins:
            raise NotAllowed(_("Something begins on this day already. Change that instead."))
        if other_begins < begins <= other_ends:
            other.valid_to = begins - ONE_DAY
            other.save(update_fields=["valid_to"])
        elif other_begins > begins and (row.valid_to is None or row.valid_to >= other_begins):
            row.valid_to = other_begins - ONE_DAY


def check_apart(row: Period, others: list[Period]) -> None:
    """Two of one kind never hold on one day."""
    begins, ends = row.valid_from or date.min, row.valid_to or date.max
    for other in others:
        if begins <= (other.valid_to or date.max) and (other.valid_from or date.min) <= ends:
            raise NotAllowed(_("These days overlap with another row. Change that one first."))


def latest_begun(rows: list[Period], on: date) -> Period | None:
    """The row that holds on a day, or the last one that did."""
    begun = [row for row in rows if (row.valid_from or date.min) <= on]
    return max(begun, key=lambda row: row.valid_from or date.min, default=None)


def keep_current(person: Person, *, on: date) -> dict[str, Any]:
    """Put the current residence and ground into the person's own fields; the earlier values of what changed, saved."""
    residences, grounds = list(person.residences.all()), list(person.ground_periods.all())
    residence = followed_residence(residences, on)
    ground = latest_begun(grounds, on)
    wanted: dict[str, Any] = {"municipality": residence.municipality} if residence else {}
    if ground:
        wanted |= {"ground_of_stay": ground.ground, "ground_ends_on": ground.valid_to}
    before = {
        name: history.plain(getattr(person, name)) for name, value in wanted.items() if getattr(person, name) != value
    }
    if before:
        for name in before:
            setattr(person, name, wanted[name])
        person.version += 1
        person.save(update_fields=[*before, "version"])
    return before


def followed_residence(rows: list[Residence], on: date) -> Residence | None:
    """The residence that `Person.municipality` follows: the registered one, else the actual one."""
    by_kind = (latest_begun([row for row in rows if row.kind == kind], on) for kind in ("registered", "actual"))
    return next((row for row in by_kind if row), None)


def follow_form(person: Person, changed: set[str]) -> None:
    """Bring the rows in step with what the person's form said of municipality and ground; they change today."""
    today = timezone.localdate()
    if "municipality" in changed:
        _follow_municipality(person, today)
    if changed & {"ground_of_stay", "ground_ends_on"}:
        _follow_ground(person, today)


def _follow_municipality(person: Person, today: date) -> None:
    running = followed_residence(list(person.residences.all()), today)
    if running is None and person.municipality == "unknown":
        return
    kind = running.kind if running else Residence.Kind.ACTUAL
    row = Residence(controller_id=person.controller_id, person=person, kind=kind, municipality=person.municipality)
    if running and running.valid_from == today:
        row.pk, row.valid_from, row.valid_to = running.pk, today, running.valid_to
        row.save(force_update=True)
        return
    row.valid_from = today if running else None
    make_room(row, list(person.residences.filter(kind=kind)))
    row.save()


def _follow_ground(person: Person, today: date) -> None:
    running = latest_begun(list(person.ground_periods.all()), today)
    if running is None and person.ground_of_stay == "unknown" and person.ground_ends_on is None:
        return
    in_place = running and (running.ground == person.ground_of_stay or running.valid_from == today)
    row = running if running and in_place else GroundPeriod(controller_id=person.controller_id, person=person)
    row.ground, row.valid_to = person.ground_of_stay, person.ground_ends_on
    row.valid_from = running.valid_from if running and in_place else (today if running else None)
    rules.check_ground(row)
    others = list(person.ground_periods.exclude(pk=row.pk))
    if in_place:
        check_apart(row, others)
    else:
        make_room(row, others)
    row.save()
    person.ground_ends_on = row.valid_to


def _address(given: dict[str, str]) -> dict[str, str]:
    unknown = set(given) - set(ADDRESS)
    if unknown:
        raise TypeError(f"a residence has no {sorted(unknown)}")
    return {name: value.strip() for name, value in given.items()}


def _fields_of(row: Any) -> tuple[str, ...]:
    return RESIDENCE_FIELDS if isinstance(row, Residence) else GROUND_FIELDS


def _neighbours(row: Any) -> list[Any]:
    rows = type(row).objects.filter(person=row.person_id).exclude(pk=row.pk)
    return list(rows.filter(kind=row.kind) if isinstance(row, Residence) else rows)


def _check(row: Any, person: Person) -> None:
    if isinstance(row, Residence):
        rules.check_residence(row, person=person)
    else:
        rules.check_ground(row)


def _record(person: Person, row: Row, others: QuerySet[Row], names: tuple[str, ...], *, by: Worker) -> Row:
    same = others.filter(**{name: getattr(row, name) for name in names if name != "valid_to"}).first()
    if same and (row.valid_to is None or same.valid_to == row.valid_to):
        return same
    make_room(row, list(others))
    row.save(force_insert=True)
    _written(person, row, "recorded", {"row": str(row.pk)}, by=by)
    return row


def _written(
    person: Person, row: Residence | GroundPeriod, verb: str, before: dict[str, Any], *, by: Worker, reason: str = ""
) -> None:
    """Keep the current ones, what was known before, and one audit line."""
    noun = "residence" if isinstance(row, Residence) else "ground"
    fields = keep_current(person, on=timezone.localdate())
    version = person.version if fields else None
    what = f"{noun}.{verb}"
    history.keep(person, {noun: before, **fields}, by=by, what=what, version=version, reason=reason)
    concealing.conceal(person, *concealing.OWN_TABLES)
    details = {"row": str(row.pk), "fields": sorted(fields)}
    audit.record(what, by=by, controllers=[person.controller_id], subject=person, details=details)
