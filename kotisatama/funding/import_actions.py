"""Keeping a file of the accounting, choosing its columns, and taking its rows in."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from kotisatama.funding import importing
from kotisatama.funding.models import Cost, CostFile, Project
from kotisatama.funding.project_actions import line, locked
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker


@transaction.atomic
def keep_file(project: Project, *, name: str, content: bytes, by: Worker) -> CostFile:
    """Keep a file until it is taken in; the same file that waits already is the same one. Raises NotAllowed."""
    current = locked(project, by=by)
    sha256 = importing.fingerprint(content)
    waiting = current.files.filter(sha256=sha256, state=CostFile.State.WAITING).first()
    if waiting:
        return waiting
    text, encoding = importing.decoded(content)
    table = importing.table(text, encoding)
    file = CostFile.objects.create(
        controller_id=current.controller_id,
        project=current,
        name=name[:120],
        sha256=sha256,
        content=text,
        encoding=table.encoding,
        separator=table.separator,
        added_by=by,
    )
    line("cost_file.kept", current, by, file=file.pk)
    return file


@transaction.atomic
def choose_columns(file: CostFile, *, mapping: Mapping[str, str], by: Worker) -> None:
    """Remember for the project which column is what; the same again changes nothing. Raises NotAllowed."""
    project = locked(file.project, by=by)
    wanted = {target: column for target, column in mapping.items() if column}
    importing.checked_mapping(wanted, importing.table_of(file).heading)
    if project.mapping == wanted:
        return
    project.mapping = wanted
    project.save(update_fields=["mapping"])
    line("cost_file.columns_chosen", project, by, file=file.pk)


@transaction.atomic
def take_in(file: CostFile, *, by: Worker) -> CostFile:
    """Add the rows that are new, all or none; taken in already, nothing happens. Raises NotAllowed."""
    project = locked(file.project, by=by)
    current = CostFile.objects.select_for_update().filter(pk=file.pk).first()
    if current is None or current.state == CostFile.State.TAKEN:
        return current or file
    table = importing.table_of(current)
    found = importing.preview(project, table, importing.present(project.mapping, table))
    if found.problems:
        raise NotAllowed(_("Nothing was taken in: the file still has mistakes."))
    current.state, current.content = CostFile.State.TAKEN, ""
    current.result = {"added": len(found.new), "known": found.known, "sum": str(found.total)}
    current.save()
    Cost.objects.bulk_create(
        Cost(
            controller_id=project.controller_id,
            project=project,
            file=current,
            key=importing.key_of(project, fields["voucher"], fields["line"]),
            funding_line=project.funding_line,
            made_by=by,
            **fields,
        )
        for fields in found.new
    )
    line("cost_file.taken", project, by, file=current.pk, added=len(found.new), known=found.known)
    return current


@transaction.atomic
def forget_file(file: CostFile, *, by: Worker) -> None:
    """Throw a file away that waits; gone already, nothing happens."""
    project = locked(file.project, by=by)
    if CostFile.objects.filter(pk=file.pk, state=CostFile.State.WAITING).delete()[0]:
        line("cost_file.forgotten", project, by, file=file.pk)
