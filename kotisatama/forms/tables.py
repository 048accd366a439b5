"""Tables that come with a form (CSV beside the workbook, or a sheet of it whose name ends in .csv).

A table is `{"columns": [heading], "rows": [[text]]}`, as `Version.attachments` keeps it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kotisatama.kernel.errors import NotAllowed

Table = Mapping[str, Any]

MOST_ROWS = 5_000
MOST_COLUMNS = 50
MOST_TABLES = 20
MOST_BYTES = 2_000_000
MOST_CHARACTERS = 1_000
# A sheet's name has at most 31 characters: a table must be able to travel in the workbook.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,26}\.csv\Z")


def checked(name: str, lines: Iterable[Iterable[Any]]) -> dict[str, Any]:
    """The lines as a table: headings first, each row as wide as they are, empty rows left out."""
    columns: list[str] = []
    rows: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        cells = [str(cell).strip() for cell in line]
        if not columns:
            columns = _headings(name, cells)
        elif any(cells):
            _check_row(name, number, cells, len(columns))
            rows.append((cells + [""] * len(columns))[: len(columns)])
        if len(rows) > MOST_ROWS:
            raise NotAllowed(f"The table {name} has more than {MOST_ROWS} rows.")
    if not columns:
        raise NotAllowed(f"The table {name} is empty.")
    return {"columns": columns, "rows": rows}


def _headings(name: str, cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise NotAllowed(f"The table {name} has more than {MOST_COLUMNS} columns.")
    if len(set(cells)) < len(cells) or "" in cells:
        raise NotAllowed(f"The table {name} has a column without a heading, or two with the same.")
    return cells


def _check_row(name: str, number: int, cells: list[str], width: int) -> None:
    if any(cells[width:]):
        raise NotAllowed(f"Row {number} of the table {name} has more cells than there are headings.")
    if any(len(cell) > MOST_CHARACTERS for cell in cells):
        raise NotAllowed(f"Row {number} of the table {name} has a text of more than {MOST_CHARACTERS} characters.")
