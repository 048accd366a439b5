"""Does the trail still say what it said? Lines, seals and the roots that witnesses hold, compared as they stream by.

Finds a changed, deleted, inserted, doubled or moved line, a changed, deleted or invented batch, and a torn-off end,
whoever did it. What it cannot find: a line that was deleted in the seconds before it was sealed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from kotisatama.audit import codes, sealing, trail
from kotisatama.audit.models import Batch, Line
from kotisatama.audit.witnesses import Root

# A line waits for its seal for seconds; a long transaction may hold it up, but not for hours.
LONGEST_WAIT = timedelta(minutes=30)
MOST_FAULTS = 1000
REST = "line_rest"


@dataclass(frozen=True)
class Fault:
    """Something that should not be: `kind` is a code, `where` says where to look."""

    kind: str
    where: dict[str, Any]


@dataclass
class Report:
    """What was read, and what was found to be wrong (the first thousand of it)."""

    lines: int = 0
    batches: int = 0
    unsealed: int = 0
    roots: int = 0
    faults: list[Fault] = field(default_factory=list)
    faults_found: int = 0

    def add(self, kind: str, **where: Any) -> None:
        """Note a fault."""
        self.faults_found += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, where))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def verify(*, roots: Iterable[Root] | None = None, is_running: bool = True) -> Report:
    """Read the whole trail and report; `roots` in rising order as a witness kept them.

    `is_running` False does not ask for a batch of the last half hour: the service may be stopped.
    """
    report = Report()
    with trail.whole():
        walk = _Walk(report, trail.in_order(Line.objects.all()), _Roots(report, roots))
        for batch in Batch.objects.order_by("number").iterator(1000):
            walk.over(batch)
        walk.over_the_end(is_running=is_running)
        _check_doubles(report)
    _check_guards(report)
    return report


class _Walk:
    """Goes along batches and lines at once; both come in the order of sealing."""

    def __init__(self, report: Report, lines: Iterator[trail.Row], roots: "_Roots") -> None:
        self.report, self.lines, self.roots = report, lines, roots
        self.next = next(lines, None)
        self.last: Batch | None = None
        self.months = _months()

    def over(self, batch: Batch) -> None:
        """Check one batch against the one before, its lines and the witnesses' root."""
        self.report.batches += 1
        self._check_chain(batch)
        self.roots.meet(batch)
        for row in self._until((batch.epoch, batch.txid_from)):
            self.report.add("line.outside", **_place(row))
        digest = codes.Digest()
        for row in self._until((batch.epoch, batch.txid_before)):
            digest.add(row.content, epoch=row.epoch, txid=row.txid, code=row.code)
        if digest.value() != bytes(batch.digest):
            self.report.add("batch.lines", **self._span(batch), sealed=batch.lines, found=digest.lines)
        self.last = batch

    def over_the_end(self, *, is_running: bool) -> None:
        """Check the lines that wait for a seal, and whether the end is where it should be."""
        now = timezone.now()
        while self.next is not None:
            row = self._step()
            self.report.unsealed += 1
            if row.epoch == sealing.CARRIED_OVER or now - row.at > LONGEST_WAIT or row.at > now + LONGEST_WAIT:
                self.report.add("line.unsealed", **_place(row))
        self.roots.end()
        if is_running and (self.last is None or now - self.last.sealed_at > LONGEST_WAIT):
            self.report.add("end.missing", last_batch=self.last.number if self.last else None)

    def _check_chain(self, batch: Batch) -> None:
        last, where = self.last, {"batch": batch.number}
        if batch.number != (last.number + 1 if last else 1):
            self.report.add("batch.missing", before=batch.number, after=last.number if last else None)
        if bytes(batch.previous) != (bytes(last.root) if last else codes.BEGINNING):
            self.report.add("batch.chain", **where)
        if bytes(batch.root) != codes.root_of(batch):
            self.report.add("batch.root", **where)
        if not codes.is_authentic_batch(bytes(batch.root), bytes(batch.mac)):
            self.report.add("batch.code", **where)
        if (batch.epoch, batch.txid_from) != _expected_start(last):
            self.report.add("batch.gap", **where)

    def _until(self, position: tuple[int, int]) -> Iterator[trail.Row]:
        while self.next is not None and self.next.position < position:
            yield self._step()

    def _step(self) -> trail.Row:
        row = self.next
        assert row is not None
        self.next = next(self.lines, None)
        self.report.lines += 1
        if row.epoch != sealing.CARRIED_OVER and not codes.is_authentic_line(row.content, row.code):
            self.report.add("line.code", **_place(row))
        month = f"line_{row.at.astimezone(UTC):%Y_%m}"
        if row.partition != (month if month in self.months else REST):
            self.report.add("line.misplaced", **_place(row), partition=row.partition)
        return row

    def _span(self, batch: Batch) -> dict[str, Any]:
        """Between which moments the lines of a batch were written, roughly."""
        since = self.last.sealed_at.isoformat() if self.last else None
        return {"batch": batch.number, "since": since, "until": batch.sealed_at.isoformat()}


def _expected_start(last: Batch | None) -> tuple[int, int]:
    if last is None:
        return sealing.CARRIED_OVER, 0
    return (last.epoch + 1, 0) if last.txid_before == sealing.END_OF_EPOCH else (last.epoch, last.txid_before)


def _place(row: trail.Row) -> dict[str, Any]:
    return {"line": str(row.id), "at": row.at.isoformat(), "epoch": row.epoch, "txid": row.txid}


class _Roots:
    """The roots of a witness, met in rising order; a root told twice is met twice."""

    def __init__(self, report: Report, roots: Iterable[Root] | None) -> None:
        self.report, self.roots = report, iter(roots or ())
        self.next = next(self.roots, None)

    def meet(self, batch: Batch) -> None:
        """Compare what the witness was told of this batch, and look for what it was told of others before."""
        while self.next is not None and self.next.number <= batch.number:
            told = batch if self.next.number == batch.number else Batch.objects.filter(number=self.next.number).first()
            self._compare(self.next, told)

    def end(self) -> None:
        """Whatever the witness was told beyond the last batch is missing here."""
        while self.next is not None:
            self._compare(self.next, Batch.objects.filter(number=self.next.number).first())

    def _compare(self, root: Root, batch: Batch | None) -> None:
        self.report.roots += 1
        if batch is None:
            self.report.add("root.without_batch", batch=root.number, told_at=root.sealed_at)
        elif bytes(batch.root).hex() != root.root:
            self.report.add("root.differs", batch=root.number, told_at=root.sealed_at)
        self.next = next(self.roots, None)


def _months() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'audit_months'")
        return {name for (name,) in cursor.fetchall()}


def _check_doubles(report: Report) -> None:
    """A key is unique within a partition; whoever takes that constraint away could count a line twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM audit_line GROUP BY id HAVING count(*) > 1 LIMIT %s", [MOST_FAULTS])
        for (line,) in cursor.fetchall():
            report.add("line.doubled", line=line)


_WITHOUT_TRIGGER = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (n.nspname = 'audit_months' OR c.relname IN ('audit_line', 'audit_batch') AND n.nspname = 'public')
    AND c.relkind IN ('r', 'p') AND NOT EXISTS (
        SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE t.tgrelid = c.oid AND p.proname = 'audit_line_is_final' AND t.tgenabled IN ('O', 'A'))
"""
_WITHOUT_ROW_SECURITY = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (n.nspname = 'audit_months' OR c.relname = 'audit_line' AND n.nspname = 'public')
    AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""


def _check_guards(report: Report) -> None:
    """What keeps lines as they are still has to be in its place."""
    with connection.cursor() as cursor:
        for what, statement in (("trigger", _WITHOUT_TRIGGER), ("row security", _WITHOUT_ROW_SECURITY)):
            cursor.execute(statement)
            for (table,) in cursor.fetchall():
                report.add("guard.missing", table=table, guard=what)
