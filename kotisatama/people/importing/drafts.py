"""An import by the screen: the table is kept sealed in its run until the job has carried it out."""

import json
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from kotisatama.audit import actions as audit
from kotisatama.people import access, tasks
from kotisatama.people.importing import jobs, running, sealing
from kotisatama.people.importing import mapping as mappings
from kotisatama.people.importing.mapping import ColumnMap
from kotisatama.people.importing.tables import Table
from kotisatama.people.models import ImportRun
from kotisatama.staff.models import Worker


@transaction.atomic
def keep(
    table: Table, *, key: uuid.UUID, controller: str, file_name: str, digest: str, mapping: ColumnMap | None, by: Worker
) -> ImportRun:
    """Keep a table that was sent; the same key again is the same draft. Without a mapping the columns are asked for."""
    _require(by, controller)
    if kept := access.visible_imports(by).filter(pk=key).first():
        return kept
    run = ImportRun(
        id=key,
        controller_id=controller,
        source=mapping.source if mapping else "",
        file_name=file_name[:200],
        file_hash=digest,
        mapping=mappings.to_tree(mapping) if mapping else {},
        about=dict(table.about),
        by=by,
        rows=len(table.rows),
        content=sealing.seal(_to_bytes(table), table=jobs.TABLE, row=key, controller=controller),
    )
    run.save(force_insert=True)
    audit.record("import.drafted", by=by, controllers=[controller], subject=run, details={"rows": run.rows})
    return run


def _require(by: Worker, controller: str) -> None:
    if not access.can_import(by) or controller not in by.controller_codes:
        raise PermissionDenied


def _to_bytes(table: Table) -> bytes:
    rows = [[row.number, row.cells, dict(row.flaws)] for row in table.rows]
    return json.dumps({"about": dict(table.about), "rows": rows}, ensure_ascii=False).encode()


@transaction.atomic
def choose_columns(run: ImportRun, mapping: ColumnMap, *, by: Worker) -> ImportRun:
    """Keep which column is which field; only before the start."""
    current = _draft(run, by=by)
    if current.state == ImportRun.State.DRAFT:
        running.check(mapping, running.as_worker(by))
        current.mapping, current.source = mappings.to_tree(mapping), mapping.source
        current.save(update_fields=["mapping", "source"])
        audit.record("import.mapped", by=by, controllers=[current.controller_id], subject=current)
    return current


@transaction.atomic
def start(run: ImportRun, *, by: Worker) -> ImportRun:
    """Let the job carry it out; a second press changes nothing."""
    current = _draft(run, by=by)
    if current.state == ImportRun.State.DRAFT:
        running.check(jobs.mapping_of(current), running.as_worker(by))
        current.state = ImportRun.State.WAITING
        current.save(update_fields=["state"])
        audit.record("import.started", by=by, controllers=[current.controller_id], subject=current)
        tasks.import_clients.defer(run_id=str(current.pk), controller=current.controller_id, worker_id=by.pk)
    return current


@transaction.atomic
def forget(run: ImportRun, *, by: Worker) -> None:
    """Throw a draft away."""
    current = _draft(run, by=by)
    if current.state == ImportRun.State.DRAFT:
        audit.record("import.dropped", by=by, controllers=[current.controller_id], subject=current)
        current.delete()


def _draft(run: ImportRun, *, by: Worker) -> ImportRun:
    _require(by, run.controller_id)
    return ImportRun.objects.select_for_update().get(pk=run.pk)
