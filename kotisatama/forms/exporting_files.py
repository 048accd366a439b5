"""Writing an export: CSV and XLSX with a file for each table, JSON with the repeats inside. Nothing is kept in memory.

A text that a spreadsheet would take for a formula gets an apostrophe in CSV; in XLSX every text is a text by its type.
"""

import csv
import datetime
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Protocol

import xlsxwriter

from kotisatama.forms.exporting_tables import MAIN, Cell, Record, Sent, Shape
from kotisatama.kernel.spreadsheets import harmless

BYTE_MARK = b"\xef\xbb\xbf"  # so that spreadsheets read the letters right
ZIP = "application/zip"


class Writer(Protocol):
    """Takes submissions one by one; `close` gives the files by name, each to be read from its beginning."""

    extension: str
    media_type: str

    def add(self, sent: Sent) -> None:
        """Write one submission."""

    def close(self) -> dict[str, IO[bytes]]:
        """The finished files."""


def _file() -> IO[bytes]:
    return tempfile.TemporaryFile()


class CsvWriter:
    """Comma-separated by RFC 4180, dates as ISO writes them."""

    extension, media_type = "csv", "text/csv; charset=utf-8"

    def __init__(self, shape: Shape, code: str) -> None:
        self.shape = shape
        self.files: dict[str, IO[bytes]] = {}
        self.rows: dict[str, Any] = {}
        self.texts: list[io.TextIOWrapper] = []
        for table, columns in shape.tables.items():
            file: IO[bytes] = _file()
            file.write(BYTE_MARK)
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            self.texts.append(text)
            self.files[f"{file_name(code, table)}.csv"] = file
            self.rows[table] = csv.writer(text)
            self.rows[table].writerow(columns)

    def add(self, sent: Sent) -> None:
        for table, record in self.shape.records(sent):
            columns = self.shape.tables[table]
            self.rows[table].writerow([_iso(harmless(record.get(name))) for name in columns])

    def close(self) -> dict[str, IO[bytes]]:
        for text in self.texts:
            text.detach()
        return _rewound(self.files)


def _iso(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, (datetime.date, datetime.time)) else cell


class XlsxWriter:
    """A workbook for each table: dates are dates, numbers numbers, the heading stays in sight."""

    extension, media_type = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, shape: Shape, code: str) -> None:
        self.shape = shape
        self.files: dict[str, IO[bytes]] = {}
        self.books: list[Any] = []
        self.sheets: dict[str, _Sheet] = {}
        for table, columns in shape.tables.items():
            file: IO[bytes] = _file()
            self.files[f"{file_name(code, table)}.xlsx"] = file
            options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
            book = xlsxwriter.Workbook(file, options)
            self.books.append(book)
            self.sheets[table] = _Sheet(book, file_name(code, table)[:31], columns)

    def add(self, sent: Sent) -> None:
        for table, record in self.shape.records(sent):
            self.sheets[table].add(record)

    def close(self) -> dict[str, IO[bytes]]:
        for book in self.books:
            book.close()
        return _rewound(self.files)


class _Sheet:
    def __init__(self, book: Any, name: str, columns: list[str]) -> None:
        self.page = book.add_worksheet(name)
        self.columns, self.row = columns, 0
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.clock = book.add_format({"num_format": "hh:mm"})
        self.page.freeze_panes(1, 1)
        self.page.set_column(0, max(len(columns) - 1, 0), 18)
        self.page.write_row(0, 0, columns, book.add_format({"bold": True, "bottom": 1}))

    def add(self, record: Record) -> None:
        self.row += 1
        for column, name in enumerate(self.columns):
            value = record.get(name)
            if isinstance(value, str):
                self.page.write_string(self.row, column, value)
            elif isinstance(value, (int, float)):
                self.page.write_number(self.row, column, value)
            elif value is not None:
                self._write_time(column, value)

    def _write_time(self, column: int, value: Any) -> None:
        if not isinstance(value, datetime.time) and value.year < 1900:  # spreadsheets begin in 1900
            self.page.write_string(self.row, column, value.isoformat())
            return
        kind = self.moment if isinstance(value, datetime.datetime) else self.day
        style = self.clock if isinstance(value, datetime.time) else kind
        self.page.write_datetime(self.row, column, value, style)


class JsonWriter:
    """A list of objects; the rows of a repeat stand in lists under its name, each with its place `_row`."""

    extension, media_type = "json", "application/json"

    def __init__(self, shape: Shape, code: str) -> None:
        self.shape, self.name, self.count = shape, f"{code}.json", 0
        self.file: IO[bytes] = _file()
        self.file.write(b"[")

    def add(self, sent: Sent) -> None:
        whole: dict[str, Any] = {}
        for table, record in self.shape.records(sent):
            values = {name: _iso(cell) for name, cell in record.items() if cell is not None}
            if table == MAIN:
                whole = values
            else:
                whole.setdefault(table, []).append(
                    {name: each for name, each in values.items() if name != "_reference"}
                )
        self.file.write(b",\n" if self.count else b"\n")
        self.file.write(json.dumps(whole, ensure_ascii=False).encode())
        self.count += 1

    def close(self) -> dict[str, IO[bytes]]:
        self.file.write(b"\n]\n")
        return _rewound({self.name: self.file})


WRITERS: dict[str, type[CsvWriter | XlsxWriter | JsonWriter]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
    "json": JsonWriter,
}


def file_name(code: str, table: str) -> str:
    """The form's code, with the repeat's name behind it."""
    return f"{code}-{table}" if table else code


def _rewound(files: dict[str, IO[bytes]]) -> dict[str, IO[bytes]]:
    for file in files.values():
        file.seek(0)
    return files


def together(files: dict[str, IO[bytes]]) -> IO[bytes]:
    """Several files in one archive."""
    archive: IO[bytes] = _file()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, file in files.items():
            with packed.open(name, "w", force_zip64=True) as target:
                for piece in _pieces(file):
                    target.write(piece)
    archive.seek(0)
    return archive


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(1 << 16):
        yield piece
