"""The life of a version: begun, its rows changed, checked, published, retired."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.forms import definition as definitions
from kotisatama.forms import xlsform
from kotisatama.forms.models import Form, Version
from kotisatama.forms.translating_states import remember_sources
from kotisatama.forms.xlsform import Problem
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff.models import Worker

Rows = Mapping[str, Any]  # as `xlsform.Source.to_json` writes them


def fingerprint(rows: Rows, attachments: Mapping[str, Any]) -> str:
    """SHA-256 of rows and tables, the same for the same content."""
    content: Any = [rows, attachments] if attachments else rows
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def start_version(
    form: Form, *, rows: Rows, attachments: Mapping[str, Any] | None = None, by: Worker | None
) -> Version:
    """Begin a draft with these rows under the next free number of today: 2026112401, 2026112402, …"""
    Form.objects.select_for_update().get(pk=form.pk)
    day = f"{timezone.localdate():%Y%m%d}"
    taken = set(Version.objects.filter(form=form, number__startswith=day).values_list("number", flat=True))
    number = next(number for number in (f"{day}{place:02}" for place in range(1, 10_000)) if number not in taken)
    tables = dict(attachments or {})
    if (before := Version.objects.filter(form=form).order_by("-pk").first()) is not None:
        remember_sources(form.pk, before.source, rows)
    return Version.objects.create(
        form=form,
        number=number,
        source=dict(rows),
        attachments=tables,
        sha256=fingerprint(rows, tables),
        changed_by=by,
    )


def _open(version: Version, revision: int) -> Version:
    """The version locked; raises NotAllowed when it is published, ChangedMeanwhile when somebody was quicker."""
    locked = Version.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    if locked.state not in (Version.State.DRAFT, Version.State.CHECKED):
        raise NotAllowed(_("A published version does not change any more. Begin a new one from it."))
    if locked.revision != revision:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again and repeat what is still needed."))
    return locked


@transaction.atomic
def change_rows(
    version: Version, *, rows: Rows, revision: int, by: Worker, attachments: Mapping[str, Any] | None = None
) -> Version:
    """Keep other rows in a draft; it has to be checked again. Without `attachments` those stay."""
    locked = _open(version, revision)
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


@transaction.atomic
def check_version(version: Version, *, revision: int, by: Worker | None) -> list[Problem]:
    """Compile the rows; without problems the version is `checked` and can be published."""
    locked = _open(version, revision)
    compiled = definitions.compile_definition(xlsform.source_from_json(locked.source))
    if compiled.problems or compiled.definition is None:
        return list(compiled.problems)
    locked.definition, locked.state = compiled.definition.to_json(), Version.State.CHECKED
    locked.changed_by = by
    locked.save(update_fields=["definition", "state", "changed_by", "changed_at"])
    return []


@transaction.atomic
def publish_version(version: Version) -> None:
    """From now on visitors begin in this version; the one before is retired. Publishing twice changes nothing."""
    Form.objects.select_for_update().get(pk=version.form_id)
    locked = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.state == Version.State.PUBLISHED:
        return
    if locked.state != Version.State.CHECKED:
        raise NotAllowed(_("Check the version first."))
    now = timezone.now()
    before = Version.objects.filter(form=version.form_id, state=Version.State.PUBLISHED)
    before.update(state=Version.State.RETIRED, retired_at=now)
    locked.state, locked.published_at = Version.State.PUBLISHED, now
    locked.save(update_fields=["state", "published_at", "changed_at"])
    version.state, version.published_at = locked.state, locked.published_at


@transaction.atomic
def retire_version(version: Version) -> None:
    """Nobody begins in this version any more; answers that were begun go on. Twice changes nothing."""
    locked = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.state == Version.State.RETIRED:
        return
    if locked.state != Version.State.PUBLISHED:
        raise NotAllowed(_("Only a published version can be retired."))
    locked.state, locked.retired_at = Version.State.RETIRED, timezone.now()
    locked.save(update_fields=["state", "retired_at", "changed_at"])
