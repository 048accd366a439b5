"""Sealing: every few seconds the lines of the transactions that have ended since become a batch of the chain.

Which lines these are follows from the numbers of transactions alone: none below `pg_snapshot_xmin` can add a line any
more.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from kotisatama.audit import codes, trail
from kotisatama.audit.models import Batch, Line

# Without a batch now and then nobody could tell a quiet night from a torn-off end.
HEARTBEAT = timedelta(minutes=10)
CARRIED_OVER = 0  # the epoch of lines that are older than the seals; they have no code of their own
END_OF_EPOCH = 2**62
_LOCK = 0x6B_61_75_64_69_74
_STATE = """
    SELECT pg_try_advisory_xact_lock(%s), audit_epoch(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""


class NumbersWentBack(RuntimeError):
    """The database gives numbers of transactions that were sealed already: it was restored from a copy."""


@dataclass(frozen=True)
class Range:
    """The transactions of one batch: from the first to before the other."""

    epoch: int
    txid_from: int
    txid_before: int


def next_range(last: Batch | None, *, epoch: int, horizon: int) -> Range:
    """What the batch after `last` seals, in a database that is in `epoch` and has ended all below `horizon`.

    Raises NumbersWentBack.
    """
    if last is None:
        return Range(CARRIED_OVER, 0, END_OF_EPOCH)
    if last.epoch < epoch and last.txid_before < END_OF_EPOCH:
        return Range(last.epoch, last.txid_before, END_OF_EPOCH)
    if last.epoch < epoch:
        return Range(last.epoch + 1, 0, horizon if last.epoch + 1 == epoch else END_OF_EPOCH)
    if last.epoch > epoch or horizon < last.txid_before:
        raise NumbersWentBack("Transactions are numbered anew. Run as the owner: kotisatama audit-new-epoch")
    return Range(epoch, last.txid_before, horizon)


def seal() -> list[Batch]:
    """Seal what is there to be sealed: usually one batch, none when nothing is new. Safe to run twice at once."""
    made: list[Batch] = []
    while batch := _seal_next():
        made.append(batch)
        if batch.txid_before < END_OF_EPOCH:
            break
    return made


@transaction.atomic
def _seal_next() -> Batch | None:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [_LOCK])
        is_alone, epoch, horizon = cursor.fetchone() or (False, 0, 0)
    if not is_alone:
        return None
    last = Batch.objects.order_by("-number").first()
    wanted = next_range(last, epoch=epoch, horizon=horizon)
    digest = _digest(wanted)
    ends_epoch = wanted.txid_before == END_OF_EPOCH
    if digest.lines == 0 and not ends_epoch and last and timezone.now() - last.sealed_at < HEARTBEAT:
        return None
    return _add(last, wanted, digest)


def _digest(wanted: Range) -> codes.Digest:
    digest = codes.Digest()
    with trail.whole():
        lines = Line.objects.filter(epoch=wanted.epoch, txid__gte=wanted.txid_from, txid__lt=wanted.txid_before)
        for row in trail.in_order(lines):
            digest.add(row.content, epoch=row.epoch, txid=row.txid, code=row.code)
    return digest


def _add(last: Batch | None, wanted: Range, digest: codes.Digest) -> Batch:
    batch = Batch(
        number=last.number + 1 if last else 1,
        epoch=wanted.epoch,
        txid_from=wanted.txid_from,
        txid_before=wanted.txid_before,
        lines=digest.lines,
        digest=digest.value(),
        previous=bytes(last.root) if last else codes.BEGINNING,
        sealed_at=timezone.now(),
    )
    batch.root = codes.root_of(batch)
    batch.mac = codes.batch_code(batch.root)
    batch.save(force_insert=True)
    return batch
