"""The file of erasures outside the database: keys alone, only ever added to, and read again after a restore.

A tombstone is written in the transaction of its erasure; its line goes to the file after the commit and the row then
says so. A crash in between leaves a line to be written by the next run, never a line of something that is not erased.
"""

import fcntl
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from kotisatama.kernel import row_security
from kotisatama.privacy import registry, retention
from kotisatama.privacy.models import Tombstone
from kotisatama.privacy.registry import Clock, Holding

BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """One line of the file."""

    id: UUID
    controller: str
    what: str
    subject: UUID
    retention: str
    on: date


@dataclass
class Applied:
    """What `apply_again` did: lines read, lines that no one can read, rows erased once more."""

    lines: int = 0
    unreadable: int = 0
    erased: int = 0


def write_out(controllers: Iterable[str], *, path: Path | None = None) -> int:
    """Write the tombstones that are not in the file yet; return how many."""
    written = 0
    for controller in controllers:
        while True:
            with row_security.context(controllers=[controller]):
                found = list(
                    Tombstone.objects.filter(controller_id=controller, written_at__isnull=True)
                    .order_by("pk")
                    .select_for_update()[:BATCH]
                )
                if found:
                    _append(path or settings.ERASURES_FILE, [_line(each) for each in found])
                    Tombstone.objects.filter(pk__in=[each.pk for each in found]).update(written_at=timezone.now())
            written += len(found)
            if len(found) < BATCH:
                break
    return written


def _line(tombstone: Tombstone) -> bytes:
    entry = {
        "id": str(tombstone.pk),
        "controller": tombstone.controller_id,
        "what": tombstone.what,
        "subject": str(tombstone.subject_id),
        "class": tombstone.retention,
        "on": tombstone.erased_on.isoformat(),
    }
    return json.dumps(entry, separators=(",", ":")).encode() + b"\n"


def _append(path: Path, lines: Sequence[bytes]) -> None:
    """Add the lines and wait until the disk has them; a line that an earlier crash tore is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        content = memoryview((b"\n" if torn else b"") + b"".join(lines))
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> Iterator[Entry | None]:
    """The lines of the file, None for one that cannot be read. A file that is not there has no lines."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.strip():
                yield _entry(line)


def _entry(line: bytes) -> Entry | None:
    try:
        found = json.loads(line)
        return Entry(
            UUID(found["id"]),
            str(found["controller"]),
            str(found["what"]),
            UUID(found["subject"]),
            str(found["class"]),
            date.fromisoformat(found["on"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def apply_again(*, path: Path | None = None) -> Applied:
    """Erase again whatever the file says is erased and a restored database still has. Safe to run twice."""
    applied = Applied()
    groups: dict[tuple[str, str, str], dict[UUID, Entry]] = defaultdict(dict)
    for entry in read(path or settings.ERASURES_FILE):
        applied.lines += 1
        if entry is None or not registry.is_declared(entry.what):
            applied.unreadable += 1
        else:
            groups[entry.controller, entry.what, entry.retention][entry.id] = entry
    for (controller, what, code), entries in groups.items():
        holding, ids = registry.holding(what), list(entries)
        for start in range(0, len(ids), BATCH):
            part = [entries[each] for each in ids[start : start + BATCH]]
            applied.erased += _apply(holding, controller, code, part)
    return applied


def _apply(holding: Holding, controller: str, code: str, entries: Sequence[Entry]) -> int:
    clock = next((clock for clock in holding.clocks if clock.code == code), None)
    with row_security.context(controllers=[controller]):
        known = set(Tombstone.objects.filter(pk__in=[each.id for each in entries]).values_list("pk", flat=True))
        missing = [each for each in entries if each.id not in known]
        # An emptied field may have been filled since: only what the restored database does not know is emptied again.
        wanted = missing if clock and clock.end else entries
        keys = _erase(holding, clock, controller, [each.subject for each in wanted])
        if keys:
            retention.note(holding, controller, keys, {"class": code, "after": "restore"})
        now = timezone.now()
        Tombstone.objects.bulk_create(
            Tombstone(
                id=each.id,
                controller_id=controller,
                what=holding.name,
                subject_id=each.subject,
                retention=code,
                erased_on=each.on,
                written_at=now,
            )
            for each in missing
        )
    return len(keys)


def _erase(holding: Holding, clock: Clock | None, controller: str, subjects: Sequence[Any]) -> list[Any]:
    """Erase those of the rows that are there; return their keys."""
    left = clock.left if clock and clock.end else Q()
    keys = list(holding.model._base_manager.filter(left, pk__in=subjects).values_list("pk", flat=True))
    if keys:
        retention.end_by(clock, holding, keys, controller)
    return keys
