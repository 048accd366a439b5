"""The life of a version: begun, its rows changed, checked, published, retired."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.forms import columns, shares, xlsform
from kotisatama.forms import definition as definitions
from kotisatama.forms.models import Form, Version
from kotisatama.forms.translating_states import remember_sources
from kotisatama.forms.xlsform import Problem
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission

Rows = Mapping[str, Any]  # as `xlsform.Source.to_json` writes them
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")  # it is part of addresses


def fingerprint(rows: Rows, attachments: Mapping[str, Any]) -> str:
    """SHA-256 of rows and tables, the same for the same content."""
    content: Any = [rows, attachments] if attachments else rows
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def compiled(rows: Rows, attachments: Mapping[str, Any]) -> definitions.Compiled:
    """What rows and tables compile to; the one place where they meet the compiler."""
    return definitions.compile_definition(xlsform.source_from_json(rows), attachments)


def numbered(rows: Rows, *, code: str, number: str) -> dict[str, Any]:
    """The same rows with the form's code and the version's number in the settings sheet, where they stand already."""
    headings = columns.read_headings(xlsform.source_from_json(rows))
    cells = {headings.heading("settings", "form_id"): code, headings.heading("settings", "version"): number}
    kept, written = rows["settings"]["rows"], list(rows["settings"]["columns"])
    place, first = kept[0] if kept else (2, {})
    settings = {
        "columns": written + [heading for heading in cells if heading not in written],
        "rows": [[place, {**first, **cells}], *kept[1:]],
    }
    return {**rows, "settings": settings}


@transaction.atomic
def start_version(
    form: Form, *, rows: Rows, attachments: Mapping[str, Any] | None = None, by: Worker | None
) -> Version:
    """Begin a draft with these rows under the next free number of today: 2026112401, 2026112402, …

    Code and number are written into its settings sheet.
    """
    Form.objects.select_for_update().get(pk=form.pk)
    day = f"{timezone.localdate():%Y%m%d}"
    taken = set(Version.objects.filter(form=form, number__startswith=day).values_list("number", flat=True))
    number = next(number for number in (f"{day}{place:02}" for place in range(1, 10_000)) if number not in taken)
    tables, source = dict(attachments or {}), numbered(rows, code=form.code, number=number)
    if (before := Version.objects.filter(form=form).order_by("-pk").first()) is not None:
        remember_sources(form.pk, before.source, rows)
    return Version.objects.create(
        form=form,
        number=number,
        source=source,
        attachments=tables,
        sha256=fingerprint(source, tables),
        changed_by=by,
    )


def opened(version: Version, revision: int) -> Version:
    """The version locked; raises NotAllowed when it is published, ChangedMeanwhile when somebody was quicker."""
    locked = Version.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    if not locked.is_open:
        raise NotAllowed(_("A published version does not change any more. Begin a new one from it."))
    if locked.revision != revision:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again and repeat what is still needed."))
    return locked


@transaction.atomic
def change_rows(
    version: Version, *, rows: Rows, revision: int, by: Worker, attachments: Mapping[str, Any] | None = None
) -> Version:
    """Keep other rows in a draft; it has to be checked again. Without `attachments` those stay."""
    locked = opened(version, revision)
    tables = locked.attachments if attachments is None else dict(attachments)
    sha256 = fingerprint(rows, tables)
    if sha256 == locked.sha256:
        return locked
    remember_sources(locked.form_id, locked.source, rows)
    locked.source, locked.attachments, locked.sha256 = dict(rows), tables, sha256
    locked.definition, locked.state = {}, Version.State.DRAFT
    locked.revision, locked.changed_by = revision + 1, by
    locked.save()
    return locked


def problems(version: Version) -> tuple[definitions.Definition | None, list[Problem]]:
    """What the version compiles to and what is wrong with it, by sheet, row and column; nothing is saved."""
    found = compiled(version.source, version.attachments)
    wrong = list(found.problems)
    if found.definition and not wrong:
        wrong = _misnamed(version, found.definition)
    return found.definition, wrong


def _misnamed(version: Version, found: definitions.Definition) -> list[Problem]:
    """Settings that say another form or version than the one in which they stand."""
    headings = columns.read_headings(xlsform.source_from_json(version.source))
    said = (("form_id", found.form_id, version.form.code), ("version", found.version, version.number))
    language = get_language() or "en"
    return [
        Problem("settings", 2, headings.heading("settings", column), _("This has to be “%s”.") % wanted, language)
        for column, written, wanted in said
        if written != wanted
    ]


@transaction.atomic
def check_version(version: Version, *, revision: int, by: Worker | None) -> list[Problem]:
    """Compile the rows; without problems the version is `checked` and can be published."""
    locked = opened(version, revision)
    found, wrong = problems(locked)
    if wrong or found is None:
        return wrong
    locked.definition, locked.state = found.to_json(), Version.State.CHECKED
    locked.changed_by = by
    locked.save(update_fields=["definition", "state", "changed_by", "changed_at"])
    return []


@transaction.atomic
def publish_version(version: Version, *, revision: int | None = None, by: Worker | None = None) -> None:
    """From now on visitors begin in this version; the one before is retired. Publishing twice changes nothing.

    With `revision`, only what was looked at is published (ChangedMeanwhile). Raises NotAllowed.
    """
    if by is not None:
        staff.require(by, Permission.MANAGE_FORMS)
    form = Form.objects.select_for_update().get(pk=version.form_id)
    locked = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.state != Version.State.PUBLISHED:
        check_publishable(form, locked, revision=revision)
        _publish(locked)
        record("form.published", locked, by=by, code=form.code, number=locked.number, sha256=locked.sha256)
    version.state, version.published_at = locked.state, locked.published_at


def _publish(version: Version) -> None:
    now = timezone.now()
    before = Version.objects.filter(form=version.form_id, state=Version.State.PUBLISHED)
    before.update(state=Version.State.RETIRED, retired_at=now)
    version.state, version.published_at = Version.State.PUBLISHED, now
    version.save(update_fields=["state", "published_at", "changed_at"])


def check_publishable(form: Form, version: Version, *, revision: int | None = None) -> None:
    """Raise NotAllowed with what has to be done first."""
    if version.state == Version.State.RETIRED:
        raise NotAllowed(_("A retired version is not published again. Begin a new one from it."))
    if revision is not None and version.revision != revision:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again and repeat what is still needed."))
    if version.state != Version.State.CHECKED:
        raise NotAllowed(_("Check the version first."))
    if (version.definition["form_id"], version.definition["version"]) != (form.code, version.number):
        raise NotAllowed(_("The settings sheet names another form or version. Check the version again."))
    unfinished = [each.name for each in shares.unfinished(version, form.complete_languages_required)]
    if unfinished:
        languages = ", ".join(unfinished)
        raise NotAllowed(_("This form is published only with all its texts in: %s. Finish them first.") % languages)


@transaction.atomic
def retire_version(version: Version, *, by: Worker | None = None) -> None:
    """Nobody begins in this version any more; answers that were begun go on. Twice changes nothing."""
    if by is not None:
        staff.require(by, Permission.MANAGE_FORMS)
    locked = Version.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    if locked.state == Version.State.RETIRED:
        return
    if locked.state != Version.State.PUBLISHED:
        raise NotAllowed(_("Only a published version can be retired."))
    locked.state, locked.retired_at = Version.State.RETIRED, timezone.now()
    locked.save(update_fields=["state", "retired_at", "changed_at"])
    record("form.retired", locked, by=by, code=locked.form.code, number=locked.number)


def record(action: str, version: Version, *, by: Worker | None, **details: object) -> None:
    """One line of the trail; whoever works at a terminal signs in nowhere and leaves none."""
    if by is not None:
        audit.record(action, by=by, controllers=by.controller_codes, details={"version": version.pk, **details})
