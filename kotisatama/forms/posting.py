"""One posted page of a form: merged into the answers, field by field."""

import copy
import datetime
import re
from collections.abc import Mapping
from typing import Any

from kotisatama.forms import answers as values
from kotisatama.forms.answers import FieldError
from kotisatama.forms.fields import Field, fields_on
from kotisatama.forms.instance import Answers, Evaluation, rows_of
from kotisatama.forms.structure import FILES, MOST_ROWS_IN_REPEAT, Definition, Section

_ROW_FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)-([0-9]{1,3})-([A-Za-z_][A-Za-z0-9_]*)\Z")
_TICKED = frozenset({"select_multiple", "acknowledge"})  # a browser posts nothing when nothing is ticked


class Posting:
    """One posted page: what of it is kept, and what is refused."""

    def __init__(
        self, definition: Definition, page: Section, data: dict[str, list[str]], files: dict[str, Mapping[str, Any]],
        before: Evaluation, timezone: datetime.tzinfo,
    ) -> None:  # fmt: skip
        self.definition = definition
        self.data = data
        self.files = files
        self.before = before
        self.timezone = timezone
        self.answers: dict[str, Any] = {}
        self.errors: dict[str, FieldError] = {}
        self.rows_changed = False
        self.page = page
        self.repeats = [section.name for section in page.sections() if section.kind == "repeat"]
        self.questions = {question.name: question for question in page.questions()}

    def merge(self, answers: Answers) -> None:
        self.answers = copy.deepcopy(dict(answers))
        self.refuse_unknown()
        for repeat in self.repeats:
            self.prepare_rows(repeat)
        for field in list(fields_on(self.page, self.answers)):
            self.keep(field)
        for repeat in self.repeats:
            self.finish_rows(repeat)

    def refuse_unknown(self) -> None:
        for name in [*self.data, *self.files]:
            match = _ROW_FIELD.match(name)
            base, _, command = name.partition("-")
            question = self.questions.get(match[3] if match else name)
            if question and question.repeat == (match[1] if match else ""):
                if not question.is_asked:
                    self.errors[name] = values.error("not_asked")
                elif match and int(match[2]) >= MOST_ROWS_IN_REPEAT:
                    self.errors[question.repeat] = values.error("too_many")
            elif not (self.is_removal(name) or (base in self.repeats and command in ("add", "remove"))):
                self.errors[name[:100]] = values.error("unknown")

    def is_removal(self, name: str) -> bool:
        match = _ROW_FIELD.match(name.removesuffix("-remove"))
        question = self.questions.get(match[3] if match else name.removesuffix("-remove"))
        return name.endswith("-remove") and question is not None and question.type in FILES

    def prepare_rows(self, repeat: str) -> None:
        """As many rows as were posted; none posted (the repeat was not shown) leaves them as they are."""
        matches = [match for match in map(_ROW_FIELD.match, [*self.data, *self.files]) if match and match[1] == repeat]
        posted = [int(match[2]) + 1 for match in matches if int(match[2]) < MOST_ROWS_IN_REPEAT]
        if posted:
            rows = rows_of(self.answers, repeat)[: max(posted)]
            self.answers[repeat] = rows + [{} for _ in range(max(posted) - len(rows))]

    def keep(self, field: Field) -> None:
        holder = self.answers
        if field.place >= 0:
            rows = rows_of(self.answers, field.question.repeat)
            if not rows:
                return
            holder = rows[field.place]
        if field.question.type in FILES and f"{field.name}-remove" in self.data:
            holder.pop(field.question.name, None)
        if field.name in self.files:
            holder[field.question.name] = dict(self.files[field.name])
        elif field.name in self.data:
            self.read(field, holder)
        elif field.question.type in _TICKED and self.before.is_relevant(field.name):
            holder.pop(field.question.name, None)

    def read(self, field: Field, holder: dict[str, Any]) -> None:
        question = field.question
        allowed = [choice.name for choice in self.definition.choices.get(question.choices, ())]
        value, error = values.read(question, self.data[field.name], allowed, self.timezone)
        if error:
            self.errors[field.name] = error
        if value is not None:
            holder[question.name] = value
        elif question.type not in FILES and error is None:
            holder.pop(question.name, None)

    def finish_rows(self, repeat: str) -> None:
        """Buttons of the repeat; without one, empty rows go, but the first row stays."""
        rows = rows_of(self.answers, repeat)
        if f"{repeat}-add" in self.data:
            self.rows_changed = True
            if len(rows) >= MOST_ROWS_IN_REPEAT:
                self.errors[repeat] = values.error("too_many")
            else:
                self.answers[repeat] = [*(rows or [{}]), {}]
        elif f"{repeat}-remove" in self.data:
            self.rows_changed = True
            gone = self.data[f"{repeat}-remove"][:1]
            self.answers[repeat] = [row for place, row in enumerate(rows) if [str(place)] != gone]
        elif rows and not any(name.startswith(f"{repeat}-") for name in self.errors):
            self.answers[repeat] = [row for row in rows if row] or [{}]
