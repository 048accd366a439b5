"""One page of a form as its template shows it: fields with labels in the reader's language, answers, errors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from kotisatama.forms import filling, queries
from kotisatama.forms.structure import MOST_ROWS_IN_REPEAT, Definition, Question, Section
from kotisatama.translation.queries import Localized
from kotisatama.web.templatetags.kotisatama import ErrorLink

# What the browser may fill in for its owner (WCAG 1.3.5), by the names that our forms use.
AUTOCOMPLETE = {"phone": "tel", "email": "email", "name": "name", "date_of_birth": "bday"}
CONTROLS = {"phone": "tel", "email": "email", "select_one": "radio", "select_multiple": "checkbox"}
INPUT_MODES = {"integer": "numeric", "decimal": "decimal", "date": "numeric"}
LEFT_TO_RIGHT = frozenset({"integer", "decimal", "date", "time", "dateTime"})


@dataclass(frozen=True)
class Option:
    """One choice as a tile."""

    name: str
    id: str
    label: Localized
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One question in one place of the page; `field` is its name in the POST, `path` how the script finds it."""

    field: str
    path: str
    id: str
    kind: str
    label: Localized
    hint: Localized | None
    error: Localized | None
    value: str
    options: list[Option] | None
    relevant: bool
    required: bool
    is_new: bool
    control: str
    multiline: bool
    inputmode: str
    autocomplete: str
    direction: str
    document: Mapping[str, Any] | None
    instances: None = None

    @property
    def says_optional(self) -> bool:
        """Whether the page adds "(optional)": not where the form's own label says as much in brackets."""
        return not self.required and not self.label.text.endswith(")")

    @property
    def describedby(self) -> str:
        """Ids of the hint and the error; the error's element is there for the script also when it is empty."""
        return f"{self.id}-hint {self.id}-error" if self.hint else f"{self.id}-error"

    @property
    def anchor(self) -> str:
        """Where a link to the field lands: its first control."""
        return self.options[0].id if self.options else self.id


@dataclass(frozen=True)
class Instance:
    """One member of a repeat."""

    id: str
    questions: list[Field]


@dataclass(frozen=True)
class Repeat:
    """A repeat with its members so far."""

    name: str
    path: str
    id: str
    label: Localized
    relevant: bool
    instances: list[Instance]

    @property
    def can_add(self) -> bool:
        return len(self.instances) < MOST_ROWS_IN_REPEAT


@dataclass(frozen=True)
class Page:
    """What `portal/form_page.html` shows. `number` and `total` count the pages that are asked with these answers."""

    form_code: str
    title: Localized
    number: int
    total: int
    parts: list[Field | Repeat]
    problems: list[ErrorLink]
    preview: dict[str, Any]
    brought: bool
    changing: bool


@dataclass(frozen=True)
class Reader:
    """Draws the fields of a page from a form, its answers and what follows from them."""

    form: Definition
    answers: Mapping[str, Any]
    evaluation: filling.Evaluation
    language: str
    errors: Mapping[str, filling.FieldError]
    new_fields: frozenset[str] = frozenset()

    def parts(self, section: Section) -> Iterator[Field | Repeat]:
        """The page's questions and repeats in order; groups within a page are walked through."""
        for item in section.items:
            if isinstance(item, Question):
                if item.is_seen:
                    yield self.field(item, item.name, self.answers)
            elif item.kind == "repeat":
                yield self.repeat(item)
            else:
                yield from self.parts(item)

    def repeat(self, section: Section) -> Repeat:
        rows = self.answers.get(section.name) or [{}]
        instances = [
            Instance(
                f"q-{section.name}-{number}",
                [
                    self.field(question, f"{section.name}-{number}-{question.name}", row)
                    for question in section.questions()
                    if question.is_seen
                ],
            )
            for number, row in enumerate(rows)
        ]
        return Repeat(
            name=section.name,
            path=section.name,
            id=f"q-{section.name}",
            label=queries.localized(section.labels, self.language),
            relevant=self.evaluation.is_relevant(section.name),
            instances=instances,
        )

    def field(self, question: Question, name: str, answers: Mapping[str, Any]) -> Field:
        value, error = answers.get(question.name), self.errors.get(name)
        return Field(
            field=name,
            path=name,
            id=f"q-{name}",
            kind=question.type,
            label=queries.localized(question.labels, self.language),
            hint=self.hint(question),
            error=self.error(error) if error else None,
            value=shown(question, value),
            options=self.options(question, name, value) if question.choices else None,
            relevant=self.evaluation.is_relevant(name),
            required=self.evaluation.is_required(name),
            is_new=name in self.new_fields,
            control=CONTROLS.get(question.type) or CONTROLS.get(question.name, "text"),
            multiline="multiline" in question.appearance,
            inputmode=INPUT_MODES.get(question.type, ""),
            autocomplete=AUTOCOMPLETE.get(question.name, ""),
            direction="ltr" if question.type in LEFT_TO_RIGHT or question.name in ("phone", "email") else "auto",
            document=value if isinstance(value, dict) else None,
        )

    def hint(self, question: Question) -> Localized | None:
        if question.hints:
            return queries.localized(question.hints, self.language)
        if question.type == "date":
            return Localized(_("Day, month and year, for example 11.2.1990"), self.language)
        return None

    def error(self, error: filling.FieldError) -> Localized:
        return Localized(str(error.message), self.language)

    def options(self, question: Question, name: str, value: Any) -> list[Option]:
        chosen = value if isinstance(value, list) else [value]
        return [
            Option(
                choice.name,
                f"q-{name}-{choice.name}",
                queries.localized(choice.labels, self.language),
                choice.name in chosen,
            )
            for choice in filling.choices_for(self.form, name, self.evaluation)
        ]


def shown(question: Question, value: Any) -> str:
    """An answer as its input shows it; dates as they are written in Finland."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if question.type == "date" and (day := parse_date(str(value))):
        return f"{day.day}.{day.month}.{day.year}"
    return str(value)


def fields(parts: list[Field | Repeat]) -> list[Field]:
    """Every field of the page, those of repeats too, in order."""
    found: list[Field] = []
    for part in parts:
        if isinstance(part, Repeat):
            found += [each for instance in part.instances for each in instance.questions]
        else:
            found.append(part)
    return found


def links(parts: list[Field | Repeat], errors: Mapping[str, filling.FieldError]) -> list[ErrorLink]:
    """The error summary's lines in the order of the page; last the errors of no field that the page has."""
    drawn = {each.field: each for each in fields(parts)}
    found = [ErrorLink(line(each.label.text, each.error.text), each.anchor) for each in drawn.values() if each.error]
    return found + [ErrorLink(line(name, error.message), "") for name, error in errors.items() if name not in drawn]


def line(label: str, sentence: object) -> str:
    """A line of the error summary: no colon after a question mark."""
    return f"{label} {sentence}" if label.endswith(("?", "؟")) else f"{label}: {sentence}"


def anchor(form: Definition, each: filling.Field) -> str:
    """The id of a field's first control."""
    choices = form.choices.get(each.question.choices, ())
    return f"q-{each.name}-{choices[0].name}" if choices else f"q-{each.name}"
