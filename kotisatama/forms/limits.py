"""How large a form may become, and what a default may be."""

import datetime
from collections.abc import Collection
from typing import Any

from kotisatama.forms import answers as values
from kotisatama.forms.structure import FILES, Question, Section

MOST_FIELDS = 20_000  # with every repeat full


def fields_when_full(section: Section) -> int:
    """How many questions the section has with every repeat full."""
    inside = sum(1 if isinstance(item, Question) else fields_when_full(item) for item in section.items)
    return inside * (section.most_rows if section.kind == "repeat" else 1)


def full_rows(section: Section) -> dict[str, Any]:
    """Answers with every repeat of the section full of empty rows."""
    found: dict[str, Any] = {}
    for item in section.items:
        if isinstance(item, Question):
            continue
        inside = full_rows(item)
        found |= {item.name: [inside] * item.most_rows} if item.kind == "repeat" else inside
    return found


def default_complaint(question: Question, allowed: Collection[str]) -> str:
    """What is wrong with the default of a question that a person answers, as a sentence; empty when nothing is."""
    if question.repeat:
        return "A question inside a repeat cannot have a default yet."
    if question.type in FILES:
        return "A file has no default."
    typed = question.default.split() if question.type == "select_multiple" else [question.default]
    value, error = values.read(question, typed, allowed, datetime.UTC)
    if error or values.problem(question, value, allowed):
        return "The default does not fit the question. It is a plain value, not an expression."
    return ""
