"""The rows of a form as something that can be edited: sheets of lines, and which column a heading is."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kotisatama.forms import columns, xlsform
from kotisatama.forms.xlsform import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, SHEETS
from kotisatama.kernel.errors import NotAllowed
from kotisatama.translation import languages

Rows = Mapping[str, Any]
Key = tuple[str, str]  # a column and the code of its language, which is empty where the column has none
Cells = Mapping[Key, str]

EXPRESSIONS = ("relevant", "constraint", "calculation", "required", "choice_filter", "repeat_count")
TEXTS = ("label", "hint", "required_message", "constraint_message")
YES = frozenset({"yes", "true", "true()"})


@dataclasses.dataclass
class Line:
    """One row. `gap` counts the empty rows before it, which stay where they are when others move."""

    cells: dict[str, str]
    gap: int = 0


@dataclasses.dataclass
class Sheet:
    """The headings and lines of one sheet."""

    columns: list[str]
    lines: list[Line]

    def numbers(self) -> list[int]:
        """The number of each line as a spreadsheet counts: the headings are row 1."""
        found, last = [], 1
        for line in self.lines:
            last += line.gap + 1
            found.append(last)
        return found


@dataclasses.dataclass(frozen=True)
class Edited:
    """Rows after an edit, and the number of the row to look at next (0: none)."""

    rows: Rows
    number: int = 0


class Book:
    """An editable copy of rows; `rows()` gives them back, with everything else that stood beside the sheets."""

    def __init__(self, rows: Rows) -> None:
        self.rest = {key: value for key, value in rows.items() if key not in SHEETS}
        self.sheets = {name: _sheet(rows[name]) for name in SHEETS}
        self.others = {name: {k: v for k, v in rows[name].items() if k not in ("columns", "rows")} for name in SHEETS}
        self._read: tuple[object, columns.Headings] | None = None

    @property
    def survey(self) -> Sheet:
        return self.sheets["survey"]

    @property
    def choices(self) -> Sheet:
        return self.sheets["choices"]

    @property
    def settings(self) -> Sheet:
        return self.sheets["settings"]

    @property
    def headings(self) -> columns.Headings:
        """What the headings mean now."""
        settings = tuple(xlsform.Row(2, line.cells) for line in self.settings.lines[:1])
        written = {name: tuple(sheet.columns) for name, sheet in self.sheets.items()}
        key = (tuple(written.items()), str(settings))
        if self._read is None or self._read[0] != key:
            self._read = key, columns.read_headings(xlsform.Source(written, (), (), settings))
        return self._read[1]

    def rows(self) -> dict[str, Any]:
        return {**self.rest, **{name: self.others[name] | _content(self.sheets[name]) for name in SHEETS}}

    def edited(self, line: Line | None = None) -> Edited:
        """The rows, with the number of the line on the survey sheet."""
        for name, sheet in self.sheets.items():
            if len(sheet.lines) > MOST_ROWS[name] or len(sheet.columns) > MOST_COLUMNS:
                raise NotAllowed(_("The form would become too large. Divide it into two forms."))
        numbers = self.survey.numbers()
        at = next((number for number, each in zip(numbers, self.survey.lines, strict=True) if each is line), 0)
        return Edited(self.rows(), at)

    def index(self, number: int) -> int:
        """The place of the survey's line with this number; raises NotAllowed when there is none."""
        numbers = self.survey.numbers()
        if number not in numbers:
            raise NotAllowed(_("This question is not in the form any more."))
        return numbers.index(number)

    def heading(self, sheet: str, column: str, language: str = "") -> str:
        """The heading of a column as it is written in the sheet; empty when the sheet has no such column."""
        if column.startswith("kotisatama::"):
            return next((text for text in self.sheets[sheet].columns if plain(text) == column), "")
        for heading in self.headings.sheets[sheet]:
            if heading.column == column and heading.language == language:
                return heading.text
        return ""

    def cell(self, sheet: str, line: Line, column: str, language: str = "") -> str:
        return line.cells.get(self.heading(sheet, column, language), "")

    def put(self, sheet: str, line: Line, cells: Cells) -> None:
        """Write or clear cells of a line; a column that is missing is made beside its kind."""
        for (column, language), written in cells.items():
            value = written.strip().replace("\r\n", "\n")
            if len(value) > MOST_CHARACTERS:
                message = _("The text is longer than {most} characters.")
                raise NotAllowed(message.format(most=MOST_CHARACTERS))
            if "\0" in value:
                raise NotAllowed(_("The text has a character that cannot be seen. Write it again."))
            heading = self.heading(sheet, column, language)
            if not value:
                line.cells.pop(heading, None)
                continue
            line.cells[heading or self.new_column(sheet, column, language)] = value

    def new_column(self, sheet: str, column: str, language: str = "") -> str:
        """Make the column, right after the last of its kind, and return its heading."""
        headings = self.headings
        named = language and language != columns.UNDETERMINED
        text = f"{column}::{headings.languages.get(language, language)} ({language})" if named else column
        written = self.sheets[sheet].columns
        kin = [each.text for each in headings.sheets[sheet] if each.column == column]
        at = written.index(kin[-1]) + 1 if kin else len(written)
        written.insert(at, text)
        return text


def _sheet(content: Mapping[str, Any]) -> Sheet:
    lines, last = [], 1
    for number, cells in content["rows"]:
        lines.append(Line(dict(cells), max(int(number) - last - 1, 0)))
        last = max(int(number), last + 1)
    return Sheet(list(content["columns"]), lines)


def _content(sheet: Sheet) -> dict[str, Any]:
    numbers = sheet.numbers()
    rows = [[number, dict(line.cells)] for number, line in zip(numbers, sheet.lines, strict=True)]
    return {"columns": list(sheet.columns), "rows": rows}


def plain(heading: str) -> str:
    """A heading of our own namespace without spaces and capitals: `kotisatama::locked`."""
    return "".join(heading.split()).lower()


def column_of(heading: str) -> str:
    """The column of a heading, whatever its language, under the name that the reference uses."""
    column = heading.partition("::")[0].strip().lower()
    return columns.ALIASES.get(column, column)


def language_heading(column: str, code: str) -> str:
    """`label::suomi (fi)`"""
    return f"{column}::{languages.own_name(code)} ({code})"
