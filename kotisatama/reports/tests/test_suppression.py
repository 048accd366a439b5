"""Small counts are hidden, and no arithmetic brings them back."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotisatama.reports.suppression import TOTAL, Cell, Mark, Measure, Table, protect
from kotisatama.reports.tests.attacker import Attacker

QUARTERS = ["1", "2", "3", "4"]
CHANNELS = ["phone", "email", "video"]

# One contact: quarter, channel, person (0 is anonymous). A person may turn up in several places and quarters.
Visit = tuple[str, str, int]


def table(places: Sequence[Sequence[Visit]], *, least: int = 5, quarters: Sequence[str] = QUARTERS) -> Table:
    """The counts of real visits, so that every relation between the cells holds."""
    rows = [f"place{number}" for number in range(len(places))]
    visits = [(row, *visit) for row, found in zip(rows, places, strict=True) for visit in found]
    values: dict[Cell, int] = {}
    for row, column in product([*rows, TOTAL], [*quarters, TOTAL]):
        here = [v for v in visits if row in (TOTAL, v[0]) and column in (TOTAL, v[1])]
        values[Measure.CONTACTS, row, column] = len(here)
        values[Measure.ANONYMOUS, row, column] = sum(not v[3] for v in here)
        values[Measure.PERSONS, row, column] = len({v[3] for v in here if v[3]})
    for row, channel in product([*rows, TOTAL], CHANNELS):
        values[Measure.CHANNEL, row, channel] = sum(row in (TOTAL, v[0]) and channel == v[2] for v in visits)
    return Table(values=values, rows=rows, quarters=list(quarters), channels=CHANNELS, least=least)


def attacker(found: Table) -> Attacker:
    published = {cell: value for cell, value in found.values.items() if cell not in found.hidden}
    return Attacker(published, found.hidden, found.rows, found.quarters, found.channels, found.least)


def found_out(found: Table) -> list[Cell]:
    """Hidden cells that the reader can compute, and small numbers of known contacts that nothing hides."""
    known = attacker(found).bounds()
    cells = [cell for cell in found.hidden if len(set(known[str(cell[0]), cell[1], cell[2]])) == 1]
    for row, column in product([*found.rows, TOTAL], [*found.quarters, TOTAL]):
        low, high = known["known", row, column]
        if low == high and 0 < low < found.least:
            cells.append((Measure.CONTACTS, row, column))
    return cells


def is_withheld(found: Table) -> bool:
    """Nothing at all is shown: then there is nothing to compute from."""
    withheld = Mark.WITHHELD in found.hidden.values()
    assert not withheld or found.hidden == dict.fromkeys(found.values, Mark.WITHHELD)
    return withheld


visits = st.tuples(st.sampled_from(QUARTERS), st.sampled_from(CHANNELS), st.integers(0, 7))
places = st.lists(
    st.one_of(st.lists(visits, max_size=9), st.lists(visits, min_size=20, max_size=60)), min_size=1, max_size=5
)


@settings(max_examples=300, deadline=None)
@given(places)
def test_nobody_can_compute_what_is_hidden(drawn: list[list[Visit]]) -> None:
    found = table(drawn)
    protect(found)
    small = [cell for cell, value in found.values.items() if 0 < value < found.least]
    assert all(found.hidden.get(cell) in (Mark.SMALL, Mark.WITHHELD) for cell in small)
    assert is_withheld(found) or not found_out(found)


@settings(max_examples=100, deadline=None)
@given(places)
def test_marks_tell_the_truth_and_nothing_is_hidden_twice(drawn: list[list[Visit]]) -> None:
    found = table(drawn)
    protect(found)
    if is_withheld(found):
        return
    for cell, mark in found.hidden.items():
        assert (mark is Mark.SMALL) == (0 < found.values[cell] < found.least)
        assert found.values[cell] > 0


def busy(count: int = 40) -> list[Visit]:
    """A place where every count is large."""
    return [(QUARTERS[n % 4], CHANNELS[n // 4 % 3], n % 2 and n) for n in range(count * 4)]


def test_large_counts_stay() -> None:
    found = table([busy(), busy(50), busy(60)])
    assert protect(found) == {}


def test_a_single_small_count_takes_a_second_place_and_a_second_quarter_with_it() -> None:
    quiet = [visit for visit in busy() if visit[0] != "2"] + [("2", "phone", 0)] * 3
    found = table([quiet, busy(), busy(50)])
    protect(found)
    hidden = {cell for cell in found.hidden if cell[0] is Measure.CONTACTS}
    assert (Measure.CONTACTS, "place0", "2") in hidden
    assert len({row for _measure, row, _column in hidden}) == 2
    assert len({column for _measure, _row, column in hidden}) == 2


def test_a_few_known_persons_are_not_left_over_beside_many_anonymous_ones() -> None:
    """Ten contacts less eight anonymous ones would be two: the eight is hidden too."""
    quiet = [visit for visit in busy() if visit[0] != "2"] + [("2", "phone", 0)] * 8 + [("2", "phone", 9)] * 2
    found = table([quiet, busy(), busy(50)])
    protect(found)
    assert found.hidden[Measure.ANONYMOUS, "place0", "2"] is Mark.LINKED


def worlds(found: Table) -> list[dict[tuple[str, str], int]]:
    """Every table of contacts of 2 places in 2 quarters that agrees with what is published: by trying them all."""
    rows, columns = found.rows, found.quarters
    highest = sum(found.values[Measure.CONTACTS, row, column] for row, column in product(rows, columns)) + 2
    agreeing = []
    for inner in product(range(highest), repeat=4):
        world = dict(zip(product(rows, columns), inner, strict=True))
        for row in rows:
            world[row, TOTAL] = sum(world[row, column] for column in columns)
        for column in [*columns, TOTAL]:
            world[TOTAL, column] = sum(world[row, column] for row in rows)
        if all(agrees(found, row, column, value) for (row, column), value in world.items()):
            agreeing.append(world)
    return agreeing


def agrees(found: Table, row: str, column: str, value: int) -> bool:
    mark = found.hidden.get((Measure.CONTACTS, row, column))
    if mark is Mark.WITHHELD:
        return True
    if mark is None:
        return value == found.values[Measure.CONTACTS, row, column]
    return 0 < value < found.least if mark is Mark.SMALL else value >= found.least


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["1", "2"]), st.just("phone"), st.just(0)), max_size=7),
        min_size=2,
        max_size=2,
    )
)
def test_trying_every_possible_table_leaves_each_hidden_count_open(drawn: list[list[Visit]]) -> None:
    """Stronger than bounds: all tables of the world are tried, not only what follows from sums."""
    found = table(drawn, least=3, quarters=["1", "2"])
    protect(found)
    possible = worlds(found)
    assert possible
    for measure, row, column in found.hidden:
        if measure is Measure.CONTACTS:
            assert len({world[row, column] for world in possible}) > 1, (row, column)


@pytest.mark.parametrize("count", [0, 5, 400])
def test_zero_and_the_threshold_itself_are_shown(count: int) -> None:
    found = table([[(quarter, "phone", 0) for quarter in QUARTERS for _n in range(count)]] * 2)
    assert protect(found) == {}
