"""A submission without whoever sent it: for an expert, who is asked about the matter and not about the person.

What is not known to be harmless is hidden: whatever was not chosen from a list is read as a text that may tell who
somebody is, dates and numbers included.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kotisatama.forms import queries as forms
from kotisatama.forms.structure import FILES, Question
from kotisatama.intake import mapping, telling
from kotisatama.intake.blotting import without_identity
from kotisatama.intake.models import Item
from kotisatama.people.models import Person
from kotisatama.translation.queries import Localized


@dataclass(frozen=True)
class Shown:
    """One answer as the expert reads it; `is_masked` when something of it was taken away."""

    label: Localized
    text: str
    language: str
    is_masked: bool


@dataclass(frozen=True)
class Page:
    """The answers of one page of the form."""

    title: Localized
    answers: list[Shown]


def names(item: Item, person: Person | None) -> list[str]:
    """Every name in the form, in what was corrected or written first, and in the register."""
    form = telling.form(item)
    asked = {each.name for each in form.questions.values() if mapping.is_a_name(form, each)}
    given = [item.submission.answers, *(each.answers for each in telling.corrections(item))]
    texts = [text for answers in given for text in _texts(answers, asked)]
    return texts + ([person.name, *(name.text for name in person.names.all())] if person else [])


def _texts(value: Any, asked: set[str]) -> Iterator[str]:
    """Answers to the questions asked, rows of repeats and typed signatures included."""
    for name, inner in value.items():
        written = inner.get("typed") if isinstance(inner, dict) else inner
        if isinstance(written, str) and name in asked:
            yield written
        elif isinstance(inner, list):
            yield from (text for row in inner if isinstance(row, dict) for text in _texts(row, asked))


def pages(item: Item, person: Person | None, reader: str) -> list[Page]:
    """The answers without identity, in the reader's language where they were chosen from a list.

    Nothing of the questions that tell who somebody is, no file, and all else without names, numbers and addresses.
    """
    form, hidden = telling.form(item), names(item, person)
    found = []
    for page in forms.readable(form, telling.answers(item), reader=reader, original=item.submission.language):
        rows = [(row, form.questions[_question(row.name)]) for row in page.rows]
        kept = [each for each in rows if each[1].type not in FILES and not mapping.tells_who(form, each[1])]
        if kept:
            found.append(Page(page.title, [_shown(row, question, hidden) for row, question in kept]))
    return found


def _question(name: str) -> str:
    """The question of a row; rows of a repeat have their number behind a hyphen."""
    return name.partition("-")[0]


def _shown(row: forms.AnswerRow, question: Question, hidden: Iterable[str]) -> Shown:
    text = row.reader.text if question.choices else without_identity(row.reader.text, hidden)
    return Shown(row.label, text, row.reader.language, text != row.reader.text)
