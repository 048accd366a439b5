"""Tables that a form brings along (fruits.csv), and how pulldata() finds a cell in them."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass
class Table:
    """Rows of texts under headings. The first row with the key counts, as in ODK."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    _places: dict[str, dict[str, int]] = dataclasses.field(init=False, default_factory=dict, repr=False)

    def cell(self, column: str, key_column: str, key: str) -> str:
        """The cell in the column, of the first row whose key column holds the key; empty when there is none."""
        if column not in self.columns or key_column not in self.columns:
            return ""
        place = self._by_key(key_column).get(key)
        return "" if place is None else self._at(place, list(self.columns).index(column))

    def _by_key(self, key_column: str) -> dict[str, int]:
        """The rows by their key, looked through once for each column."""
        if key_column not in self._places:
            at, found = list(self.columns).index(key_column), dict[str, int]()
            for place in range(len(self.rows)):
                found.setdefault(self._at(place, at), place)
            self._places[key_column] = found
        return self._places[key_column]

    def _at(self, place: int, column: int) -> str:
        row = self.rows[place]
        return str(row[column]) if column < len(row) else ""


def tables(attachments: Mapping[str, Mapping[str, Any]]) -> dict[str, Table]:
    """Tables by the name of their file without its ending, from `{"fruits.csv": {"columns": […], "rows": […]}}`."""
    return {
        name.removesuffix(".csv"): Table(content["columns"], content["rows"])
        for name, content in attachments.items()
        if name.endswith(".csv")
    }
