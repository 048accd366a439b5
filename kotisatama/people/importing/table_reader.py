"""The child process: a table on standard input, lines of JSON on standard output. No Django, no secrets, little memory.

The first line tells what the file is; each further one is `[row number, cells, {column: flaw}]`; the last is
`{"end": rows}`, or `{"refused": code, …}` when the table as a whole cannot be used.
"""

import csv
import io
import json
import re
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kotisatama.people.importing import budgets

SEPARATORS = ";,\t"
SAMPLE_LINES = 50
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
ERROR_VALUES = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"})
# What a spreadsheet would take for a formula; "+358 40 …" and "- not known" are none.
FORMULA = re.compile(r"\s*(?:[=@]|[+-](?=[^(|!]*[(|!])(?=.*[A-Za-z]))", re.DOTALL)
ALIEN = re.compile("[\udc80-\udcff]")  # bytes that the chosen encoding does not have

Row = tuple[int, list[str], dict[int, str]]


class Refused(Exception):
    """The whole table cannot be used: a code and what its sentence needs."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **values}


def main() -> None:
    """Read with the options of the first argument: `kind` ("csv" or "xlsx"), `sheet`, `separator`, and the limits."""
    options = json.loads(sys.argv[1])
    _limit(resource.RLIMIT_AS, options["memory"])
    _limit(resource.RLIMIT_CPU, options["seconds"])
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    content = sys.stdin.buffer.read(budgets.MOST_BYTES + 1)
    try:
        _answer(content, options)
    except Refused as refused:
        _say(refused.answer)
    except MemoryError:
        _say({"refused": "memory"})


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def _say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n")


def _answer(content: bytes, options: dict[str, Any]) -> None:
    reader = _workbook if options["kind"] == "xlsx" else _text_table
    about, rows = reader(content, options)
    _say(about)
    number = 0
    for number, row in enumerate(_measured(rows), 1):  # noqa: B007 - the last number is the count
        _say(row)
    _say({"end": number})


def _measured(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows within the budgets; Refused beyond."""
    text = 0
    for count, (number, cells, flaws) in enumerate(rows, 1):
        if len(cells) > budgets.MOST_COLUMNS:
            raise Refused("columns", row=number, found=len(cells))
        text += sum(map(len, cells))
        if count > budgets.MOST_ROWS + SAMPLE_LINES or number > budgets.LAST_ROW:
            raise Refused("rows", row=number)
        if text > budgets.MOST_TEXT:
            raise Refused("text", row=number)
        yield number, cells, flaws


def _row(number: int, values: Sequence[Any]) -> Row | None:
    """The cells as text without empty ones at the end; None for an empty row."""
    cells = [_text(value) for value in values]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return None
    flaws: dict[int, str] = {}
    for column, cell in enumerate(cells):
        if flaw := _flaw(cell):
            flaws[column], cells[column] = flaw, ""
    if budgets.ENCODING in flaws.values():
        flaws[budgets.WHOLE_ROW] = budgets.ENCODING
    return number, cells, flaws


def _flaw(cell: str) -> str:
    if FORMULA.match(cell):
        return budgets.FORMULA
    if len(cell) > budgets.MOST_CHARACTERS:
        return budgets.LONG
    if ALIEN.search(cell):
        return budgets.ENCODING
    return budgets.BROKEN if cell in ERROR_VALUES else ""


def _text(value: Any) -> str:
    """A cell as text: a whole number without decimals, truth as yes and no, a day as ISO; spaces made one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    if not isinstance(value, (str, int, float)):  # formulas over several cells are objects
        return "="
    text = str(value)
    return " ".join(text.split()) if len(text) <= budgets.MOST_CHARACTERS * 2 else text


def _workbook(content: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], Iterator[Row]]:
    import openpyxl  # only workbooks pay for it

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except MemoryError:
        raise
    except Exception as reason:  # a stranger's file: whatever the library stumbles over is damage
        raise Refused("damaged") from reason
    if len(book.worksheets) > budgets.MOST_SHEETS:
        raise Refused("sheets", found=len(book.worksheets))
    sheet = _sheet(book, options.get("sheet", ""))
    others = [str(each.title) for each in book.worksheets if each.title != sheet.title]
    return {"kind": "xlsx", "sheet": str(sheet.title), "other_sheets": others}, _sheet_rows(sheet)


def _sheet(book: Any, wanted: str) -> Any:
    titles = {str(sheet.title).strip().casefold(): sheet for sheet in book.worksheets}
    if not titles:
        raise Refused("damaged")
    if wanted and wanted.strip().casefold() not in titles:
        raise Refused("no_sheet", wanted=wanted, known=[str(sheet.title) for sheet in book.worksheets])
    if wanted:
        return titles[wanted.strip().casefold()]
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return (shown or book.worksheets)[0]


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # the file may lie about them
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    while True:
        try:
            number, values = next(rows)
        except StopIteration:
            return
        except MemoryError:
            raise
        except Exception as reason:  # as above
            raise Refused("damaged") from reason
        if number > budgets.LAST_ROW:
            raise Refused("rows", row=number)
        if row := _row(number, values):
            yield row


def _text_table(content: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], Iterator[Row]]:
    text, encoding = decoded(content)
    separator = options.get("separator") or _separator(text)
    about = {"kind": "csv", "encoding": encoding, "separator": "tab" if separator == "\t" else separator}
    return about, _text_rows(text, separator)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8 when every line is, else Windows-1252; lines of the other one keep alien bytes.

    A file pasted together from two sources has lines of both. The encoding that most lines need is taken.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding), encoding
    lines = content.splitlines(keepends=True)
    beyond = [line for line in lines if not line.isascii()]
    unicode_lines = sum(_is_utf8(line) for line in beyond)
    if unicode_lines * 2 >= len(beyond):
        return content.decode("utf-8", "surrogateescape"), "utf-8"
    return "".join(_from_windows(line) for line in lines), "windows-1252"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as reason:
        row = reason.object[: reason.start].count(b"\n") + 1
        raise Refused("encoding", encoding=encoding, row=row) from reason


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _from_windows(line: bytes) -> str:
    if line.isascii():
        return line.decode("ascii")
    try:
        return line.decode("ascii", "surrogateescape") if _is_utf8(line) else line.decode("windows-1252")
    except UnicodeDecodeError:
        return line.decode("ascii", "surrogateescape")


def _separator(text: str) -> str:
    """The one that gives the most columns in most of the first rows."""
    sample = "\n".join(text[:100_000].splitlines()[:SAMPLE_LINES])

    def width(separator: str) -> int:
        widths = sorted(len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if row)
        return widths[len(widths) // 2] if widths else 0

    return max(SEPARATORS, key=width)


def _text_rows(text: str, separator: str) -> Iterator[Row]:
    if "\0" in text:
        raise Refused("not_text")
    csv.field_size_limit(budgets.MOST_CHARACTERS * 100)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as reason:
            raise Refused("quotes", row=number) from reason
        if row := _row(number, values):
            yield row


if __name__ == "__main__":
    main()
