"""A main user's browser, a published form and workbooks that differ from it by a cell."""

import pathlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kotisatama.forms import actions, definition, versions, workbench, writing, xlsform
from kotisatama.forms.models import Version
from kotisatama.staff.models import Worker
from tests import builders

WORKBOOK = pathlib.Path(definition.__file__).parent / "definitions" / "yhteydenotto.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def a_published_version() -> Version:
    """The contact form."""
    assert actions.import_form(WORKBOOK, publish=True).problems == []
    return Version.objects.select_related("form").get(form__code="yhteydenotto")


def a_draft(like: Version, by: Worker) -> Version:
    """A draft begun from a version."""
    with builders.as_worker(by):
        return workbench.begin_version(like.form, like=like, by=by)


def checked(version: Version, by: Worker) -> Version:
    """The same, checked without a problem."""
    assert versions.check_version(version, revision=version.revision, by=by) == []
    version.refresh_from_db()
    return version


def with_cell(rows: dict[str, Any], name: str, heading: str, text: str) -> dict[str, Any]:
    """The same rows with one cell of the survey row of that name changed."""
    survey = [
        [number, {**cells, heading: text} if cells.get("name") == name else cells]
        for number, cells in rows["survey"]["rows"]
    ]
    return {**rows, "survey": {**rows["survey"], "rows": survey}}


def a_workbook(rows: dict[str, Any], *, name: str = "form.xlsx") -> SimpleUploadedFile:
    """Rows as the file that a browser sends."""
    content = writing.workbook(xlsform.source_from_json(rows))
    return SimpleUploadedFile(name, content, content_type=XLSX)


def address(version: Version, page: str = "") -> str:
    return f"/desk/forms/{version.form.code}/versions/{version.number}/{page}"


def text(response: Any) -> str:
    return str(response.content.decode())
