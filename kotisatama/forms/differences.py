"""What changed between two states of a form's rows, row by row and cell by cell."""

import bisect
import collections
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from kotisatama.forms.xlsform import SHEETS, Row, Source, source_from_json

Kind = Literal["added", "removed", "changed", "moved"]
Key = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Difference:
    """One row that is not as it was.

    `name` is the row's name, in the choices `list/name`; empty for the headings (row 1). `before` and `after` are its
    numbers in the spreadsheet, None where it does not stand. `cells` are (heading, old text, new text); a moved row
    has those too when it was changed on the way.
    """

    sheet: str
    kind: Kind
    name: str
    before: int | None
    after: int | None
    cells: tuple[tuple[str, str, str], ...] = ()


def differences(before: Source | Mapping[str, Any], after: Source | Mapping[str, Any]) -> list[Difference]:
    """Everything that differs, sheet by sheet in the order of the rows; removed ones where they stood.

    Both are sources, or rows as `Source.to_json` writes them. Rows belong together by their names: a row with another
    name is one removed and one added. Rows that only slid because others came or went have not moved.
    """
    old, new = (side if isinstance(side, Source) else source_from_json(side) for side in (before, after))
    return [found for sheet in SHEETS for found in _in_sheet(sheet, old, new)]


def _in_sheet(sheet: str, old: Source, new: Source) -> Iterator[Difference]:
    yield from _in_headings(sheet, old.columns.get(sheet, ()), new.columns.get(sheet, ()))
    olds, news = _keyed(sheet, old.rows(sheet)), _keyed(sheet, new.rows(sheet))
    stayed = _in_order([key for key in news if key in olds], {key: place for place, key in enumerate(olds)})
    waiting = collections.deque(olds.items())  # old rows that nothing was said about yet
    yield from _until(sheet, waiting, stayed, news)
    for key, row in news.items():
        yield from _in_row(sheet, key, olds.get(key), row, moved=key in olds and key not in stayed)
        if key in stayed:
            waiting.popleft()
            yield from _until(sheet, waiting, stayed, news)


def _until(
    sheet: str, waiting: collections.deque[tuple[Key, Row]], stayed: frozenset[Key], news: Mapping[Key, Row]
) -> Iterator[Difference]:
    """The removed ones of the old rows up to the next one that stayed."""
    while waiting and waiting[0][0] not in stayed:
        key, row = waiting.popleft()
        if key not in news:
            yield _removed(sheet, key, row)


def _in_headings(sheet: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    gone = tuple((heading, heading, "") for heading in old if heading not in new)
    come = tuple((heading, "", heading) for heading in new if heading not in old)
    if gone or come:
        yield Difference(sheet, "changed", "", 1, 1, gone + come)
    elif old != new:
        yield Difference(sheet, "moved", "", 1, 1)


def _in_row(sheet: str, key: Key, old: Row | None, new: Row, *, moved: bool) -> Iterator[Difference]:
    name = _name(key)
    if old is None:
        yield Difference(sheet, "added", name, None, new.number, tuple((h, "", t) for h, t in new.cells.items()))
        return
    headings = dict.fromkeys([*old.cells, *new.cells])
    cells = tuple((h, old.get(h), new.get(h)) for h in headings if old.get(h) != new.get(h))
    if moved or cells:
        yield Difference(sheet, "moved" if moved else "changed", name, old.number, new.number, cells)


def _removed(sheet: str, key: Key, row: Row) -> Difference:
    return Difference(sheet, "removed", _name(key), row.number, None, tuple((h, t, "") for h, t in row.cells.items()))


def _name(key: Key) -> str:
    return "/".join(part for part in key if part)


def _keyed(sheet: str, rows: Iterable[Row]) -> dict[Key, Row]:
    """The rows by what tells them apart, in their order; a name that stands twice has its count behind it."""
    found: dict[Key, Row] = {}
    begun: list[str] = []
    for row in rows:
        key = first = _key(sheet, row, begun)
        count = 1
        while key in found:
            count += 1
            key = (*first, str(count))
        found[key] = row
    return found


def _key(sheet: str, row: Row, begun: list[str]) -> Key:
    """An end of a group is told apart by the group that it ends: it need not say its name."""
    if sheet == "settings":
        return ("settings",)
    name = _cell(row, "name")
    if sheet == "choices":
        return (_cell(row, "list_name") or _cell(row, "list name"), name)
    kind = "_".join(_cell(row, "type").lower().split())
    if kind in ("begin_group", "begin_repeat"):
        begun.append(name)
    if kind in ("end_group", "end_repeat"):
        return (kind, begun.pop() if begun else name)
    return (name or kind,)


def _cell(row: Row, column: str) -> str:
    """The cell by its heading in any case; the headings that make a key have no languages."""
    return row.get(column) or next((text for heading, text in row.cells.items() if heading.lower() == column), "")


def _in_order(keys: list[Key], places: Mapping[Key, int]) -> frozenset[Key]:
    """The most keys that stand in the order of `places` (the longest increasing run): all others were moved."""
    ends: list[int] = []  # the smallest place at which a run of each length ends
    last: list[Key] = []
    before: dict[Key, Key | None] = {}
    for key in keys:
        at = bisect.bisect_left(ends, places[key])
        before[key] = last[at - 1] if at else None
        ends[at : at + 1], last[at : at + 1] = [places[key]], [key]
    run: set[Key] = set()
    step = last[-1] if last else None
    while step is not None:
        run.add(step)
        step = before[step]
    return frozenset(run)
