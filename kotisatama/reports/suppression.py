"""Hiding small counts, together with whatever would let a reader compute them (handbook, 4.5). Pure.

The published figures are three tables of places by quarters with both margins and one of places by channels: contacts
(C), anonymous contacts (A), distinct persons (P) and contacts by channel over the year (N). A reader knows that C, A
and N add up along places and quarters, that C - A contacts were with known persons (K), that channels add up to C,
that persons overlap: the largest part <= total <= the sum of the parts, that 1 <= P <= K where K is not nought, and
what the two marks mean: SMALL is 1 to `least` - 1, LINKED is `least` or more.

A hidden cell is safe when there is another world, with another number in that cell, that agrees with all that is
published. For each hidden cell the search below finds such a world: a move of one contact or person between four
corners of a rectangle of cells, all of them hidden. So nothing hidden can be computed exactly, whatever the reader's
method; the price is that now and then a cell more is hidden than an optimal search would hide.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, product

TOTAL = "total"
NEIGHBOURS = 12  # rows tried as the other side of a rectangle, the emptiest first: keeps 300 municipalities quick


class Measure(StrEnum):
    """Which count."""

    CONTACTS = "contacts"
    ANONYMOUS = "anonymous"
    PERSONS = "persons"
    CHANNEL = "channel"


class Mark(StrEnum):
    """Why a cell is hidden: it is small itself, or a small one could be computed with it.

    WITHHELD tells nothing of the count, which may be nought: with so little filled any other mark would betray some.
    """

    SMALL = "small"
    LINKED = "linked"
    WITHHELD = "withheld"


Cell = tuple[Measure, str, str]  # measure, row (place or TOTAL), column (quarter, channel or TOTAL)
Move = dict[Cell, int]
C, A, P, N = Measure.CONTACTS, Measure.ANONYMOUS, Measure.PERSONS, Measure.CHANNEL


@dataclass
class Table:
    """The true counts with their margins, and what is hidden so far.

    `floors` are lower bounds that the reader knows from elsewhere on the page (a quarter's top channels).
    """

    values: Mapping[Cell, int]
    rows: list[str]
    quarters: list[str]
    channels: list[str]
    least: int
    floors: Mapping[Cell, int] = field(default_factory=dict)
    hidden: dict[Cell, Mark] = field(default_factory=dict)

    def value(self, cell: Cell, move: Move) -> int:
        """The count in the world that the move leads to."""
        return self.values[cell] + move.get(cell, 0)

    def mark_for(self, cell: Cell) -> Mark:
        """The mark that the cell gets when it is hidden."""
        return Mark.SMALL if self.is_small(self.values[cell]) else Mark.LINKED

    def is_small(self, value: int) -> bool:
        """Whether a count is to be hidden."""
        return 0 < value < self.least

    def hide(self, cells: Iterable[Cell]) -> None:
        """Hide the cells, each with its mark."""
        for cell in cells:
            self.hidden.setdefault(cell, self.mark_for(cell))

    def withhold(self) -> None:
        """Show nothing at all: too few cells are filled to hide one behind another."""
        self.hidden.update(dict.fromkeys(self.values, Mark.WITHHELD))

    def neighbours(self) -> list[str]:
        """Rows to exchange with: the total, and the emptiest places that have anything."""
        filled = [row for row in self.rows if self.values[C, row, TOTAL]]
        return [*sorted(filled, key=lambda row: self.values[C, row, TOTAL])[:NEIGHBOURS], TOTAL]


def protect(table: Table) -> dict[Cell, Mark]:
    """Return the cells to hide, each with its mark. Zeros stay: that nobody came tells of nobody."""
    for measure, columns in ((C, table.quarters), (N, table.channels), (A, table.quarters), (P, table.quarters)):
        margins = [TOTAL] if measure is not N else []  # the channels' row totals are the year's contacts
        cells = [(measure, row, column) for row in [*table.rows, TOTAL] for column in [*columns, *margins]]
        table.hide(cell for cell in cells if _is_revealing(table, cell))
        _cover(table, measure, cells)
        if Mark.WITHHELD in table.hidden.values():
            break
    return table.hidden


def _is_revealing(table: Table, cell: Cell) -> bool:
    """Whether the cell is small, or leaves a small number of contacts with known persons beside published contacts."""
    measure, row, column = cell
    if measure is A and (C, row, column) not in table.hidden:
        return table.is_small(table.values[cell]) or table.is_small(table.values[C, row, column] - table.values[cell])
    return table.is_small(table.values[cell])


def _cover(table: Table, measure: Measure, cells: list[Cell]) -> None:
    """Hide more until each hidden cell has another possible world."""
    waiting = [cell for cell in cells if cell in table.hidden]
    covered: set[Cell] = set()
    while waiting:
        cell = waiting.pop()
        if cell in covered:
            continue
        move = _cheapest(table, cell)
        if move is None:
            table.withhold()
            return
        before = set(table.hidden)
        table.hide(move)
        covered.update(move)
        waiting.extend(set(table.hidden) - before - covered)


def _cheapest(table: Table, cell: Cell) -> Move | None:
    """The possible move of the cell that hides least; None when there is none."""
    best: tuple[int, Move] | None = None
    for move in _moves(table, cell):
        cost = sum(_cost(table, each) for each in move if each not in table.hidden)
        if (best is None or cost < best[0]) and _is_possible(table, move):
            best = (cost, move)
            if not cost:
                break
    return best[1] if best else None


def _cost(table: Table, cell: Cell) -> int:
    """What is lost by hiding: totals are read most, then large counts."""
    _measure, row, column = cell
    margins = (row == TOTAL) + (column == TOTAL)
    return int(100**margins) * 1000 + min(table.values[cell], 999)


def _moves(table: Table, cell: Cell) -> Iterator[Move]:
    """Moves that change the cell by one up or down."""
    if cell[0] is not P:
        yield from _rectangles(table, cell)
        return
    _measure, row, column = cell
    for persons in _person_moves(table, cell):
        yield persons
        if persons[cell] > 0:  # one person more may need one contact more with a known person
            yield from (persons | move for move in _rectangles(table, (C, row, column)) if move[C, row, column] > 0)
            yield from (persons | move for move in _rectangles(table, (A, row, column)) if move[A, row, column] < 0)


def _rectangles(table: Table, cell: Cell) -> Iterator[Move]:
    """Exchanges over four corners that keep every sum along rows and columns."""
    measure, row, column = cell
    columns = table.channels if measure is N else [*table.quarters, TOTAL]
    for other_row, other_column in product(table.neighbours(), columns):
        if other_row == row or other_column == column:
            continue
        down = 1 if TOTAL in (row, other_row) else -1
        across = 1 if TOTAL in (column, other_column) else -1
        for sign in (1, -1):
            move = {
                cell: sign,
                (measure, other_row, column): sign * down,
                (measure, row, other_column): sign * across,
                (measure, other_row, other_column): sign * down * across,
            }
            yield from _with_channels(table, move)
            if measure in (C, A):  # an anonymous contact more is a contact more; the known ones stay as they are
                both = {(each, place, time): delta for (_m, place, time), delta in move.items() for each in (C, A)}
                yield from _with_channels(table, both)


def _with_channels(table: Table, move: Move) -> Iterator[Move]:
    """A move that changes contacts of a year changes them in some channel, too."""
    years = {(row, delta) for (measure, row, column), delta in move.items() if measure is C and column == TOTAL}
    if not years:
        yield move
    for channel in table.channels if years else []:
        yield move | {(N, row, channel): delta for row, delta in years}


def _person_moves(table: Table, cell: Cell) -> Iterator[Move]:
    """One person more or less in the cell, alone or with totals or parts that the person is counted in, too."""
    _measure, row, column = cell
    other_rows = table.neighbours()[:-1] if row == TOTAL else [TOTAL]
    other_columns = table.quarters if column == TOTAL else [TOTAL]
    for other_row, other_column in product(other_rows, other_columns):
        corners = [(P, other_row, column), (P, row, other_column), (P, other_row, other_column)]
        for size in range(4):
            for chosen in combinations(corners, size):
                yield dict.fromkeys([cell, *chosen], 1)
                yield dict.fromkeys([cell, *chosen], -1)


def _is_possible(table: Table, move: Move) -> bool:
    """Whether a reader must reckon with the world of the move: every relation holds and every mark fits."""
    if not all(_fits_mark(table, cell, table.value(cell, move)) for cell in move):
        return False
    places = {(row, column) for measure, row, column in move if measure is not N}
    return all(_persons_fit(table, row, column, move) for row, column in places)


def _fits_mark(table: Table, cell: Cell, value: int) -> bool:
    mark = table.hidden.get(cell, table.mark_for(cell))
    if mark is Mark.SMALL:
        return table.is_small(value)
    return value >= max(table.least, table.floors.get(cell, 0))


def _persons_fit(table: Table, row: str, column: str, move: Move) -> bool:
    """Persons and known contacts agree in the cell, and persons overlap within the totals that the cell belongs to."""
    persons = table.value((P, row, column), move)
    known = table.value((C, row, column), move) - table.value((A, row, column), move)
    if not (0 <= persons <= known and (persons > 0) == (known > 0)):
        return False
    if not any(measure is P for measure, _row, _column in move):
        return True
    along_row = [table.value((P, row, each), move) for each in table.quarters]
    along_column = [table.value((P, each, column), move) for each in table.rows]
    return _overlap(along_row, table.value((P, row, TOTAL), move)) and _overlap(
        along_column, table.value((P, TOTAL, column), move)
    )


def _overlap(parts: list[int], total: int) -> bool:
    return max(parts, default=0) <= total <= sum(parts)
