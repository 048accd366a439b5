"""An XLSForm workbook to rows, and rows to JSON and back.

The file comes from a stranger as far as this module is concerned: its parts are measured before anything is unpacked,
and it is read in a child process with little memory and time.
"""

import dataclasses
import io
import json
import pathlib
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kotisatama.forms import apart
from kotisatama.forms import tables as attached
from kotisatama.forms.tables import Table
from kotisatama.kernel.errors import NotAllowed

SHEETS = ("survey", "choices", "settings")
NAME_PROPERTY = "Kotisatama form"  # of the workbook: what a form that does not name itself is called

MOST_BYTES = 5_000_000
MOST_PARTS = 300
MOST_UNPACKED = 60_000_000
MOST_ROWS = {"survey": 2_000, "choices": 20_000, "settings": 10}
MOST_COLUMNS = 200
MOST_SHEETS = 50
MOST_CHARACTERS = 10_000
MEMORY = 700_000_000  # bytes of address space; our own form needs about 150 MB of it
SECONDS = 20


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    """What is wrong and where. `row` as the spreadsheet numbers it, 0 for a whole sheet; `column` is its heading.

    `language` is that of the message: the checker's own are in English, those that are translated say theirs.
    """

    sheet: str
    row: int
    column: str
    message: str
    language: str = "en"

    @property
    def has_card(self) -> bool:
        """Whether the builder has a page for the place; tables beside the rows have none."""
        return self.sheet in SHEETS

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Row:
    """The filled cells of one row by heading; `number` as the spreadsheet numbers it (the headings are row 1)."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclasses.dataclass(frozen=True)
class Source:
    """The three sheets as they stand in the workbook.

    `columns` keeps the order of the headings by sheet; `name` is the file's, for forms that do not name themselves.
    `tables` came as further sheets whose names end in .csv; they are kept as attachments, not with the rows.
    """

    columns: Mapping[str, tuple[str, ...]]
    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    name: str = "form"
    tables: Mapping[str, Table] = dataclasses.field(default_factory=dict)

    def rows(self, sheet: str) -> tuple[Row, ...]:
        return {"survey": self.survey, "choices": self.choices, "settings": self.settings}[sheet]

    def to_json(self) -> dict[str, Any]:
        """`{"name": …, sheet: {"columns": [heading], "rows": [[number, {heading: text}]]}}`.

        Problems are not kept, and tables stand beside the rows, not in them.
        """
        return {"name": self.name} | {
            sheet: {
                "columns": list(self.columns.get(sheet, ())),
                "rows": [[row.number, dict(row.cells)] for row in self.rows(sheet)],
            }
            for sheet in SHEETS
        }


def source_from_json(
    content: Mapping[str, Any], problems: Iterable[Problem] = (), tables: Mapping[str, Table] | None = None
) -> Source:
    """The source that `Source.to_json` wrote."""
    rows = {sheet: tuple(Row(int(number), dict(cells)) for number, cells in content[sheet]["rows"]) for sheet in SHEETS}
    columns = {sheet: tuple(content[sheet]["columns"]) for sheet in SHEETS}
    sheets = rows["survey"], rows["choices"], rows["settings"]
    return Source(columns, *sheets, tuple(problems), str(content["name"]), dict(tables or {}))


def read_workbook(workbook: str | pathlib.Path | bytes) -> Source:
    """The rows of a workbook, given as its path or its content. Never raises: what is wrong stands in `problems`."""
    try:
        content = workbook if isinstance(workbook, bytes) else _file_content(pathlib.Path(workbook))
    except OSError as error:
        return _refused(f"The file cannot be read: {error.strerror or error}.")
    complaint = _complaint(content)
    source = _refused(complaint) if complaint else _read_apart(content)
    return source if isinstance(workbook, bytes) else dataclasses.replace(source, name=pathlib.Path(workbook).stem)


def _file_content(path: pathlib.Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _refused(message: str) -> Source:
    return Source({}, (), (), (), (Problem("workbook", 0, "", message),))


def _complaint(content: bytes) -> str:
    """What forbids unpacking the file, by the sizes that its own directory declares; empty when nothing does.

    zipfile never unpacks more of a part than is declared, so a lie about the size cannot get past this.
    """
    if len(content) > MOST_BYTES:
        return f"The file is larger than {MOST_BYTES // 1_000_000} MB."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return "The file is not a spreadsheet of the type .xlsx."
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return f"The file unpacks to more than {MOST_UNPACKED // 1_000_000} MB or {MOST_PARTS} parts."
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        return "The file is not a spreadsheet of the type .xlsx."
    return ""


def _read_apart(content: bytes) -> Source:
    try:
        answer = apart.ask("kotisatama.forms.xlsform", content=content, seconds=SECONDS)
        return source_from_json(answer, (Problem(*problem) for problem in answer["problems"]), answer["tables"])
    except subprocess.TimeoutExpired:
        return _refused(f"The file takes more than {SECONDS} seconds to read.")
    except (OSError, ValueError, KeyError, TypeError):
        return _refused("The file is damaged or too large to read.")


def _main() -> None:
    """The child process: a workbook on standard input, JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    source = _read_here(content)
    found = [list(dataclasses.astuple(problem)) for problem in source.problems]
    sys.stdout.write(json.dumps({**source.to_json(), "problems": found, "tables": source.tables}))


def _read_here(content: bytes) -> Source:
    import openpyxl  # only the child pays for it

    book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    columns: dict[str, tuple[str, ...]] = {}
    rows: dict[str, tuple[Row, ...]] = dict.fromkeys(SHEETS, ())
    problems: list[Problem] = []
    if len(book.worksheets) > MOST_SHEETS:
        return _refused(f"The workbook has more than {MOST_SHEETS} sheets.")
    titles = {str(sheet.title).strip().lower(): sheet for sheet in book.worksheets}
    for name in SHEETS:
        if name not in titles:
            columns[name] = ()
            continue
        cells = titles[name].iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_ROWS[name] + 2, values_only=True)
        columns[name], rows[name] = _sheet(name, cells, problems)
    if "survey" not in titles:
        problems.append(Problem("survey", 0, "", "The workbook has no sheet “survey”."))
    found = _tables(book.worksheets, problems)
    name = next((str(one.value) for one in book.custom_doc_props.props if one.name == NAME_PROPERTY), "form")
    return Source(columns, rows["survey"], rows["choices"], rows["settings"], tuple(problems), name, found)


def _tables(sheets: Iterable[Any], problems: list[Problem]) -> dict[str, Table]:
    """The sheets whose names end in .csv."""
    found: dict[str, Table] = {}
    for sheet in sheets:
        name = str(sheet.title).strip()
        if not name.lower().endswith(".csv"):
            continue
        lines = sheet.iter_rows(max_col=attached.MOST_COLUMNS + 1, max_row=attached.MOST_ROWS + 2, values_only=True)
        try:
            found[name] = attached.checked(name, ([_text(value) for value in line] for line in lines))
        except NotAllowed as reason:
            problems.append(Problem(name, 0, "", str(reason)))
    return found


def _sheet(
    name: str, cells: Iterator[tuple[Any, ...]], problems: list[Problem]
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    headings = [_text(cell) for cell in next(cells, ())]
    _check_headings(name, headings, problems)
    rows = []
    for number, values in enumerate(cells, 2):
        if number > MOST_ROWS[name] + 1:
            problems.append(Problem(name, number, "", f"The sheet has more than {MOST_ROWS[name]} rows."))
            break
        row = _row(name, number, headings, values, problems)
        if row.cells:
            rows.append(row)
    return tuple(filter(None, headings[:MOST_COLUMNS])), tuple(rows)


def _check_headings(sheet: str, headings: list[str], problems: list[Problem]) -> None:
    if len(headings) > MOST_COLUMNS and headings[MOST_COLUMNS]:
        problems.append(Problem(sheet, 1, "", f"The sheet has more than {MOST_COLUMNS} columns."))
    seen: set[str] = set()
    for heading in filter(None, headings):
        if heading in seen:
            problems.append(Problem(sheet, 1, heading[:200], "Two columns have this heading."))
        seen.add(heading)


def _row(sheet: str, number: int, headings: list[str], values: tuple[Any, ...], problems: list[Problem]) -> Row:
    cells = {}
    for heading, value in zip(headings, values, strict=False):
        text = _text(value)
        if not text or not heading:
            continue
        if len(text) > MOST_CHARACTERS:
            problems.append(Problem(sheet, number, heading, f"The text is longer than {MOST_CHARACTERS} characters."))
            text = text[:MOST_CHARACTERS]
        cells[heading] = text
    return Row(number, cells)


def _text(value: Any) -> str:
    """The cell as text: a whole number without decimals, truth as yes and no, a day as ISO.

    Excel writes a return that was pasted into a cell as _x000D_.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value).replace("_x000D_", "").strip()


if __name__ == "__main__":
    _main()
