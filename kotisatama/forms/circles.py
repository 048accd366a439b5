"""The order of calculation: everything after what it depends on; and what goes round in a circle."""

import itertools
from collections.abc import Callable, Iterable

from kotisatama.forms.expressions import dependencies
from kotisatama.forms.structure import Item, Question, Section

Report = Callable[[str, str, list[str]], None]


def ordered(pages: Iterable[Section], background: Iterable[Question], report: Report) -> tuple[str, ...]:
    """Names of all sections and questions, each after what its relevance and calculation read.

    `report(name, column, circle)` is called once for each circle, with the names along it.
    """
    needs: dict[str, dict[str, str]] = {}
    for question in background:
        _note(question, "", needs)
    for page in pages:
        _note(page, "", needs)
    return _Walk(needs, report).order()


def _note(item: Item, parent: str, needs: dict[str, dict[str, str]]) -> None:
    """Which names the item reads, each with the column that says so ("" where it follows from the tree)."""
    if isinstance(item, Section) and item.loose:
        for inside in item.items:
            _note(inside, "", needs)
        return
    found: dict[str, str] = {parent: ""} if parent else {}
    own = ("repeat_count", item.count) if isinstance(item, Section) else ("calculation", item.calculation)
    for column, tree in (("relevant", item.relevant), own):
        found |= dict.fromkeys(sorted(dependencies(tree)), column) if tree else {}
    needs.setdefault(item.name, found)
    if isinstance(item, Section):
        for inside in item.items:
            _note(inside, item.name, needs)


class _Walk:
    """Depth first without recursion: a form may be a chain of two thousand calculations."""

    def __init__(self, needs: dict[str, dict[str, str]], report: Report) -> None:
        self.needs = needs
        self.report = report
        self.done: dict[str, None] = {}
        self.trail: list[str] = []
        self.on_trail: set[str] = set()

    def order(self) -> tuple[str, ...]:
        for name in self.needs:
            self.visit(name)
        return tuple(self.done)

    def visit(self, start: str) -> None:
        if start in self.done:
            return
        waiting = [(start, iter(self.needs[start]))]
        self.enter(start)
        while waiting:
            name, rest = waiting[-1]
            following = next(rest, None)
            if following is None:
                waiting.pop()
                self.leave(name)
            elif following in self.on_trail:
                self.found_circle(following)
            elif following in self.needs and following not in self.done:
                waiting.append((following, iter(self.needs[following])))
                self.enter(following)

    def enter(self, name: str) -> None:
        self.trail.append(name)
        self.on_trail.add(name)

    def leave(self, name: str) -> None:
        self.trail.pop()
        self.on_trail.discard(name)
        self.done[name] = None

    def found_circle(self, name: str) -> None:
        circle = [*self.trail[self.trail.index(name) :], name]
        for one, other in itertools.pairwise(circle):
            column = self.needs[one][other]
            if column:
                self.report(one, column, circle)
                return
