"""The questions of a page where they stand, one for each row of a repeat."""

from collections.abc import Iterator
from typing import NamedTuple

from kotisatama.forms.instance import Answers, rows_of
from kotisatama.forms.structure import Question, Section


class Field(NamedTuple):
    """A question where it stands: `name` as posted, `place` its row in the repeat, counted from 0 (-1 outside)."""

    name: str
    question: Question
    place: int


def fields_on(section: Section, answers: Answers) -> Iterator[Field]:
    """The questions that a person answers in the section, one for each row of a repeat, which has at least one."""
    for question in section.questions():
        if not question.is_asked:
            continue
        if not question.repeat:
            yield Field(question.name, question, -1)
        for place in range(max(1, len(rows_of(answers, question.repeat)))) if question.repeat else ():
            yield Field(f"{question.repeat}-{place}-{question.name}", question, place)
