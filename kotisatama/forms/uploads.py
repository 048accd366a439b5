"""A changed workbook for a draft: read, compiled, kept beside the draft, accepted after its differences were seen."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotisatama.forms import columns, versions, workbench, xlsform
from kotisatama.forms.building import locks
from kotisatama.forms.models import Upload, Version
from kotisatama.forms.tables import MOST_TABLES
from kotisatama.forms.xlsform import Problem, Source
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission

WAITS = timedelta(days=7)
Tables = Mapping[str, Any]


class Refused(NotAllowed):
    """The workbook has problems; each has its place. Nothing was kept."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("Nothing was changed. Correct these in the workbook and send it again."))
        self.problems = problems


def read(workbook: bytes, tables: Tables, *, code: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows of a workbook that compiles, and all tables: those given and those that it has as sheets.

    `code` is the form that it is meant for. Raises Refused.
    """
    source = xlsform.read_workbook(workbook)
    if source.problems:
        raise Refused(list(source.problems))
    said = settings(source).get("form_id", "")
    if code and said not in ("", code):
        message = _("This is the workbook of another form, “%(other)s”.") % {"other": said}
        raise Refused([_told(source.settings[0].number, message)])
    rows, attachments = source.to_json(), {**tables, **source.tables}
    if problems := versions.compiled(rows, attachments).problems:
        raise Refused(list(problems))
    return rows, attachments


def _told(row: int, message: str) -> Problem:
    """About the form's code, in the reader's language."""
    return Problem("settings", row, "form_id", message, get_language() or "en")


def settings(source: Source) -> dict[str, str]:
    """The cells of the settings sheet by the names that XLSForm gives them."""
    if not source.settings:
        return {}
    headings = columns.read_headings(source).sheets["settings"]
    return {each.column: source.settings[0].get(each.text) for each in headings}


@transaction.atomic
def begin_from_workbook(*, workbook: bytes, tables: Tables, by: Worker) -> Version:
    """A new form with a draft of the workbook's rows, under its own code. Raises Refused, NotAllowed."""
    staff.require(by, Permission.MANAGE_FORMS)
    rows, attachments = read(workbook, tables)
    said = settings(xlsform.source_from_json(rows))
    code = said.get("form_id", "")
    if not code:
        raise Refused([_told(2, _("Write the form's code here; it is part of its address."))])
    title = said.get("form_title") or code
    return workbench.begin_form(code=code, title=title, rows=rows, attachments=attachments, by=by)


@transaction.atomic
def propose(version: Version, *, workbook: bytes, tables: Tables, revision: int, by: Worker) -> Upload:
    """Keep a workbook beside the draft until somebody accepts it; an earlier one that waited goes away.

    `tables`, and those in the workbook, are added to the draft's own or replace them. Raises Refused, and NotAllowed
    when nothing differs.
    """
    staff.require(by, Permission.MANAGE_FORMS)
    locked = versions.opened(version, revision)
    read_rows, attachments = read(workbook, {**locked.attachments, **tables}, code=locked.form.code)
    named = {**read_rows, "name": locked.source["name"]}
    rows = versions.numbered(named, code=locked.form.code, number=locked.number)
    sha256 = versions.fingerprint(rows, attachments)
    if sha256 == locked.sha256:
        raise NotAllowed(_("The workbook says the same as the draft. There is nothing to accept."))
    locks.check_kept(locked.source, rows)
    Upload.objects.filter(uploaded_at__lt=timezone.now() - WAITS).delete()
    upload, _created = Upload.objects.update_or_create(
        version=locked,
        defaults={
            "source": rows,
            "attachments": attachments,
            "sha256": sha256,
            "revision": locked.revision,
            "uploaded_by": by,
        },
    )
    versions.record("form.uploaded", locked, by=by, code=locked.form.code, number=locked.number, sha256=sha256)
    return upload


@transaction.atomic
def accept(version: Version, *, sha256: str, revision: int, by: Worker) -> Version:
    """Let the workbook that was looked at become the draft's rows; accepted twice it is accepted once.

    Raises ChangedMeanwhile when the draft is not the one beside which it was looked at.
    """
    staff.require(by, Permission.MANAGE_FORMS)
    locked = Version.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    if locked.sha256 == sha256:
        return locked
    upload = Upload.objects.filter(version=locked, sha256=sha256, uploaded_at__gte=timezone.now() - WAITS).first()
    if upload is None:
        raise NotAllowed(_("This workbook does not wait any more. Send it again."))
    locks.check_kept(locked.source, upload.source)
    changed = versions.change_rows(locked, rows=upload.source, attachments=upload.attachments, revision=revision, by=by)
    upload.delete()
    versions.record("form.upload_accepted", changed, by=by, code=locked.form.code, number=locked.number, sha256=sha256)
    return changed


@transaction.atomic
def discard(version: Version, *, by: Worker) -> None:
    """Throw a waiting workbook away; twice is once."""
    staff.require(by, Permission.MANAGE_FORMS)
    Upload.objects.filter(version=version).delete()


@transaction.atomic
def keep_tables(version: Version, *, tables: Tables, revision: int, by: Worker) -> Version:
    """Add tables to a draft, or replace those of the same name. The same ones twice change nothing."""
    staff.require(by, Permission.MANAGE_FORMS)
    found = Version.objects.only("attachments").get(pk=version.pk).attachments
    if all(found.get(name) == table for name, table in tables.items()):
        return version
    wanted = {**found, **tables}
    if len({name.lower() for name in wanted}) < len(wanted):
        raise NotAllowed(_("Two tables have the same name but for capital letters. Rename one of them."))
    if len(wanted) > MOST_TABLES:
        raise NotAllowed(_("A form has at most %(most)s tables.") % {"most": MOST_TABLES})
    return _change_tables(version, wanted, revision=revision, by=by)


@transaction.atomic
def remove_table(version: Version, *, name: str, revision: int, by: Worker) -> Version:
    """Take a table away from a draft; one that is gone already stays gone."""
    staff.require(by, Permission.MANAGE_FORMS)
    found = Version.objects.only("attachments").get(pk=version.pk).attachments
    if name not in found:
        return version
    return _change_tables(version, {key: found[key] for key in found if key != name}, revision=revision, by=by)


def _change_tables(version: Version, wanted: Tables, *, revision: int, by: Worker) -> Version:
    locked = versions.opened(version, revision)
    changed = versions.change_rows(locked, rows=locked.source, attachments=wanted, revision=revision, by=by)
    names = sorted(wanted)
    versions.record("form.tables_changed", changed, by=by, code=locked.form.code, number=locked.number, tables=names)
    return changed
