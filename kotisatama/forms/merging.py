"""One draft changed in two places: different answers are both kept, the same answer is asked about. Pure functions.

A page carries a digest of each answer that it showed. When it comes back, an answer that is still the one it showed may
be replaced; one that was changed elsewhere meanwhile is kept, and where both changed it, both are shown.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kotisatama.forms.structure import Definition, Question, Section

Answers = Mapping[str, Any]
EMPTY = "-"
ASKED_ABOUT = "!"  # before the digest of an answer that the page asked about: only a choice decides it
HERE, ELSEWHERE = "here", "elsewhere"


def units(section: Section) -> list[str]:
    """The names under which the page's answers lie: questions, and outermost repeats as wholes."""
    found: list[str] = []
    for item in section.items:
        if isinstance(item, Section) and item.kind != "repeat":
            found += units(item)
        elif any(each.is_asked for each in ([item] if isinstance(item, Question) else item.questions())):
            found.append(item.name)
    return found


def digest(value: Any) -> str:
    """A short mark of an answer; all empty ones have the same."""
    if isinstance(value, list):
        value = [each for each in value if each not in ({}, None, "")]
    if value in (None, "", [], {}):
        return EMPTY
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def seen(answers: Answers, names: list[str], asked_about: Mapping[str, "Both"]) -> str:
    """What a page puts into its hidden field: `topics=3f…;message=-`."""
    marks = {
        name: (ASKED_ABOUT + digest(asked_about[name].elsewhere)) if name in asked_about else digest(answers.get(name))
        for name in names
    }
    return ";".join(f"{name}={mark}" for name, mark in marks.items())


def read_seen(text: str) -> dict[str, str]:
    """The marks of a hidden field, whatever came in it."""
    parts = (each.partition("=") for each in text[:20_000].split(";"))
    return {name: mark for name, _equals, mark in parts if mark}


@dataclass(frozen=True)
class Both:
    """The same answer, changed here and elsewhere."""

    here: Any
    elsewhere: Any


@dataclass(frozen=True)
class Merged:
    """`answers` to keep; `both` are still to be asked about; of `kept`, what was changed elsewhere stayed."""

    answers: dict[str, Any]
    both: dict[str, Both] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()


def merge(
    current: Answers, posted: Answers, names: list[str], *, marks: Mapping[str, str], chosen: Mapping[str, str]
) -> Merged:
    """Put the page's answers into those that are kept now. `marks` as read_seen; `chosen` HERE or ELSEWHERE by name."""
    answers, both, kept = dict(posted), {}, set()
    for name in names:
        here, elsewhere = posted.get(name), current.get(name)
        if _may_replace(digest(here), digest(elsewhere), marks.get(name, ""), chosen.get(name, "")):
            continue
        kept.add(name)
        answers.pop(name, None)
        if name in current:
            answers[name] = elsewhere
        is_choice = chosen.get(name) == ELSEWHERE
        if not is_choice and digest(here) != marks.get(name):
            both[name] = Both(here, elsewhere)
    return Merged(answers, both, frozenset(kept))


def _may_replace(here: str, elsewhere: str, mark: str, chosen: str) -> bool:
    if here == elsewhere or not mark:
        return True
    if mark.startswith(ASKED_ABOUT):
        return chosen == HERE and mark[1:] == elsewhere
    return mark == elsewhere


def who_wrote(
    definition: Definition, before: Answers, after: Answers, who: Mapping[str, str], by: str
) -> dict[str, str]:
    """Who wrote each answer that there is now, by field name: `by` whatever differs from before, as said the rest."""
    return dict(_who(definition, before, after, who, by, "", ""))


def _who(
    definition: Definition, before: Answers, after: Answers, who: Mapping[str, str], by: str, old: str, new: str
) -> Iterator[tuple[str, str]]:
    for name, value in after.items():
        if _is_rows(value):
            rows = before.get(name) or []
            for place, from_place in enumerate(_origins(rows, value)):
                row = rows[from_place] if from_place >= 0 else {}
                here = f"{new}{name}-{place}-"
                yield from _who(definition, row, value[place], who, by, f"{old}{name}-{from_place}-", here)
        elif name in definition.questions and definition.questions[name].is_asked and digest(value) != EMPTY:
            is_same = digest(before.get(name)) == digest(value)
            yield f"{new}{name}", who.get(f"{old}{name}", by) if is_same else by


def is_kept(name: str, answers: Answers) -> bool:
    """Whether the field of this name (`phone`, `member-0-member_name`) has an answer among these."""
    head, *rest = name.split("-")
    value = answers.get(head)
    if len(rest) < 2 or not isinstance(value, list):
        return digest(value) != EMPTY
    place = int(rest[0])
    row = value[place] if place < len(value) else None
    return isinstance(row, dict) and is_kept("-".join(rest[1:]), row)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value) and bool(value)


def _origins(before: list[Any], after: list[Any]) -> list[int]:
    """For each row its place before: a row that moved up because one above it went is found by what it holds."""
    places = {digest([row]): place for place, row in reversed(list(enumerate(before)))}
    return [
        places.get(digest([row]), place if place < len(before) else -1) if digest([row]) != EMPTY else -1
        for place, row in enumerate(after)
    ]
