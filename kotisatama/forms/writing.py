"""Rows back to a workbook: what `xlsform.read_workbook` reads from it is what was written, cell by cell."""

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from kotisatama.forms.xlsform import NAME_PROPERTY, SHEETS, Row, Source
from kotisatama.kernel.xml_text import writable

MOST_WIDTH = 60  # characters of a column


def workbook(source: Source, attachments: Mapping[str, Any] | None = None) -> bytes:
    """The .xlsx of the rows: headings in their order, every cell as text, each row where it stood, tables as sheets.

    A text that looks like a formula, a number or a link stays a text. Control characters are left out.
    """
    content = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, {"in_memory": True, **plain}) as book:
        book.set_custom_property(NAME_PROPERTY, writable(source.name)[:255])
        heading = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        cell = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for name in SHEETS:
            headings = _headings(source, name)
            if headings or name == "survey":
                lines = _placed(source.rows(name), headings)
                _write(book.add_worksheet(name), headings, lines, heading, cell)
        for name, table in (attachments or {}).items():
            lines = enumerate(table["rows"], 1)
            _write(book.add_worksheet(name), table["columns"], lines, heading, cell)
    return content.getvalue()


def _headings(source: Source, sheet: str) -> list[str]:
    """The headings in their order; last those that only a row knows."""
    known = [*source.columns.get(sheet, ())]
    further = dict.fromkeys(heading for row in source.rows(sheet) for heading in row.cells)
    return known + [heading for heading in further if heading not in known]


def _placed(rows: Iterable[Row], headings: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row with its line, counted from 0; rows whose numbers are not in order follow one another.

    Where two columns share a heading the reader takes the last one that is filled, so the text goes into the first.
    """
    line = 0
    first = [heading not in headings[:place] for place, heading in enumerate(headings)]
    for row in rows:
        line = max(line + 1, row.number - 1)
        yield line, [row.get(heading) if is_first else "" for heading, is_first in zip(headings, first, strict=True)]


def _write(
    sheet: Any, headings: Iterable[str], lines: Iterable[tuple[int, list[str]]], bold: Format, plain: Format
) -> None:
    widths = []
    for column, text in enumerate(headings):
        sheet.write_string(0, column, writable(text), bold)
        widths.append(len(text))
    for line, cells in lines:
        for column, text in enumerate(cells):
            if text:
                sheet.write_string(line, column, writable(text), plain)
                widths[column] = max(widths[column], len(text))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, MOST_WIDTH), plain)
    sheet.freeze_panes(1, 0)
