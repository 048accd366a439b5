"""pyxform's opinion of a workbook: what the reference compiler refuses, we do not publish."""

import re
from collections.abc import Mapping
from typing import Any

from pyxform import xls2xform

from kotisatama.forms.xlsform import Problem, Row, Source

_ROW = re.compile(r"\[row : (\d+)\]")


def problems(source: Source) -> list[Problem]:
    """What pyxform says against the form; empty when it can convert it."""
    try:
        xls2xform.convert(sheets(source), form_name="data")
    except Exception as error:  # pyxform raises many kinds; each of them means that it cannot read the form
        return [_problem(str(error) or type(error).__name__, source)]
    return []


def _problem(message: str, source: Source) -> Problem:
    match = _ROW.search(message)
    place = int(match[1]) - 2 if match else -1  # pyxform counts the headings as row 1 and sees no empty rows
    row = source.survey[place].number if 0 <= place < len(source.survey) else 0
    first = message.strip().splitlines()[0] if message.strip() else ""
    return Problem("survey", row, "", f"pyxform: {first[:500]}")


def sheets(source: Source) -> dict[str, Any]:
    """The rows as pyxform reads them."""
    found: dict[str, Any] = {sheet: _rows(source.rows(sheet)) for sheet in ("survey", "choices", "settings")}
    for sheet in ("survey", "choices", "settings"):
        found[f"{sheet}_header"] = [dict.fromkeys(source.columns.get(sheet, ()))]
    return {"fallback_form_name": "data", **found}


def _rows(rows: tuple[Row, ...]) -> list[Mapping[str, str]]:
    return [dict(row.cells) for row in rows]
