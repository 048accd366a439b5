"""What the pages of one version show, ready for their templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from kotisatama.forms import changes, shares, versions, workbench_queries, writing, xlsform
from kotisatama.forms.models import Version
from kotisatama.forms.workbench_forms import AcceptForm
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class TableLine:
    """A table beside the rows."""

    name: str
    rows: int
    columns: Sequence[str]


def workbook(version: Version) -> bytes:
    """The version as .xlsx, tables as sheets."""
    return writing.workbook(xlsform.source_from_json(version.source), version.attachments)


def tables(version: Version) -> list[TableLine]:
    """The tables by name."""
    found = sorted(version.attachments.items())
    return [TableLine(name, len(table["rows"]), table["columns"]) for name, table in found]


def version(viewer: Worker, shown: Version) -> dict[str, Any]:
    """Context of the version's own page."""
    return {
        "version": shown,
        "is_open": shown.is_open,
        "languages": shares.language_shares(shown),
        "tables": tables(shown),
        "upload": workbench_queries.waiting_upload(shown),
        "published": workbench_queries.published(viewer, shown.form),
        "preview_language": translation.get_language() or "fi",
    }


def usual_other(others: Sequence[Version]) -> Version | None:
    """What a version is compared with unless somebody says otherwise: the published one, else the newest."""
    published = (each for each in others if each.state == Version.State.PUBLISHED)
    return next(published, others[0] if others else None)


def publishing(viewer: Worker, shown: Version) -> dict[str, Any]:
    """Context of the page that asks before publishing; `hindrance` says why it cannot be, yet."""
    published = workbench_queries.published(viewer, shown.form)
    hindrance = ""
    try:
        versions.check_publishable(shown.form, shown)
    except NotAllowed as reason:
        hindrance = str(reason)
    return {
        "version": shown,
        "published": published,
        "hindrance": hindrance,
        "changes": changes.between(published, shown) if published and published != shown else None,
        "unfinished": [each for each in shares.language_shares(shown) if not each.is_finished],
    }


def waiting(draft: Version) -> dict[str, Any]:
    """The workbook that waits beside the draft: what it would change, and whether the draft changed since."""
    upload = workbench_queries.waiting_upload(draft)
    if upload is None:
        return {"upload": None}
    return {
        "upload": upload,
        "changes": changes.between(draft, upload),
        "is_behind": upload.revision != draft.revision,
        "accepting": AcceptForm(initial={"revision": draft.revision, "sha256": upload.sha256}),
    }
