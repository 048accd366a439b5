"""Hiding small counts of one question: a line of counts with a known sum, or choices of which several fit. Pure.

A reader knows the sum, the counts that are shown, and what the marks mean: SMALL is 1 to `least` - 1, LINKED is `least`
or more. A hidden count is safe when another number fits all that; what is hidden together is never small either.
"""

from collections.abc import Mapping

from kotisatama.reports.suppression import Mark

Marks = dict[str, Mark]


def protect_parts(counts: Mapping[str, int], *, least: int) -> Marks | None:
    """Marks of the counts to hide in a line whose sum is published; None when nothing of the line may be shown."""
    if 0 < sum(counts.values()) < least:
        return None
    marks = {name: Mark.SMALL for name, count in counts.items() if 0 < count < least}
    while marks and not _parts_are_safe(counts, marks, least):
        shown = [name for name, count in counts.items() if count and name not in marks]
        if not shown:
            return None
        marks[min(shown, key=lambda name: (counts[name], name))] = Mark.LINKED
    return marks


def _parts_are_safe(counts: Mapping[str, int], marks: Marks, least: int) -> bool:
    """Whether each hidden count could be one more or less, with another hidden one less or more."""
    if sum(counts[name] for name in marks) < least:
        return False
    more = {name for name, mark in marks.items() if mark is Mark.LINKED or counts[name] < least - 1}
    fewer = {name for name, mark in marks.items() if counts[name] > (1 if mark is Mark.SMALL else least)}
    return all((name in more and fewer - {name}) or (name in fewer and more - {name}) for name in marks)


NONE = ""  # the count of those who chose nothing


def protect_choices(counts: Mapping[str, int], *, persons: int, least: int) -> Marks | None:
    """Marks of the choices to hide when a person may choose several; the number of persons is published.

    `counts` has NONE for those who chose nothing: all others chose something. Hidden is what few chose and what few
    left out; a choice more is hidden while that gives a number away. None: nothing may be shown.
    """
    if 0 < persons < least:
        return None
    marks = {
        name: Mark.SMALL if count < least else Mark.LINKED
        for name, count in counts.items()
        if 0 < count < least or (count and 0 < persons - count < least)
    }
    while marks and not _choices_are_safe(counts, marks, persons, least):
        shown = [name for name, count in counts.items() if count and name not in marks]
        if not shown:
            return None
        marks[min(shown, key=lambda name: (counts[name], name))] = Mark.LINKED
    return marks


def _choices_are_safe(counts: Mapping[str, int], marks: Marks, persons: int, least: int) -> bool:
    """Whether each hidden count could be one more or one less."""
    known = {name: (count, count) for name, count in counts.items() if name not in marks}
    hidden = {name: (1, least - 1) if mark is Mark.SMALL else (least, persons) for name, mark in marks.items()}
    return all(
        any(
            low <= other <= high and _is_possible(known | hidden | {name: (other, other)}, persons)
            for other in (counts[name] - 1, counts[name] + 1)
        )
        for name, (low, high) in hidden.items()
    )


def _is_possible(ranges: Mapping[str, tuple[int, int]], persons: int) -> bool:
    """Whether so many persons can have chosen so: no choice more often than there are choosers, each at least one."""
    choices = [each for name, each in ranges.items() if name != NONE]
    nobody_low, nobody_high = ranges.get(NONE, (0, 0))
    nobody = min(nobody_high, persons - max((low for low, _high in choices), default=0))
    choosers = persons - nobody
    return nobody >= nobody_low and choosers <= sum(min(high, choosers) for _low, high in choices)
