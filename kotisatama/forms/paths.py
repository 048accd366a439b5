"""Where an answer stands: the names of fields, and the rows of repeats inside repeats.

A field outside repeats has its question's name; inside it has the rows before it: `member-0-child-1-child_name`. A name
holds no hyphen, so a field's name has an odd number of parts, and a button's (`member-0-child-add`) an even one.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

Answers = Mapping[str, Any]
Path = tuple[tuple[str, int], ...]  # (repeat, row counted from 0), outermost first

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,8})\Z")
_MOST_PARTS = 12
_LONGEST = 500


class Place(NamedTuple):
    """A field's name taken apart. `command` is add or remove for a button of a repeat, else empty."""

    path: Path
    name: str
    command: str = ""


def joined(path: Path, name: str) -> str:
    """The field's name."""
    return "-".join([*(f"{repeat}-{row}" for repeat, row in path), name])


def parse(field: str) -> Place | None:
    """The place of a field or button; None for what is none. Rows are written in one way only, without zeros ahead."""
    parts = field[:_LONGEST].split("-", _MOST_PARTS)
    command = parts.pop() if len(parts) % 2 == 0 else ""
    names, numbers = parts[::2], parts[1::2]
    if not (all(map(_NAME.match, names)) and all(map(_NUMBER.match, numbers))) or len(field) > _LONGEST:
        return None
    rows = zip(names, numbers, strict=False)
    return Place(tuple((repeat, int(row)) for repeat, row in rows), names[-1], command)


def question_name(field: str) -> str:
    """The question that a field belongs to."""
    return field.rpartition("-")[2]


def rows_of(answers: Answers, repeat: str) -> list[dict[str, Any]]:
    """The rows of a repeat; what is not a row is left out."""
    rows = answers.get(repeat)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def holder(answers: Answers, path: Path) -> dict[str, Any] | None:
    """Where the answers of this row lie: the answers themselves or a row of them; None when there is no such row."""
    found = cast(dict[str, Any], answers)
    for repeat, row in path:
        rows = rows_of(found, repeat)
        if row >= len(rows):
            return None
        found = rows[row]
    return found
