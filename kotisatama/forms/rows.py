"""Rows of repeats: how many there are to be, and which are empty."""

from collections.abc import Collection, Iterator
from typing import Any

from kotisatama.forms import paths
from kotisatama.forms.instance import Evaluation
from kotisatama.forms.paths import Path
from kotisatama.forms.structure import Definition, Question, Section


def as_many_rows(definition: Definition, answers: dict[str, Any], evaluation: Evaluation) -> None:
    """Give each counted repeat the rows that it lacks. Rows too many stay: the number may grow again, and until then
    nobody sees or sends them.
    """
    if not definition.has_counts:
        return
    for key, count in evaluation.rows.items():  # outer repeats before the inner ones
        place = paths.parse(key)
        holder = paths.holder(answers, place.path) if place else None
        if place is None or holder is None or definition.sections[place.name].count is None:
            continue
        rows = paths.rows_of(holder, place.name)
        if rows or count:
            holder[place.name] = rows + [{} for _ in range(count - len(rows))]


def without_empty_rows(section: Section, answers: dict[str, Any], keep: Collection[str] = ()) -> None:
    """Take empty rows away, inner ones first; the first row of a repeat stays, and counted rows stay.

    Repeats named in `keep` stay as they are: something in them is told to be wrong by the number of its row.
    """
    for repeat in _repeats(section):
        if repeat.name in keep:
            continue
        rows = paths.rows_of(answers, repeat.name)
        for row in rows:
            without_empty_rows(repeat, row)
        if rows and repeat.count is None:
            answers[repeat.name] = [row for row in rows if not is_empty(repeat, row)] or [rows[0]]


def is_empty(section: Section, row: dict[str, Any]) -> bool:
    """Did nobody answer anything in the row? What is calculated does not count."""
    for item in section.items:
        if isinstance(item, Question):
            if item.is_asked and row.get(item.name) not in (None, "", []):
                return False
        elif item.kind != "repeat":
            if not is_empty(item, row):
                return False
        elif not all(is_empty(item, inner) for inner in paths.rows_of(row, item.name)):
            return False
    return True


def _repeats(section: Section) -> Iterator[Section]:
    """The repeats right in the section, groups walked through."""
    for item in section.items:
        if isinstance(item, Section):
            if item.kind == "repeat":
                yield item
            else:
                yield from _repeats(item)


def repeats_in(section: Section, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Section]]:
    """All repeats in the section with the names of the repeats around them, outer ones first."""
    for repeat in _repeats(section):
        yield path, repeat
        yield from repeats_in(repeat, (*path, repeat.name))


def instances(
    answers: dict[str, Any], around: tuple[str, ...], path: Path = ()
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The rows of the repeats `around` as they lie in the answers, each with its path."""
    if not around:
        yield path, answers
        return
    for place, row in enumerate(paths.rows_of(answers, around[0])):
        yield from instances(row, around[1:], (*path, (around[0], place)))
