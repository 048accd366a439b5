"""Counting the answers of one form in one year: what was chosen, how often, which numbers. Nobody's words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from kotisatama.forms.queries import Told
from kotisatama.forms.structure import Definition, Question, Section

MAIN = ""  # persons; the other groups are rows of repeats


@dataclass
class Tally:
    """True counts: of forms and rows by group, of answers by question.

    `asked` counts a question where the version that was filled in asks it, `within` names the groups where any did.
    """

    groups: Counter[str] = field(default_factory=Counter)
    months: Counter[int] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    within: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    answered: Counter[str] = field(default_factory=Counter)
    chosen: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    numbers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def askable(self, question: str) -> int:
        """How many could have been asked if every version asked it: all forms, or all rows of its repeat."""
        return sum(self.groups[group] for group in self.within[question])


def tally(sent: Iterable[Told], definitions: Mapping[int, Definition], left_out: frozenset[str]) -> Tally:
    """One pass over the submissions; questions that are left out are not looked at."""
    found = Tally()
    for each in sent:
        if each.version not in definitions:
            continue
        found.groups[MAIN] += 1
        found.months[timezone.localtime(each.at).month] += 1
        for page in definitions[each.version].pages:
            _count(page, each.answers, found, left_out)
    return found


def _count(
    section: Section, answers: Mapping[str, Any], found: Tally, left_out: frozenset[str], group: str = MAIN
) -> None:
    for item in section.items:
        if isinstance(item, Question):
            if item.is_asked and item.name not in left_out:
                found.asked[item.name] += 1
                found.within[item.name].add(group)
                _count_answer(item, answers.get(item.name), found)
        elif item.kind != "repeat":
            _count(item, answers, found, left_out, group)
        else:
            rows = answers.get(item.name)
            for row in rows if isinstance(rows, list) else []:
                found.groups[item.name] += 1
                _count(item, row, found, left_out, item.name)


def _count_answer(question: Question, value: Any, found: Tally) -> None:
    if value in (None, "", []):
        return
    found.answered[question.name] += 1
    if question.choices:
        found.chosen[question.name].update([value] if isinstance(value, str) else value)
    elif question.type in ("integer", "decimal") and isinstance(value, (int, float)):
        found.numbers[question.name].append(value)
