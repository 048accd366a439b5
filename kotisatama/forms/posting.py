"""One posted page of a form: merged into the answers, field by field."""

import copy
import datetime
from collections.abc import Mapping
from typing import Any

from kotisatama.forms import answers as values
from kotisatama.forms import paths
from kotisatama.forms.answers import FieldError
from kotisatama.forms.fields import Field, fields_on
from kotisatama.forms.instance import Evaluation
from kotisatama.forms.paths import Answers, Place, rows_of
from kotisatama.forms.rows import instances, repeats_in
from kotisatama.forms.structure import FILES, Definition, Section

_TICKED = frozenset({"select_multiple", "acknowledge"})  # a browser posts nothing when nothing is ticked
_LONGEST_NAME = 100  # of a field that does not exist, in its error


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
        self.repeats = {repeat.name: (around, repeat) for around, repeat in repeats_in(page)}
        self.questions = {question.name: question for question in page.questions()}
        self.posted: dict[str, int] = {}

    def merge(self, answers: Answers) -> None:
        self.answers = copy.deepcopy(dict(answers))
        self.refuse_unknown()
        for around, repeat in self.repeats.values():
            for path, holder in instances(self.answers, around):
                self.prepare_rows(repeat, path, holder)
        for field in list(fields_on(self.page, self.answers)):
            self.keep(field)
        for around, repeat in self.repeats.values():
            for path, holder in list(instances(self.answers, around)):
                self.press_buttons(repeat, path, holder)

    def refuse_unknown(self) -> None:
        for name in [*self.data, *self.files]:
            place = paths.parse(name)
            removal = paths.parse(name.removesuffix("-remove")) if name.endswith("-remove") else None
            if place and not place.command and self.is_of_page(place):
                self.note(name, place)
            elif not ((removal and self.is_file(removal)) or (place and self.is_button(place))):
                self.errors[name[:_LONGEST_NAME]] = values.error("unknown")

    def note(self, name: str, place: Place) -> None:
        """Remember how many rows a field of the page speaks of, and refuse rows beyond the most."""
        if not self.questions[place.name].is_asked:
            self.errors[name] = values.error("not_asked")
            return
        for depth, (repeat, row) in enumerate(place.path):
            key, most = paths.joined(place.path[:depth], repeat), self.repeats[repeat][1].most_rows
            if row >= most:
                self.errors[key] = values.too_many(most)
                return
            self.posted[key] = max(self.posted.get(key, 0), row + 1)

    def is_of_page(self, place: Place) -> bool:
        question = self.questions.get(place.name)
        around = tuple(repeat for repeat, _row in place.path)
        return question is not None and self.definition.repeats_around.get(question.name, ()) == around

    def is_file(self, place: Place) -> bool:
        return not place.command and self.is_of_page(place) and self.questions[place.name].type in FILES

    def is_button(self, place: Place) -> bool:
        around, repeat = self.repeats.get(place.name, ((), None))
        known = repeat is not None and repeat.count is None and around == tuple(name for name, _row in place.path)
        return known and place.command in ("add", "remove")

    def prepare_rows(self, repeat: Section, path: paths.Path, holder: dict[str, Any]) -> None:
        """As many rows as were posted; none posted (the repeat was not shown) leaves them as they are."""
        posted = self.posted.get(paths.joined(path, repeat.name))
        if posted:
            rows = rows_of(holder, repeat.name)
            kept = rows if repeat.count is not None else rows[:posted]
            holder[repeat.name] = kept + [{} for _ in range(posted - len(kept))]

    def keep(self, field: Field) -> None:
        holder = paths.holder(self.answers, field.path)
        if holder is None:
            return
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
        elif error is None and (question.type not in FILES or values.is_typed(holder.get(question.name))):
            holder.pop(question.name, None)

    def press_buttons(self, repeat: Section, path: paths.Path, holder: dict[str, Any]) -> None:
        key, rows = paths.joined(path, repeat.name), rows_of(holder, repeat.name)
        if repeat.count is not None:
            return
        if f"{key}-add" in self.data and len(rows) >= repeat.most_rows:
            self.errors[key] = values.too_many(repeat.most_rows)
        elif f"{key}-add" in self.data:
            self.rows_changed = True
            holder[repeat.name] = [*(rows or [{}]), {}]
        elif f"{key}-remove" in self.data:
            self.rows_changed = True
            gone = self.data[f"{key}-remove"][:1]
            holder[repeat.name] = [row for place, row in enumerate(rows) if [str(place)] != gone]
