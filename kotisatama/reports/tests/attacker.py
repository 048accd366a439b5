"""A reader who wants to know what is hidden: takes the published cells and the meaning of the marks, and narrows the
bounds of every cell by every relation until nothing changes.

Written apart from the suppression, from what is on the page only, so that a fault there is not repeated here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kotisatama.reports.suppression import TOTAL, Cell, Mark, Measure

UNBOUNDED = 10**9
Bounds = tuple[int, int]
KNOWN = "known"  # contacts with known persons: nowhere printed, but the difference of two columns


@dataclass
class Attacker:
    """`published` holds a number for each open cell, `marks` the sign of each hidden one."""

    published: Mapping[Cell, int]
    marks: Mapping[Cell, Mark]
    rows: list[str]
    quarters: list[str]
    channels: list[str]
    least: int

    def bounds(self) -> dict[tuple[str, str, str], Bounds]:
        """What the reader ends up knowing of each cell: the least and the greatest number that it can be."""
        known: dict[tuple[str, str, str], Bounds] = {
            (str(cell[0]), cell[1], cell[2]): (value, value) for cell, value in self.published.items()
        }
        for cell, mark in self.marks.items():
            small = mark is Mark.SMALL
            known[str(cell[0]), cell[1], cell[2]] = (1, self.least - 1) if small else (self.least, UNBOUNDED)
        for row in (*self.rows, TOTAL):
            for column in (*self.quarters, TOTAL):
                known[KNOWN, row, column] = (0, UNBOUNDED)
        while self._narrow(known):
            pass
        return known

    def _narrow(self, known: dict[tuple[str, str, str], Bounds]) -> bool:
        before = dict(known)
        for total, parts in self._sums():
            add_up(known, total, parts)
        for row in (*self.rows, TOTAL):
            for column in (*self.quarters, TOTAL):
                self._people(known, row, column)
        for total, parts in self._overlaps():
            overlap(known, total, parts)
        assert all(low <= high for low, high in known.values()), "the published table contradicts itself"
        return before != known

    def _sums(self) -> Iterable[tuple[tuple[str, str, str], list[tuple[str, str, str]]]]:
        columns, rows = (*self.quarters, TOTAL), (*self.rows, TOTAL)
        for measure in (str(Measure.CONTACTS), str(Measure.ANONYMOUS), KNOWN):
            yield from (((measure, row, TOTAL), [(measure, row, each) for each in self.quarters]) for row in rows)
            yield from (
                ((measure, TOTAL, column), [(measure, each, column) for each in self.rows]) for column in columns
            )
        for row in rows:
            for column in columns:
                parts = [(str(Measure.ANONYMOUS), row, column), (KNOWN, row, column)]
                yield (str(Measure.CONTACTS), row, column), parts
        by_channel = str(Measure.CHANNEL)
        for row in rows:
            yield (str(Measure.CONTACTS), row, TOTAL), [(by_channel, row, each) for each in self.channels]
        for channel in self.channels:
            yield (by_channel, TOTAL, channel), [(by_channel, each, channel) for each in self.rows]

    def _overlaps(self) -> Iterable[tuple[tuple[str, str, str], list[tuple[str, str, str]]]]:
        persons = str(Measure.PERSONS)
        for row in (*self.rows, TOTAL):
            yield (persons, row, TOTAL), [(persons, row, each) for each in self.quarters]
        for column in (*self.quarters, TOTAL):
            yield (persons, TOTAL, column), [(persons, each, column) for each in self.rows]

    def _people(self, known: dict[tuple[str, str, str], Bounds], row: str, column: str) -> None:
        people, contacts = (str(Measure.PERSONS), row, column), (KNOWN, row, column)
        people_least, people_most = known[people]
        contacts_least, contacts_most = known[contacts]
        somebody = people_least > 0 or contacts_least > 0
        nobody = people_most == 0 or contacts_most == 0
        known[people] = (max(people_least, 1 if somebody else 0), 0 if nobody else min(people_most, contacts_most))
        known[contacts] = (max(contacts_least, people_least, 1 if somebody else 0), 0 if nobody else contacts_most)


def add_up(
    known: dict[tuple[str, str, str], Bounds], total: tuple[str, str, str], parts: list[tuple[str, str, str]]
) -> None:
    """Narrow a total by its parts and each part by the total and the other parts."""
    lows, highs = [known[part][0] for part in parts], [known[part][1] for part in parts]
    low, high = known[total]
    known[total] = (max(low, sum(lows)), min(high, sum(highs)))
    low, high = known[total]
    for number, part in enumerate(parts):
        part_low, part_high = known[part]
        others_low, others_high = sum(lows) - lows[number], sum(highs) - highs[number]
        known[part] = (max(part_low, low - others_high), min(part_high, high - others_low))


def overlap(
    known: dict[tuple[str, str, str], Bounds], total: tuple[str, str, str], parts: list[tuple[str, str, str]]
) -> None:
    """Narrow where parts may share persons: the largest part <= total <= the sum."""
    low, high = known[total]
    highs = [known[part][1] for part in parts]
    known[total] = (max([low, *(known[part][0] for part in parts)]), min(high, sum(highs)))
    low, high = known[total]
    for number, part in enumerate(parts):
        part_low, part_high = known[part]
        known[part] = (max(part_low, low - (sum(highs) - highs[number])), min(part_high, high))
