"""Ending data on its day: set-based, in batches, each with its audit lines and tombstones in one transaction.

The day is always a parameter, so that fifteen years can be walked through without touching the clock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.privacy import periods, reach, registry
from kotisatama.privacy.models import Hold, RetentionRule, Tombstone
from kotisatama.privacy.registry import Clock, Holding

BATCH = 500
UNOWNED = ""  # stands for the controller of what belongs to none yet


@dataclass(frozen=True)
class Line:
    """So many rows of one table that end, or ended, by one retention class; `controller` is empty for unowned rows."""

    controller: str
    retention: str
    what: str
    count: int


def rules_on(day: date) -> dict[str, RetentionRule]:
    """The rule in force on a day for each retention class."""
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return {rule.code: rule for rule in RetentionRule.objects.filter(in_force, valid_from__lte=day)}


def due(*, on: date, controllers: Iterable[str]) -> list[Line]:
    """What a run on that day would end. One query for each clock and controller; a class without a rule keeps all."""
    lines = []
    for controller, holding, clock, latest in _clocks(on, controllers):
        with _context(controller):
            count = _due_rows(holding, clock, controller, on, latest).count()
        if count:
            lines.append(Line(controller, clock.retention, holding.name, count))
    return lines


def run(*, on: date, controllers: Iterable[str], batch: int = BATCH) -> list[Line]:
    """End what is due. Each batch is committed by itself; a run that was interrupted is simply started again."""
    ended: Counter[tuple[str, str, str]] = Counter()
    for controller, holding, clock, latest in _clocks(on, controllers):
        last: Any = None
        while True:
            with _context(controller):
                rows = _due_rows(holding, clock, controller, on, latest)
                keys = _next(rows, after=last, batch=batch, locks=bool(controller))
                if keys:
                    ended_keys = [key for key in keys if key in set(_still(rows, keys))] if clock.waits else keys
                    _end(holding, clock, controller, ended_keys, on)
                    ended[controller, clock.retention, holding.name] += len(ended_keys)
            if len(keys) < batch:
                break
            last = keys[-1]
    return [Line(*found, count) for found, count in ended.items() if count]


def _clocks(on: date, controllers: Iterable[str]) -> Iterator[tuple[str, Holding, Clock, date]]:
    """Each clock with each controller and the latest day from which rows are due; persons last of a controller."""
    rules = rules_on(on)
    pairs = [
        (holding, clock) for holding in registry.holdings() for clock in holding.clocks if clock.retention in rules
    ]
    for controller in [*controllers, UNOWNED]:
        for holding, clock in pairs:
            if clock.unowned == (controller == UNOWNED):
                yield controller, holding, clock, periods.latest_start(on, rules[clock.retention].period)


def _context(controller: str) -> AbstractContextManager[None]:
    return row_security.context(controllers=[controller]) if controller else row_security.retention()


def _due_rows(holding: Holding, clock: Clock, controller: str, on: date, latest: date) -> QuerySet[Any]:
    rows = holding.model._base_manager.filter(clock.left, not_after(holding.model, clock.since, latest))
    if controller == UNOWNED:
        return rows
    rows = rows.filter(controller_id=controller)
    for each in registry.holdings() if clock.waits else ():
        if each.activity or each.is_open is not None:
            rows = rows.filter(~Exists(_activity(each, latest)))
    held = held_subjects(controller, on=on)
    return rows.exclude(pk__in=_keys_of_held(holding, held)) if held else rows


def _activity(holding: Holding, latest: date) -> QuerySet[Any]:
    """The person's rows that tell of something later than that day, or that are open."""
    later = holding.is_open or Q(pk__in=[])
    for name in holding.activity:
        later |= after(holding.model, name, latest)
    return holding.model._base_manager.filter(later, **{holding.person: OuterRef("pk")})


def held_subjects(controller: str, *, on: date) -> list[Any]:
    """Persons of whom nothing goes on that day."""
    in_force = Q(released_on__isnull=True) | Q(released_on__gt=on)
    holds = Hold.objects.filter(in_force, controller_id=controller, until__gte=on)
    return list(holds.values_list("subject_id", flat=True).distinct())


def _keys_of_held(holding: Holding, held: Sequence[Any]) -> QuerySet[Any]:
    return reach.reach(registry.subject().model, held).rows(holding).values("pk")


def _next(rows: QuerySet[Any], *, after: Any, batch: int, locks: bool) -> list[Any]:
    """Keys of the next rows, locked so that nothing new hangs itself on them and no second run takes them.

    Unowned rows may be found and deleted, not locked: locking asks for the right to change them.
    """
    found = (rows.filter(pk__gt=after) if after is not None else rows).order_by("pk")
    found = found.select_for_update(of=("self",)) if locks else found
    return list(found.values_list("pk", flat=True)[:batch])


def _still(rows: QuerySet[Any], keys: Sequence[Any]) -> Iterable[Any]:
    """Those that are due now that nobody can add to them: a contact may have been saved while we waited."""
    return rows.filter(pk__in=keys).values_list("pk", flat=True)


def _end(holding: Holding, clock: Clock, controller: str, keys: Sequence[Any], on: date) -> None:
    if not keys:
        return
    if clock.end:
        clock.end(keys)
    else:
        reach.delete(holding.model, keys)
    if controller:
        Tombstone.objects.bulk_create(
            Tombstone(
                controller_id=controller, what=holding.name, subject_id=key, retention=clock.retention, erased_on=on
            )
            for key in keys
        )
        note(holding, controller, keys, {"class": clock.retention})


def note(holding: Holding, controller: str, keys: Sequence[Any], details: dict[str, Any], by: Any = None) -> None:
    """Audit lines: one for each person, one for each batch of other rows."""
    if holding is registry.subject():
        for key in keys:
            subject = holding.model(pk=key)
            audit.record("person.erased", by=by, controllers=[controller], subject=subject, details=details)
    else:
        counted = {"what": holding.name, "count": len(keys), **details}
        audit.record("data.erased", by=by, controllers=[controller], details=counted)


def not_after(model: type[models.Model], name: str, day: date) -> Q:
    """The field's day is that day or an earlier one, in local time."""
    if isinstance(model._meta.get_field(name), models.DateTimeField):
        return Q(**{f"{name}__lt": midnight(day + timedelta(days=1))})
    return Q(**{f"{name}__lte": day})


def after(model: type[models.Model], name: str, day: date) -> Q:
    """The field's day is a later one."""
    if isinstance(model._meta.get_field(name), models.DateTimeField):
        return Q(**{f"{name}__gte": midnight(day + timedelta(days=1))})
    return Q(**{f"{name}__gt": day})


def midnight(day: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time()))
