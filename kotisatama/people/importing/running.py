"""The import itself: batch by batch, each one transaction; what was committed is never done again."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.network import queries as network
from kotisatama.people import access
from kotisatama.people.importing import deciding, matching, rows, writing
from kotisatama.people.importing import mapping as mappings
from kotisatama.people.importing.deciding import Decider, Decision
from kotisatama.people.importing.mapping import BadMapping, ColumnMap
from kotisatama.people.importing.rows import Reading
from kotisatama.people.importing.tables import Problem, Table
from kotisatama.people.models import ImportRun
from kotisatama.staff.models import Worker

BATCH = 400
TRIES = 3

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Importer:
    """Who imports, and for which controllers: a worker with the mandates of today, or whoever runs the site (None)."""

    worker: Worker | None
    controllers: tuple[str, ...]


@dataclass
class Outcome:
    """What the rows became: counts by `deciding.OUTCOMES`, and the decisions of which a report tells more.

    A report needs a row's number and never its words: those are not kept, there may be twenty thousand of them.
    """

    counts: "Counter[str]" = field(default_factory=Counter)
    told: list[Decision] = field(default_factory=list)

    def add(self, decisions: Iterable[Decision]) -> None:
        for each in decisions:
            self.counts[each.outcome] += 1
            if each.outcome in {deciding.REFUSED, deciding.PROPOSED, deciding.DIFFERS}:
                self.told.append(replace(each, reading=Reading(each.reading.number), record=None))


def as_worker(worker: Worker) -> Importer:
    """The worker as importer; PermissionDenied without the permission."""
    if not access.can_import(worker):
        raise PermissionDenied
    return Importer(worker, tuple(worker.controller_codes))


def as_operator() -> Importer:
    """Whoever runs the site, at its terminal: for every controller that has given anybody a mandate today."""
    return Importer(None, tuple(network.controllers_with_mandates(on=timezone.localdate())))


def check(mapping: ColumnMap, importer: Importer) -> None:
    """The importer may make clients of the mapping's controller; BadMapping else."""
    if mapping.controller not in importer.controllers:
        known = ", ".join(importer.controllers) or "–"
        sentence = _("There is no mandate from “%(given)s” today. There is from: %(known)s.")
        message = sentence % {"given": mapping.controller[:20], "known": known}
        raise BadMapping([Problem(mappings.SHEET, 0, "controller", message)])


def file_hash(content: bytes) -> str:
    """By what a file is known again."""
    return hashlib.sha256(content).hexdigest()


def rehearse(table: Table, mapping: ColumnMap, importer: Importer, *, tell: Tell | None = None) -> Outcome:
    """Say what an import would do. Writes nothing: the database itself refuses. Raises BadMapping, NoLayout."""
    check(mapping, importer)
    outcome, decider = Outcome(), Decider(mapping, importer.controllers, matching.Seen())
    done = 0
    for readings in _batches(rows.read(table, mapping)):
        with row_security.context(controllers=importer.controllers):
            if not connection.savepoint_ids:
                _read_only()
            batch = matching.look_up(readings, source=mapping.source, controllers=importer.controllers)
            outcome.add(decider.decide(reading, batch) for reading in readings)
        done += len(readings)
        if tell:
            tell(done, len(table.rows))
    return outcome


def rehearse_rows(table: Table, mapping: ColumnMap, importer: Importer) -> list[Decision]:
    """What each of a few rows would become, for a preview; in the caller's context."""
    check(mapping, importer)
    decider, readings = Decider(mapping, importer.controllers, matching.Seen()), list(rows.read(table, mapping))
    batch = matching.look_up(readings, source=mapping.source, controllers=importer.controllers)
    return [decider.decide(reading, batch) for reading in readings]


def _read_only() -> None:
    """Only the outermost transaction can be made read-only: within a request or a test it is left as it is."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def begin(table: Table, mapping: ColumnMap, importer: Importer, *, file_name: str, digest: str) -> ImportRun:
    """A new run, or the unfinished one of the same file and mapping. Raises BadMapping, NoLayout."""
    check(mapping, importer)
    rows.layout(table, mapping)
    tree = mappings.to_tree(mapping)
    with row_security.context(controllers=importer.controllers):
        unfinished = ImportRun.objects.filter(
            state=ImportRun.State.RUNNING, file_hash=digest, source=mapping.source, mapping=tree
        )
        if run := unfinished.order_by("-created_at").first():
            return run
        run = ImportRun.objects.create(
            controller_id=mapping.controller,
            source=mapping.source,
            file_name=file_name[:200],
            file_hash=digest,
            mapping=tree,
            about=dict(table.about),
            by=importer.worker,
            state=ImportRun.State.RUNNING,
            rows=len(table.rows),
        )
        _line("import.started", run, importer)
    return run


def carry_out(
    run: ImportRun, table: Table, mapping: ColumnMap, importer: Importer, *, tell: Tell | None = None
) -> ImportRun:
    """Import the rows that are not committed yet. Safe to run twice, also at the same time."""
    check(mapping, importer)
    decider = Decider(mapping, importer.controllers, matching.Seen())
    done = 0
    for readings in _batches(rows.read(table, mapping)):
        _commit(run, readings, decider, importer)
        done += len(readings)
        if tell:
            tell(done, len(table.rows))
    return _end(run, importer)


def _commit(run: ImportRun, readings: Sequence[Reading], decider: Decider, importer: Importer) -> None:
    """One batch, one transaction. Somebody made at a desk in the same moment is found at the second try."""
    for attempt in range(1, TRIES + 1):
        before = decider.seen.mark()
        try:
            with row_security.context(controllers=importer.controllers):
                return _write(run, readings, decider, importer)
        except IntegrityError:
            decider.seen.forget(before)
            if attempt == TRIES:
                raise


def _write(run: ImportRun, readings: Sequence[Reading], decider: Decider, importer: Importer) -> None:
    current = ImportRun.objects.select_for_update().get(pk=run.pk)
    batch = matching.look_up(readings, source=run.source, controllers=importer.controllers)
    for reading in readings:
        if reading.number <= current.position:
            decider.recall(reading, batch)
    new = [reading for reading in readings if reading.number > current.position]
    if not new:
        return
    decisions = [decider.decide(reading, batch) for reading in new]
    writing.write(current, decisions, by=importer.worker)
    outcome = Outcome()
    outcome.add(decisions)
    current.counts = dict(Counter(current.counts) + outcome.counts)
    current.position = new[-1].number
    current.save(update_fields=["counts", "position"])
    _line("persons.compared", current, importer, rows=len(new))


def _end(run: ImportRun, importer: Importer) -> ImportRun:
    with row_security.context(controllers=importer.controllers):
        current = ImportRun.objects.select_for_update().get(pk=run.pk)
        if current.state != ImportRun.State.DONE:
            current.state, current.ended_at, current.content = ImportRun.State.DONE, timezone.now(), None
            current.save(update_fields=["state", "ended_at", "content"])
            _line("import.ended", current, importer, **current.counts)
    return current


def _line(action: str, run: ImportRun, importer: Importer, **details: Any) -> None:
    audit.record(action, by=importer.worker, controllers=importer.controllers, subject=run, details=details)


def _batches(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    while batch := list(islice(readings, BATCH)):
        yield batch
