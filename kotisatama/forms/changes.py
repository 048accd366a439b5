"""What differs between two versions, as a page shows it: row by row, tables by their names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kotisatama.forms.differences import Difference, differences
from kotisatama.forms.models import Upload, Version
from kotisatama.forms.xlsform import SHEETS

KINDS: Mapping[str, tuple[str | Promise, str]] = {
    "added": (_("new"), "ok"),
    "removed": (_("removed"), "stop"),
    "changed": (_("changed"), "warn"),
    "moved": (_("moved"), "still"),
}


@dataclass(frozen=True)
class Cell:
    """One cell that differs; the language is that of its column, as far as the heading says it."""

    heading: str
    language: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One row that differs: what happened to it in a word, and its look."""

    word: str | Promise
    look: str
    name: str
    before: int | None
    after: int | None
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet that differ."""

    name: str
    changes: list[Change]


@dataclass(frozen=True)
class TableChange:
    """A table beside the rows that came, went or says something else; `rows` are those of the later state."""

    word: str | Promise
    look: str
    name: str
    rows: int


@dataclass(frozen=True)
class Changes:
    """All of it; false when nothing differs. `count` is that of rows and tables."""

    sheets: list[Sheet]
    tables: list[TableChange]

    @property
    def count(self) -> int:
        return sum(len(sheet.changes) for sheet in self.sheets) + len(self.tables)

    def __bool__(self) -> bool:
        return self.count > 0


def between(before: Version | Upload, after: Version | Upload) -> Changes:
    """The rows and tables that differ."""
    found = differences(before.source, after.source)
    sheets = [Sheet(name, [_change(each) for each in found if each.sheet == name]) for name in SHEETS]
    tables = _tables(before.attachments, after.attachments)
    return Changes([sheet for sheet in sheets if sheet.changes], list(tables))


def _change(difference: Difference) -> Change:
    word, look = KINDS[difference.kind]
    cells = [Cell(heading, language_of(heading), old, new) for heading, old, new in difference.cells]
    return Change(word, look, difference.name, difference.before, difference.after, cells)


def language_of(heading: str) -> str:
    """The code in `label::suomi (fi)`; empty when there is none."""
    _column, separator, language = heading.partition("::")
    return language.rpartition("(")[2].rstrip(") ") if separator and language.endswith(")") else ""


def _tables(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[TableChange]:
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name):
            continue
        kind = "added" if name not in before else "changed" if name in after else "removed"
        yield TableChange(*KINDS[kind], name, len(after.get(name, before.get(name, {}))["rows"]))
