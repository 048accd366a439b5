"""What a reader can compute from the figures of one question, tried out in every possible world."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from kotisatama.reports.line_suppression import NONE, Marks, protect_choices, protect_parts
from kotisatama.reports.suppression import Mark

LEAST = 3  # as 5, in a world that can be walked through


def worlds(counts: Mapping[str, int], marks: Marks, top: int) -> Iterator[dict[str, int]]:
    """Every assignment of the hidden counts that fits their marks."""
    ranges = [range(1, LEAST) if mark is Mark.SMALL else range(LEAST, top + 1) for mark in marks.values()]
    for found in product(*ranges):
        yield {**counts, **dict(zip(marks, found, strict=True))}


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_no_hidden_part_can_be_computed(size: int) -> None:
    for values in product(range(7), repeat=size):
        counts = {f"c{place}": value for place, value in enumerate(values)}
        marks = protect_parts(counts, least=LEAST)
        if marks is None:
            continue
        assert all(name in marks for name, value in counts.items() if 0 < value < LEAST)
        fitting = [each for each in worlds(counts, marks, sum(values)) if sum(each.values()) == sum(values)]
        for name in marks:
            assert len({world[name] for world in fitting}) > 1, (counts, marks)


def is_possible(counts: Mapping[str, int], persons: int) -> bool:
    """Whether so many persons can have chosen so."""
    chose, chosen = persons - counts[NONE], [count for name, count in counts.items() if name != NONE]
    return max(chosen, default=0) <= chose <= sum(chosen) and chose >= 0


@pytest.mark.parametrize(("size", "most"), [(1, 8), (2, 7), (3, 5)])
def test_no_hidden_choice_can_be_computed(size: int, most: int) -> None:
    for persons in range(most + 1):
        for nobody, *values in product(range(persons + 1), repeat=size + 1):
            counts = {NONE: nobody, **{f"c{place}": value for place, value in enumerate(values)}}
            marks = protect_choices(counts, persons=persons, least=LEAST) if is_possible(counts, persons) else None
            if marks is None:
                continue
            fitting = [each for each in worlds(counts, marks, persons) if is_possible(each, persons)]
            assert all(len({world[name] for world in fitting}) > 1 for name in marks), (persons, counts, marks)


def test_a_single_small_count_takes_the_next_one_along() -> None:
    assert protect_parts({"a": 2, "b": 9, "c": 30}, least=5) == {"a": Mark.SMALL, "b": Mark.LINKED}


def test_small_counts_at_their_edge_take_a_larger_one_along() -> None:
    assert protect_parts({"a": 4, "b": 4, "c": 4, "d": 5}, least=5) == {
        **dict.fromkeys("abc", Mark.SMALL),
        "d": Mark.LINKED,
    }


def test_noughts_stay_and_large_counts_too() -> None:
    assert protect_parts({"a": 0, "b": 9, "c": 30}, least=5) == {}
    assert protect_parts({"a": 0, "b": 0}, least=5) == {}


def test_a_choice_that_few_left_out_is_hidden() -> None:
    assert protect_choices({NONE: 0, "a": 18, "b": 10}, persons=20, least=5) == {"a": Mark.LINKED}
