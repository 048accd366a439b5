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


def protect_choices(counts: Mapping[str, int], *, answered: int, least: int) -> Marks | None:
    """Marks of the choices to hide when a person may choose several; the number of persons is published.

    Hidden is a choice of few, and one that few left out. Everybody chose something, so that all counts together are
    no fewer than the persons: a choice more is hidden while that gives a number away. None: nothing may be shown.
    """
    if 0 < answered < least:
        return None
    marks = {
        name: Mark.SMALL if count < least else Mark.LINKED
        for name, count in counts.items()
        if 0 < count < least or 0 < answered - count < least
    }
    while marks and not _choices_are_safe(counts, marks, answered, least):
        shown = [name for name, count in counts.items() if count and name not in marks]
        if not shown:
            return None
        marks[min(shown, key=lambda name: (counts[name], name))] = Mark.LINKED
    return marks


def _choices_are_safe(counts: Mapping[str, int], marks: Marks, answered: int, least: int) -> bool:
    """Whether each hidden count could be another number, the others being as large as their marks allow."""
    lowest = {name: 1 if mark is Mark.SMALL else least for name, mark in marks.items()}
    highest = {name: least - 1 if mark is Mark.SMALL else answered for name, mark in marks.items()}
    missing = answered - sum(count for name, count in counts.items() if name not in marks)
    for name in marks:
        others = sum(highest.values()) - highest[name]
        low = max(lowest[name], missing - others)
        if min(highest[name], answered) - low < 1:
            return False
    return True
