"""The drop-downs of a condition: read from an expression or from what was posted, written to an expression again."""

import dataclasses
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kotisatama.forms.building import conditions
from kotisatama.forms.building.conditions import OPERATORS, THIS, Condition, Conditions
from kotisatama.kernel.errors import NotAllowed

MOST_LINES = 20
Options = list[tuple[str, str | Promise]]


@dataclasses.dataclass(frozen=True)
class Reading:
    """What conditions may name: types, texts and choices of the questions, by name, and all names there are."""

    kinds: Mapping[str, str]
    labels: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    names: frozenset[str]

    def questions(self, *, about_this: bool, besides: str) -> Options:
        """The questions that a condition can ask about."""
        first: Options = [(THIS, _("this answer"))] if about_this else []
        seen = ((name, self.labels.get(name, name)) for name, kind in self.kinds.items() if _can_be_asked(kind))
        return first + [
            (name, f"{label} ({name})" if label != name else name) for name, label in seen if name != besides
        ]


def _can_be_asked(kind: str) -> bool:
    return not kind.lower().startswith(("begin", "note")) and kind not in ("file", "image")


@dataclasses.dataclass
class Line:
    """One line of drop-downs as its template shows it."""

    place: int
    question: str
    operator: str
    value: str
    operators: Options
    values: Options | None
    error: str = ""


class ConditionFields:
    """One condition of a question: `relevant` or `constraint`, by drop-downs or, when they cannot say it, as text."""

    def __init__(
        self, column: str, written: str, reading: Reading, *, question: str, data: Mapping[str, str] | None = None
    ) -> None:
        self.column = column
        self.reading = reading
        self.question = question
        self.kinds = {**reading.kinds, THIS: reading.kinds.get(question, "")}
        self.choices = {**reading.choices, THIS: reading.choices.get(question, {})}
        self.error = ""
        self.joiner = "and"
        self.text = written
        found = self.readable()
        self.mode = "lines" if found is not None else "text"
        self.lines = [self.line(place, line) for place, line in enumerate(found.lines if found else ())]
        self.joiner = found.joiner if found else "and"
        if data is not None and f"{column}-mode" in data:
            self.take(data)
        if len(self.lines) < MOST_LINES:
            self.lines.append(self.line(len(self.lines), Condition("", "is")))

    @property
    def questions(self) -> Options:
        return self.reading.questions(about_this=self.column == "constraint", besides=self.question)

    @property
    def names(self) -> list[tuple[str, str]]:
        """The names to use in an expression, with the texts of their questions."""
        return [(name, self.reading.labels.get(name, "")) for name in self.reading.kinds]

    @property
    def is_readable(self) -> bool:
        """Whether the text can be shown as drop-downs."""
        return self.readable() is not None

    def readable(self) -> Conditions | None:
        """The drop-downs of the text; None when it has another shape, or more parts than a page has lines."""
        found = conditions.read(self.text, self.kinds)
        return found if found and len(found.lines) <= MOST_LINES else None

    def take(self, data: Mapping[str, str]) -> None:
        """Use what was posted. The button that changes to the other way of writing carries what stands there over."""
        posted = "text" if data.get(f"{self.column}-mode") == "text" else "lines"
        wished = data.get("do", "").partition(":")
        self.joiner = "or" if data.get(f"{self.column}-joiner") == "or" else "and"
        if posted == "text":
            self.text = data.get(f"{self.column}-text", "").strip()
            self.take_text()
        else:
            self.lines = [self.line(place, each) for place, each in enumerate(self.posted(data))]
            self.take_lines()
        if wished[0] == self.column and wished[2] in ("text", "lines") and not self.error:
            self.change_mode(wished[2])

    def change_mode(self, mode: str) -> None:
        found = self.readable()
        if mode == "lines" and found is not None:
            self.lines = [self.line(place, line) for place, line in enumerate(found.lines)]
            self.joiner = found.joiner
        self.mode = "text" if found is None else mode

    def posted(self, data: Mapping[str, str]) -> list[Condition]:
        """The lines with a question chosen."""
        found = []
        for place in range(MOST_LINES):
            prefix = f"{self.column}-{place}"
            if data.get(f"{prefix}-question") and data.get("do") != f"{self.column}:drop:{place}":
                value = data.get(f"{prefix}-value", "").strip()
                found.append(Condition(data[f"{prefix}-question"], data.get(f"{prefix}-operator", "is"), value))
        return found

    def take_text(self) -> None:
        self.mode = "text"
        self.error = conditions.complaint(self.text, self.reading.names)

    def take_lines(self) -> None:
        """Write the expression; what is wrong with a line is told at that line."""
        self.mode, written = "lines", []
        for line in self.lines:
            try:
                written.append(self.written(line))
            except NotAllowed as reason:
                line.error = str(reason)
                self.error = str(reason)
        if not self.error:
            self.text = f" {self.joiner} ".join(written)

    def written(self, line: Line) -> str:
        allowed = dict(self.questions)
        if line.question not in allowed:
            raise NotAllowed(_("Choose a question of this form."))
        offered = self.choices.get(line.question, {})
        needs_choice = bool(offered) and line.operator not in conditions.NEED_NO_VALUE
        if needs_choice and line.value not in offered:
            raise NotAllowed(_("Choose one of the choices."))
        one = Condition(line.question, line.operator, line.value)
        return conditions.write(Conditions((one,)), self.kinds)

    def line(self, place: int, condition: Condition) -> Line:
        """The line with the operators and values that fit its question; a choice may be given by its text."""
        name, operator = condition.question, condition.operator
        operators = conditions.operators_for(self.kinds.get(name, ""))
        if name and operator not in operators:
            operators = [operator, *operators] if operator in OPERATORS and self.text else operators
            operator = operator if operator in operators else operators[0]
        offered = self.choices.get(name, {})
        value = condition.value
        if offered and value not in offered:
            value = next((code for code, text in offered.items() if text.casefold() == value.casefold()), value)
        values: Options | None = list(offered.items()) if offered else None
        options: Options = [(code, OPERATORS[code]) for code in operators]
        return Line(place, name, operator, value, options, values)
