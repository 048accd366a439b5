"""The year's table as a file: CSV, XLSX or JSON. Every writer takes the same sheet."""

import csv
import io
import json
from collections.abc import Callable

import xlsxwriter

from kotisatama.kernel.spreadsheets import harmless
from kotisatama.reports.sheet import Sheet


def as_csv(sheet: Sheet) -> bytes:
    """Comma-separated by RFC 4180, UTF-8 with a mark at its start so that spreadsheets read the letters right."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.headings)
    writer.writerows([harmless(cell) for cell in row.cells] for row in sheet.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook of one sheet: numbers as numbers, the heading frozen, a filter on it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(str(sheet.year))
        bold = book.add_format({"bold": True, "bottom": 1})
        page.write_row(0, 0, sheet.headings, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row.cells):
                if isinstance(cell, int):
                    page.write_number(number, column, cell)
                else:
                    page.write_string(number, column, cell)
        page.freeze_panes(1, 2)
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)
        page.autofit()
    return content.getvalue()


def as_json(sheet: Sheet) -> bytes:
    """An object with the year, the threshold and a list of rows; hidden counts are texts as on the screen."""
    names = ["municipality", "period", "contacts", "persons", "anonymous", "languages", "topics", "channels"]
    rows = [
        {"code": row.line.place, "quarter": row.line.quarter} | dict(zip(names, row.cells, strict=True))
        for row in sheet.rows
    ]
    content = {"year": sheet.year, "hidden_below": sheet.least, "rows": rows}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


WRITERS: dict[str, tuple[Callable[[Sheet], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (as_json, "application/json"),
}
