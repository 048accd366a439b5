"""A list of choices as somebody's page showed it, beside the list as it is now."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kotisatama.forms.building.book import Line

NEW = -1  # the place of a choice that does not stand in the list


class Entry(NamedTuple):
    """One choice of the list that is wished: `at` on the page (None: not shown there), `place` in the list now."""

    at: int | None
    place: int


def written(lines: Iterable[Line]) -> str:
    """The lines as a page carries them."""
    return json.dumps([line.cells for line in lines], sort_keys=True)


def carried(text: str) -> list[Line]:
    """The lines that `written` wrote; what a browser made up counts as none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    rows = found if isinstance(found, list) else []
    return [Line({_text(key): _text(cell) for key, cell in row.items()}) for row in rows if isinstance(row, dict)]


def _text(value: object) -> str:
    """As text that a page can show: half a surrogate pair cannot be written."""
    return str(value).encode(errors="replace").decode()


def keys(names: Iterable[str]) -> list[tuple[str, int]]:
    """The names told apart: one that stands twice has its count behind it."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append((name, seen[name]))
    return found


def places(shown: Iterable[str], now: Iterable[str]) -> list[int]:
    """Where each choice that was shown stands now, by its name."""
    there = {key: place for place, key in enumerate(keys(now))}
    return [there.get(key, NEW) for key in keys(shown)]


def with_others(wished: Sequence[Entry], shown: Iterable[int], length: int) -> list[Entry]:
    """The wished choices, and each that was never shown right after the one behind which it stands now."""
    found, known = list(wished), set(shown)
    for place in range(length):
        if place not in known:
            before = [index for index, entry in enumerate(found) if NEW < entry.place < place]
            at = max(before, key=lambda index: found[index].place) + 1 if before else 0
            found.insert(at, Entry(None, place))
    return found
