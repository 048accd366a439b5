"""The job of an import that was sent by the screen: its table is kept sealed in the run until it has ended."""

import json
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.people.importing import mapping as mappings
from kotisatama.people.importing import running, sealing
from kotisatama.people.importing.mapping import BadMapping, ColumnMap
from kotisatama.people.importing.rows import NoLayout
from kotisatama.people.importing.tables import Table, TableRow
from kotisatama.people.models import ImportRun
from kotisatama.staff.models import Worker

TABLE = "people_importrun"


def table_of(run: ImportRun) -> Table:
    """The table as it was sent; empty when the import has ended."""
    if run.content is None:
        return Table(run.about)
    kept = json.loads(sealing.unseal(run.content, table=TABLE, row=run.pk, controller=run.controller_id))
    rows = (
        TableRow(number, tuple(cells), {int(place): flaw for place, flaw in flaws.items()})
        for number, cells, flaws in kept["rows"]
    )
    return Table(kept["about"], tuple(rows))


def mapping_of(run: ImportRun) -> ColumnMap:
    """The mapping of a run; BadMapping when it has none."""
    return mappings.from_tree(run.mapping)


def carry_out(run_id: uuid.UUID, controller: str, by: Worker) -> None:
    """What the job does: everything that is not committed yet. A mandate that has ended meanwhile stops it."""
    with translation.override(by.language):
        with row_security.context(controllers=[controller]):
            run = ImportRun.objects.filter(pk=run_id).first()
            if run is None or run.state in {ImportRun.State.DONE, ImportRun.State.FAILED}:
                return
            ImportRun.objects.filter(pk=run_id).update(state=ImportRun.State.RUNNING)
            table = table_of(run)
        try:
            importer = running.as_worker(by)
            running.carry_out(run, table, mapping_of(run), importer)
        except (PermissionDenied, BadMapping, NoLayout) as reason:
            fail(run_id, controller, by, why=type(reason).__name__)


def fail(run_id: uuid.UUID, controller: str, by: Worker, *, why: str) -> None:
    """Say that the import stopped; what was committed stays, the table is forgotten."""
    values: dict[str, Any] = {"state": ImportRun.State.FAILED, "ended_at": timezone.now(), "content": None}
    with row_security.context(controllers=[controller]):
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        ImportRun.objects.filter(pk=run_id).update(**values)
        audit.record("import.failed", by=by, controllers=[controller], subject=run, details={"why": why})
