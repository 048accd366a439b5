"""The questions of a page where they stand, one for each row of a repeat."""

from collections.abc import Iterator
from typing import NamedTuple

from kotisatama.forms import paths
from kotisatama.forms.instance import Evaluation
from kotisatama.forms.paths import Answers, Path
from kotisatama.forms.structure import Question, Section


class Field(NamedTuple):
    """A question where it stands: `name` as posted, `path` the rows of repeats around it."""

    name: str
    question: Question
    path: Path

    @property
    def place(self) -> int:
        """Its row in the innermost repeat, counted from 0 (-1 outside)."""
        return self.path[-1][1] if self.path else -1

    @property
    def answer_name(self) -> str:
        """What `queries.readable` calls the answer: the question with its rows counted from 1, `child_name-1-2`."""
        return "-".join([self.question.name, *(str(row + 1) for _repeat, row in self.path)])


def fields_on(
    section: Section, answers: Answers, evaluation: Evaluation | None = None, path: Path = ()
) -> Iterator[Field]:
    """The questions that a person answers in the section, row by row; a repeat has at least one row.

    With the evaluation a repeat whose rows are counted by an expression has just those.
    """
    for item in section.items:
        if isinstance(item, Question):
            if item.is_asked:
                yield Field(paths.joined(path, item.name), item, path)
        elif item.kind != "repeat":
            yield from fields_on(item, answers, evaluation, path)
        else:
            for place in range(row_count(item, answers, evaluation, path)):
                yield from fields_on(item, answers, evaluation, (*path, (item.name, place)))


def row_count(repeat: Section, answers: Answers, evaluation: Evaluation | None, path: Path) -> int:
    """How many rows the repeat has where it stands."""
    if repeat.count is not None and evaluation is not None:
        return evaluation.rows.get(paths.joined(path, repeat.name), 0)
    return max(1, len(paths.rows_of(paths.holder(answers, path) or {}, repeat.name)))
