"""Texts that a spreadsheet would calculate: in CSV nothing else tells a text from a formula."""

from typing import TypeVar

# The last four are the wide forms of East Asian keyboards, which some spreadsheets read as the narrow ones.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = TypeVar("Cell")


def harmless(cell: Cell) -> Cell | str:
    """The cell so that no spreadsheet calculates it: such a text gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
