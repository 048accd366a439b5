"""Ending data on its day: set-based, in batches, each with its audit lines and tombstones in one transaction.

The day is always a parameter, so that fifteen years can be walked through without touching the clock.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from kotisatama.audit import actions as audit
from kotisatama.kernel import periods, row_security
from kotisatama.privacy import activity, reach, registry
from kotisatama.privacy.models import Hold, RetentionRule, Tombstone
from kotisatama.privacy.registry import Clock, Holding

BATCH = 500
NOTHING = Q(pk__in=[])
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


@dataclass(frozen=True)
class _Work:
    """One clock of one table in one controller; `is_due` finds its rows, without those that go as a whole anyway."""

    controller: str
    holding: Holding
    clock: Clock
    latest: date
    is_due: Q
    held: tuple[Any, ...]

    def rows(self) -> QuerySet[Any]:
        """The rows that are due, in this controller's context."""
        rows = self.holding.model._base_manager.filter(self.is_due)
        if self.controller == UNOWNED:
            return rows
        rows = rows.filter(controller_id=self.controller)
        if self.clock.waits:
            rows = activity.quiet_since(rows, self.latest)
        if self.held:
            kept = reach.reach(registry.subject().model, self.held).rows(self.holding)
            rows = rows.exclude(pk__in=kept.values("pk"))
        return rows


def _is_due(holding: Holding, clock: Clock, latest: date, on: date) -> Q:
    sooner = clock.sooner(on) if clock.sooner else NOTHING
    if not clock.only_sooner:
        sooner |= activity.not_after(holding.model, clock.since, latest)
    return clock.left & sooner


def _goes(holding: Holding, rules: Mapping[str, RetentionRule], on: date) -> Q:
    """Rows of the table that some clock ends as a whole; what waits for activity can be told of persons alone."""
    whole = (each for each in holding.clocks if each.end is None and not each.waits and each.retention in rules)
    return reduce(or_, (_is_due(holding, each, _latest(rules[each.retention], on), on) for each in whole), NOTHING)


def _latest(rule: RetentionRule, on: date) -> date:
    return periods.latest_start(on, rule.period)


def due(*, on: date, controllers: Iterable[str], with_unowned: bool = True) -> list[Line]:
    """What a run on that day would end. One query for each clock and controller; a class without a rule keeps all."""
    lines: list[Line] = []
    rules = rules_on(on)
    for controller in [*controllers, UNOWNED] if with_unowned else controllers:
        with _context(controller):
            for work in _works(controller, on, rules):
                if count := work.rows().count():
                    lines.append(Line(controller, work.clock.code, work.holding.name, count))
    return lines


def run(*, on: date, controllers: Iterable[str], batch: int = BATCH) -> list[Line]:
    """End what is due. Each batch is committed by itself; a run that was interrupted is simply started again."""
    ended: Counter[tuple[str, str, str]] = Counter()
    rules = rules_on(on)
    for controller in [*controllers, UNOWNED]:
        with _context(controller):
            waiting = [work for work in _works(controller, on, rules) if work.rows().exists()]
        for work in waiting:
            ended[controller, work.clock.code, work.holding.name] += _end_all(work, on, batch)
    return [Line(*found, count) for found, count in ended.items() if count]


def _works(controller: str, on: date, rules: Mapping[str, RetentionRule]) -> list[_Work]:
    """What may be due in a controller; persons come last, after what hangs on them."""
    held = tuple(held_subjects(controller, on=on)) if controller else ()
    works = []
    for holding in registry.holdings():
        for clock in holding.clocks:
            if clock.retention in rules and clock.unowned == (controller == UNOWNED):
                latest = _latest(rules[clock.retention], on)
                is_due = _is_due(holding, clock, latest, on)
                if clock.end is not None:
                    is_due &= ~_goes(holding, rules, on)
                works.append(_Work(controller, holding, clock, latest, is_due, held))
    return works


def _end_all(work: _Work, on: date, batch: int) -> int:
    last, count = None, 0
    while True:
        with _context(work.controller):
            found = _next(work.rows(), after=last, batch=batch, locks=bool(work.controller))
            keys = sorted(_still(work.rows(), found)) if work.clock.waits and found else found
            _end(work, keys, on)
        count += len(keys)
        if len(found) < batch:
            return count
        last = found[-1]


def _context(controller: str) -> AbstractContextManager[None]:
    return row_security.context(controllers=[controller]) if controller else row_security.retention()


def held_subjects(controller: str, *, on: date) -> list[Any]:
    """Persons of whom nothing goes on that day."""
    in_force = Q(released_on__isnull=True) | Q(released_on__gt=on)
    holds = Hold.objects.filter(in_force, controller_id=controller, until__gte=on)
    return list(holds.values_list("subject_id", flat=True).distinct())


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


def _end(work: _Work, keys: Sequence[Any], on: date) -> None:
    if not keys:
        return
    end_by(work.clock, work.holding, keys, work.controller)
    if work.controller:
        Tombstone.objects.bulk_create(
            Tombstone(
                controller_id=work.controller,
                what=work.holding.name,
                subject_id=key,
                retention=work.clock.code,
                erased_on=on,
            )
            for key in keys
        )
        note(work.holding, work.controller, keys, {"class": work.clock.code})


def end_by(clock: Clock | None, holding: Holding, keys: Sequence[Any], controller: str) -> None:
    """End rows as the clock says: erase them, empty some fields, or empty them and erase what hangs on them."""
    if clock is None or clock.end is None:
        end_rows(holding, keys, controller)
        return
    if clock.keeps_row:
        reached = reach.reach(holding.model, keys)
        activity.keep_days(reached, controller)
        reach.end(reached, spared=holding)
    clock.end(keys)


def end_rows(holding: Holding, keys: Sequence[Any], controller: str) -> None:
    """Erase rows with all that goes with them; days that keep a person are remembered."""
    reached = reach.reach(holding.model, keys)
    if holding is not registry.subject():
        activity.keep_days(reached, controller)
    reach.end(reached)


def note(holding: Holding, controller: str, keys: Sequence[Any], details: dict[str, Any], by: Any = None) -> None:
    """Audit lines: one for each person, one for each batch of other rows."""
    if holding is registry.subject():
        for key in keys:
            subject = holding.model(pk=key)
            audit.record("person.erased", by=by, controllers=[controller], subject=subject, details=details)
    else:
        counted = {"what": holding.name, "count": len(keys), **details}
        audit.record("data.erased", by=by, controllers=[controller], details=counted)
