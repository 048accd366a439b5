"""One page of a form as its template shows it: fields with labels in the reader's language, answers, errors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy

from kotisatama.forms import filling, queries
from kotisatama.forms.filling import Path
from kotisatama.forms.structure import Definition, Question, Section
from kotisatama.translation.queries import Localized
from kotisatama.web.templatetags.kotisatama import ErrorLink

# What the browser may fill in for its owner (WCAG 1.3.5), by the names that our forms use.
AUTOCOMPLETE = {"phone": "tel", "email": "email", "name": "name", "date_of_birth": "bday"}
CONTROLS = {"phone": "tel", "email": "email", "select_one": "radio", "select_multiple": "checkbox"}
INPUT_MODES = {"integer": "numeric", "decimal": "decimal", "date": "numeric", "time": "numeric", "dateTime": "numeric"}
HINTS = {
    "date": gettext_lazy("Day, month and year, for example 11.2.1990"),
    "time": gettext_lazy("Hours and minutes, for example 14:30"),
    "dateTime": gettext_lazy("Day and time, for example 11.2.1990 14:30"),
}
OPENED = frozenset({"minimal", "autocomplete"})  # appearances that show choices as a list to open
MOST_TILES = 40  # more choices than these are a list to open too
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
    is_opened: bool = False
    is_signature: bool = False
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
        return self.options[0].id if self.options and not self.is_opened else self.id


@dataclass(frozen=True)
class Instance:
    """One row of a repeat with its questions and the repeats inside it."""

    id: str
    row: str
    number: int
    parts: list["Field | Repeat"]
    relevant: bool


@dataclass(frozen=True)
class Repeat:
    """A repeat with its rows so far. `level` is that of its headings; a counted one has no buttons."""

    name: str
    path: str
    id: str
    label: Localized
    relevant: bool
    instances: list[Instance]
    most: int
    is_counted: bool
    level: int

    @property
    def can_add(self) -> bool:
        return not self.is_counted and len(self.instances) < self.most


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

    def parts(self, section: Section, path: Path = ()) -> Iterator[Field | Repeat]:
        """The questions and repeats of a page or row in order; groups are walked through."""
        for item in section.items:
            if isinstance(item, Question):
                if item.is_seen:
                    yield self.field(item, filling.joined(path, item.name), filling.holder(self.answers, path) or {})
            elif item.kind == "repeat":
                yield self.repeat(item, path)
            else:
                yield from self.parts(item, path)

    def repeat(self, section: Section, path: Path) -> Repeat:
        name = filling.joined(path, section.name)
        count = filling.row_count(section, self.answers, self.evaluation, path)
        return Repeat(
            name=name,
            path=name,
            id=f"q-{name}",
            label=queries.localized(section.labels, self.language),
            relevant=self.evaluation.is_relevant(name),
            instances=[self.instance(section, (*path, (section.name, place))) for place in range(count)],
            most=section.most_rows,
            is_counted=section.count is not None,
            level=2 + len(path),
        )

    def instance(self, section: Section, path: Path) -> Instance:
        row = filling.joined(path[:-1], f"{section.name}-{path[-1][1]}")
        return Instance(
            id=f"q-{row}",
            row=row,
            number=path[-1][1] + 1,
            parts=list(self.parts(section, path)),
            relevant=self.evaluation.is_relevant(row),
        )

    def field(self, question: Question, name: str, answers: Mapping[str, Any]) -> Field:
        value, error = answers.get(question.name), self.errors.get(name)
        options = self.options(question, name, value) if question.choices else None
        return Field(
            field=name,
            path=name,
            id=f"q-{name}",
            kind=question.type,
            label=queries.localized(question.labels, self.language),
            hint=self.hint(question),
            error=self.error(error) if error else None,
            value=shown(question, value),
            options=options,
            relevant=self.evaluation.is_relevant(name),
            required=self.evaluation.is_required(name),
            is_new=name in self.new_fields,
            control=CONTROLS.get(question.type) or CONTROLS.get(question.name, "text"),
            multiline="multiline" in question.appearance,
            inputmode="numeric" if "numbers" in question.appearance.split() else INPUT_MODES.get(question.type, ""),
            autocomplete=AUTOCOMPLETE.get(question.name, ""),
            direction="ltr" if question.type in LEFT_TO_RIGHT or question.name in ("phone", "email") else "auto",
            document=value if isinstance(value, dict) and value.get("document") else None,
            is_opened=is_opened(question, len(options or [])),
            is_signature=question.is_signature,
        )

    def hint(self, question: Question) -> Localized | None:
        if question.hints:
            return queries.localized(question.hints, self.language)
        hint = HINTS.get(question.type)
        return Localized(str(hint), self.language) if hint else None

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
    if filling.is_typed(value):
        return str(value["typed"])
    if value is None or isinstance(value, (dict, list)):
        return ""
    if question.type == "date" and (day := parse_date(str(value))):
        return f"{day.day}.{day.month}.{day.year}"
    if question.type in ("time", "dateTime"):
        return filling.clock_text(str(value))
    return str(value)


def is_opened(question: Question, choices: int) -> bool:
    """Are the choices a list to open, not tiles? Only where one is chosen: a list is bad at several."""
    if question.type != "select_one":
        return False
    return choices > MOST_TILES or not OPENED.isdisjoint(question.appearance.split())


def fields(parts: list[Field | Repeat]) -> list[Field]:
    """Every field of the page, those of repeats too, in order."""
    found: list[Field] = []
    for part in parts:
        if isinstance(part, Repeat):
            found += [each for instance in part.instances for each in fields(instance.parts)]
        else:
            found.append(part)
    return found


def links(parts: list[Field | Repeat], errors: Mapping[str, filling.FieldError]) -> list[ErrorLink]:
    """The error summary's lines in the order of the page; last the errors of no field that the page has."""
    drawn = {each.field: each for each in fields(parts)}
    found = [ErrorLink(line(each.label.text, each.error.text), each.anchor) for each in drawn.values() if each.error]
    repeats = {each.name: each for each in _repeats(parts)}
    for name, error in errors.items():
        repeat = repeats.get(name)
        if repeat:
            found.append(ErrorLink(line(repeat.label.text, error.message), repeat.instances[0].id))
        elif name not in drawn:
            found.append(ErrorLink(line(name, error.message), ""))
    return found


def _repeats(parts: list[Field | Repeat]) -> Iterator[Repeat]:
    """Every repeat of the page that has a row."""
    for part in parts:
        if isinstance(part, Repeat) and part.instances:
            yield part
            for instance in part.instances:
                yield from _repeats(instance.parts)


def line(label: str, sentence: object) -> str:
    """A line of the error summary: no colon after a question mark."""
    return f"{label} {sentence}" if label.endswith(("?", "؟")) else f"{label}: {sentence}"


def anchor(form: Definition, each: filling.Field) -> str:
    """The id of a field's first control."""
    choices = form.choices.get(each.question.choices, ())
    if not choices or is_opened(each.question, len(choices)):
        return f"q-{each.name}"
    return f"q-{each.name}-{choices[0].name}"
