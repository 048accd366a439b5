"""Forms as other programs of the ODK family take them: the XForm of a version, made by pyxform, and its tables."""

from functools import lru_cache

from pyxform import xls2xform

from kotisatama.forms import columns, reference_compiler, table_files, versions, xlsform
from kotisatama.forms.models import Version

_TAKING = (Version.State.PUBLISHED, Version.State.RETIRED)


def published_versions(code: str = "") -> list[Version]:
    """The published version of every form, or of the one with this code, by title."""
    if "\0" in code:
        return []
    found = Version.objects.filter(state=Version.State.PUBLISHED).select_related("form").defer("definition")
    return list((found.filter(form__code=code) if code else found).order_by("form__title", "form__code"))


def version_begun(code: str, number: str) -> Version | None:
    """The version of this number when answers may have begun in it: published, or retired since."""
    if "\0" in code + number:
        return None
    found = Version.objects.filter(form__code=code, number=number, state__in=_TAKING).select_related("form")
    return found.defer("source", "attachments").first()


def xform(version: Version) -> str:
    """The version as an XForm, the same to the byte each time; its root says the form's code and the number."""
    return _xform(_Rows(version))


def xform_title(version: Version) -> str:
    """The title in the XForm, which visitors know the form by; the title at the desk is for workers alone."""
    source = xlsform.source_from_json(version.source)
    heading = columns.read_headings(source).heading("settings", "form_title")
    return (source.settings[0].get(heading).strip() if source.settings else "") or version.form.code


class _Rows:
    """A version's rows, told apart by their hash, so that they are converted once a process."""

    def __init__(self, version: Version) -> None:
        self.key = (version.pk, version.sha256)
        self.version = version

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self.key == other.key


@lru_cache(maxsize=64)
def _xform(rows: _Rows) -> str:
    version = rows.version
    numbered = versions.numbered(version.source, code=version.form.code, number=version.number)
    sheets = reference_compiler.sheets(xlsform.source_from_json(numbered))
    return str(xls2xform.convert(sheets, form_name="data").xform)


def table_csv(version: Version, name: str) -> bytes | None:
    """A table of the version as CSV; None when it has none of this name."""
    table = version.attachments.get(name)
    return table_files.write(table) if table else None
