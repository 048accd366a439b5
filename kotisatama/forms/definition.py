"""Rows to a form that can be filled in, or to a list of what is wrong with them.

pyxform, the reference compiler, accepts misspelt functions and calculations that go round in a circle, and knows
nothing of what our pages can show; so everything is checked here, and pyxform is asked last for a second opinion.
"""

import dataclasses
import datetime
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kotisatama.forms import circles, columns, instance, kinds, limits, lists, reference_compiler
from kotisatama.forms import tables as attached
from kotisatama.forms.expressions import TooComplex, Tree
from kotisatama.forms.kinds import Kind
from kotisatama.forms.row_reading import RowReader
from kotisatama.forms.structure import (
    MOST_ROWS_IN_REPEAT,
    ROOT,
    UNSEEN,
    Choice,
    Definition,
    Item,
    Labels,
    Question,
    Section,
    definition_from_json,
    text,
)
from kotisatama.forms.xlsform import Problem, Row, Source

__all__ = [
    "MOST_ROWS_IN_REPEAT", "Choice", "Compiled", "Definition", "Item", "Labels", "Question", "Section",
    "compile_definition", "definition_from_json", "text",
]  # fmt: skip

MOST_DEPTH = 10  # groups and repeats inside one another
MOST_REPEATS_DEEP = 3
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}\Z")
_FORM_ID = re.compile(r"[A-Za-z0-9_-]{1,50}\Z")
_RESERVED = frozenset({"meta", "instanceID", ROOT})


@dataclasses.dataclass(frozen=True)
class Compiled:
    """`definition` may be used only when there are no problems; it is None when not even a draft of it can be made."""

    definition: Definition | None
    problems: tuple[Problem, ...]


def compile_definition(source: Source, attachments: Mapping[str, Any] | None = None) -> Compiled:
    """The form that the rows describe, and everything that is wrong with them.

    `attachments` are the tables that come with the form; without them those that came inside the workbook.
    """
    if source.problems and not source.survey:
        return Compiled(None, source.problems)
    compiler = _Compiler(source, source.tables if attachments is None else attachments)
    definition = compiler.definition()
    problems = [*source.problems, *compiler.read.problems]
    if not problems:
        problems.extend(_trial(definition))
        problems.extend(reference_compiler.problems(source))
    return Compiled(definition, tuple(sorted(set(problems))))


def _trial(definition: Definition) -> list[Problem]:
    """Evaluate the form once with every repeat full: one that takes too many steps is refused before it is met."""
    fields = sum(limits.fields_when_full(page) for page in definition.pages)
    if fields > limits.MOST_FIELDS:
        message = f"With full repeats this form has {fields} fields; {limits.MOST_FIELDS} is the most. Set most_rows."
        return [Problem("survey", 0, "", message)]
    answers = {name: rows for page in definition.pages for name, rows in limits.full_rows(page).items()}
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    try:
        evaluation = instance.evaluate(definition, answers, today=moment.date(), now=moment, timezone=datetime.UTC)
    except TooComplex:
        return [Problem("survey", 0, "", "The expressions of this form take too many steps together.")]
    left = evaluation.environment.budget.left
    return [] if left > instance.STEPS / 2 else [Problem("survey", 0, "", "The expressions of this form are too slow.")]


@dataclasses.dataclass
class _Open:
    """A group or repeat whose end has not come yet."""

    row: Row
    name: str
    kind: str
    items: list[Item]


class _Compiler:
    def __init__(self, source: Source, attachments: Mapping[str, Any]) -> None:
        self.source = source
        self.attachments = attachments
        self.read = RowReader(
            source, {file.removesuffix(".csv"): table["columns"] for file, table in attachments.items()}
        )
        self.choices: dict[str, dict[str, Choice]] = {}
        self.tables: dict[str, Sequence[Choice]] = {}
        self.rows: dict[str, Row] = {}
        self.asked_tables: dict[str, Mapping[str, str]] = {}

    def definition(self) -> Definition:
        self.read_choices()
        self.read_tables()
        self.read_names()
        top = self.read_survey()
        pages, background = _paged(top)
        if not any(question.is_seen for page in pages for question in page.questions()):
            self.read.problem("survey", None, "", "The form asks nothing.")
        settings = self.settings()
        order = circles.ordered(pages, background, self.report_circle)
        choices: dict[str, tuple[Choice, ...]] = {name: tuple(found) for name, found in self.tables.items()}
        choices |= {name: tuple(found.values()) for name, found in self.choices.items()}
        instance_name = self.settings_expression("instance_name")
        return Definition(
            **settings, default_language=self.read.headings.default, languages=tuple(self.read.headings.languages),
            language_names=dict(self.read.headings.languages), pages=pages, background=background, choices=choices,
            order=order, instance_name=instance_name, titles=self.titles(),
        )  # fmt: skip

    def settings(self) -> dict[str, str]:
        """form_id, title and version; what the sheet leaves out comes from the file's name and content."""
        row = self.source.settings[0] if self.source.settings else Row(0, {})
        form_id = self.read.cell("settings", row, "form_id") or re.sub(r"[^A-Za-z0-9_-]+", "-", self.source.name)[:50]
        if not _FORM_ID.match(form_id):
            message = "A form_id has at most 50 letters from a to z, digits, hyphens and low lines."
            self.read.problem("settings", row, "form_id", message)
        title = self.read.cell("settings", row, "form_title") or form_id
        content = json.dumps(self.source.to_json(), sort_keys=True).encode()
        version = self.read.cell("settings", row, "version") or hashlib.sha256(content).hexdigest()[:12]
        for column, value, most in (("form_title", title, 120), ("version", version, 40)):
            if len(value) > most:
                self.read.problem("settings", row, column, f"This is longer than {most} characters.")
        return {"form_id": form_id, "title": title, "version": version}

    def titles(self) -> Labels:
        """The form's own name by language, as far as the settings sheet tells it."""
        if not self.source.settings:
            return {}
        row = self.source.settings[0]
        written = self.read.cell("settings", row, "form_title")
        own = {self.read.headings.default: written} if written else {}
        return {**self.read.labels("settings", row, columns.TITLE), **own}

    def settings_expression(self, column: str) -> Tree | None:
        row = self.source.settings[0] if self.source.settings else Row(0, {})
        return self.read.expression("settings", row, column)

    def read_choices(self) -> None:
        for row in self.source.choices:
            list_name, name = (self.read.cell("choices", row, column) for column in ("list_name", "name"))
            if not list_name or not name:
                self.read.problem("choices", row, "name" if list_name else "list_name", "This cell must not be empty.")
                continue
            labels = self.read.labels("choices", row, "label")
            self.read.require_label("choices", row, labels)
            others = self.choices.setdefault(list_name, {})
            message = lists.name_complaint(list_name, name, others)
            if message:
                self.read.problem("choices", row, "name", message)
            others[name] = Choice(name, labels, self.further_columns(row))

    def further_columns(self, row: Row) -> Mapping[str, str]:
        plain = {"list_name", "name", "label"}
        further = (heading for heading in self.read.headings.sheets["choices"] if heading.column not in plain)
        return {heading.column: row.get(heading.text) for heading in further if row.get(heading.text)}

    def read_tables(self) -> None:
        """Every table is there to be looked up by the name of its file; a list of choices it becomes when asked."""
        if len(self.attachments) > attached.MOST_TABLES:
            self.read.problem("survey", None, "", f"At most {attached.MOST_TABLES} tables come with a form.")
        if len({file.lower() for file in self.attachments}) < len(self.attachments):
            self.read.problem("survey", None, "", "Two tables have the same name but for capital letters.")
        for file, table in self.attachments.items():
            name = file.removesuffix(".csv")
            if not attached.NAME.match(file) or name in self.choices:
                self.read.problems.append(
                    Problem(file, 0, "", "A list of the choices sheet has this name, or it is none.")
                )
            self.tables[name] = lists.lookup_choices(table)

    def read_names(self) -> None:
        for row in self.source.survey:
            name, written = self.read.cell("survey", row, "name"), self.read.type_of(row)
            if name and not written.startswith("end_"):
                self.read.known.add(name)

    def read_survey(self) -> list[Item]:
        """The outermost items of the form."""
        top: list[Item] = []
        opened: list[_Open] = []
        for row in self.source.survey:
            kind = self.read.type_of(row)
            if kind in ("begin_group", "begin_repeat"):
                self.check_name(row)
                opened.append(self.begin(row, kind.removeprefix("begin_"), opened))
            elif kind in ("end_group", "end_repeat"):
                self.end(row, kind.removeprefix("end_"), opened, top)
            else:
                (opened[-1].items if opened else top).extend(self.questions(row, kind, opened))
        for left in opened:
            self.read.problem("survey", left.row, "type", f"This {left.kind} is never ended.")
        return top

    def begin(self, row: Row, kind: str, opened: list[_Open]) -> _Open:
        repeats = sum(outer.kind == "repeat" for outer in opened)
        if len(opened) >= MOST_DEPTH or (kind == "repeat" and repeats >= MOST_REPEATS_DEEP):
            message = f"At most {MOST_DEPTH} groups stand inside one another, and {MOST_REPEATS_DEEP} repeats."
            self.read.problem("survey", row, "type", message)
        if kind == "group" and self.read.cell("survey", row, "repeat_count"):
            self.read.problem("survey", row, "repeat_count", "Only a repeat can have this.")
        if kind == "repeat":
            self.read.require_label("survey", row, self.read.labels("survey", row, "label"))
        self.read.check_appearance(row, f"begin_{kind}")
        return _Open(row, self.read.cell("survey", row, "name"), kind, [])

    def end(self, row: Row, kind: str, opened: list[_Open], top: list[Item]) -> None:
        if not opened or opened[-1].kind != kind:
            expected = (
                f"here should end the {opened[-1].kind} of row {opened[-1].row.number}" if opened else "none began"
            )
            self.read.problem("survey", row, "type", f"A {kind} ends here, but {expected}.")
            return
        closed = opened.pop()
        name = self.read.cell("survey", row, "name")
        if name and name != closed.name:
            self.read.problem("survey", row, "name", f"The {kind} “{closed.name}” ends here, not “{name}”.")
        outer = opened[-1].items if opened else top
        kind = "page" if not opened and kind == "group" else kind
        relevant = self.read.expression("survey", closed.row, "relevant")
        labels = self.read.labels("survey", closed.row, "label")
        count = self.read.expression("survey", closed.row, "repeat_count") if kind == "repeat" else None
        outer.append(
            Section(
                closed.name, kind, labels, relevant, tuple(closed.items), False, closed.row.number,
                self.read.options(closed.row, kind), count,
            )
        )  # fmt: skip

    def check_name(self, row: Row) -> None:
        name = self.read.cell("survey", row, "name")
        if not name:
            self.read.problem("survey", row, "name", "The name is missing.")
        elif not _NAME.match(name) or name in _RESERVED:
            message = f"“{name}” cannot be a name. Use at most 60 letters from a to z, digits and low lines."
            self.read.problem("survey", row, "name", message)
        elif name in self.rows:
            message = f"The name “{name}” is used in row {self.rows[name].number} already."
            self.read.problem("survey", row, "name", message)
        self.rows.setdefault(name, row)

    def questions(self, row: Row, written: str, opened: list[_Open]) -> Iterator[Question]:
        """The question of the row; with or_other also the text question for what is not on the list."""
        kind = kinds.kind(written)
        self.check_name(row)
        if isinstance(kind, str):
            self.read.problem("survey", row, "type", kind)
            return
        repeat = next((outer.name for outer in reversed(opened) if outer.kind == "repeat"), "")
        question = self.question(row, kind, repeat)
        yield question
        if kind.or_other:
            yield self.other_question(row, question)

    def question(self, row: Row, kind: Kind, repeat: str) -> Question:
        labels = self.read.labels("survey", row, "label")
        if kind.type not in UNSEEN:
            self.read.require_label("survey", row, labels)
        calculation = self.read.expression("survey", row, "calculation")
        self.check_calculation(row, kind.type)
        self.read.check_appearance(row, kind.type)
        if self.read.cell("survey", row, "repeat_count"):
            self.read.problem("survey", row, "repeat_count", "Only a repeat can have this.")
        read = self.read
        question = Question(
            read.cell("survey", row, "name"), kind.type, labels, read.labels("survey", row, "hint"),
            read.cell("survey", row, "appearance"), read.required(row), read.labels("survey", row, "required_message"),
            read.expression("survey", row, "relevant"), read.expression("survey", row, "constraint"),
            read.labels("survey", row, "constraint_message"), calculation, self.list_of(row, kind),
            read.choice_filter(row), read.cell("survey", row, "default"), repeat, row.number,
            read.options(row, kind.type),
        )  # fmt: skip
        self.check_default(row, question)
        return question

    def list_of(self, row: Row, kind: Kind) -> str:
        """The name of the question's list, which is looked for here."""
        found = kinds.parameters(self.read.cell("survey", row, "parameters"))
        complaint = kinds.parameters_complaint(found, kind)
        if complaint:
            self.read.problem("survey", row, "parameters", complaint)
        elif kind.table:
            return self.table_of(row, kind.table, found or {})
        elif kind.list_name and kind.list_name not in self.choices:
            self.read.problem("survey", row, "type", f"There is no list “{kind.list_name}” on the choices sheet.")
        elif kind.or_other:
            self.choices[kind.list_name].setdefault(lists.OTHER, lists.other_choice(self.read.headings.languages))
        return kind.list_name

    def table_of(self, row: Row, file: str, parameters: Mapping[str, str]) -> str:
        name = file.removesuffix(".csv")
        table = self.attachments.get(file)
        if table is None:
            self.read.problem("survey", row, "type", f"The table “{file}” does not come with the form.")
            return name
        choices = lists.table_choices(table, self.read.headings, parameters)
        if isinstance(choices, str):
            self.read.problem("survey", row, "type", f"{file}: {choices}")
        elif name in self.asked_tables and self.asked_tables[name] != parameters:
            self.read.problem("survey", row, "parameters", "Another question reads this table with other parameters.")
        else:
            self.asked_tables[name], self.tables[name] = parameters, choices
        return name

    def other_question(self, row: Row, asked: Question) -> Question:
        """As pyxform makes it: asked when "other" was chosen, and never required."""
        name = f"{asked.name}_other"
        if self.read.cell("survey", row, "choice_filter"):
            self.read.problem("survey", row, "choice_filter", "A list with or_other cannot be filtered.")
        if name in self.rows:
            self.read.problem(
                "survey", row, "name", f"The name “{name}” is used in row {self.rows[name].number} already."
            )
        self.rows.setdefault(name, row)
        labels = lists.own_texts(lists.SPECIFY_LABEL, self.read.headings.languages)
        relevant = ["call", "selected", ["ref", asked.name], ["str", lists.OTHER]]
        options = {key: text for key, text in asked.options.items() if key in ("shared", "statistics", "locked")}
        return Question(
            name, "text", labels, {}, "", None, {}, relevant, None, {}, None, "", None, "", asked.repeat, row.number,
            options,
        )  # fmt: skip

    def check_default(self, row: Row, question: Question) -> None:
        """A default is a plain value that fits: an expression is refused, and so is one that no row of a repeat has."""
        if not question.default or not question.is_asked:
            return
        allowed = self.choices.get(question.choices) or [
            choice.name for choice in self.tables.get(question.choices, ())
        ]
        message = limits.default_complaint(question, list(allowed))
        if message:
            self.read.problem("survey", row, "default", message)

    def check_calculation(self, row: Row, kind: str) -> None:
        written = self.read.cell("survey", row, "calculation")
        if kind == "calculate" and not written:
            self.read.problem("survey", row, "calculation", "The calculation is missing.")
        if kind != "calculate" and written:
            self.read.problem("survey", row, "calculation", "Only a row of the type calculate may have a calculation.")

    def report_circle(self, name: str, column: str, circle: list[str]) -> None:
        row = self.rows.get(name)
        way = " → ".join(circle)
        self.read.problem("survey", row, column, f"This depends on itself: {way}.")


def _paged(top: list[Item]) -> tuple[tuple[Section, ...], tuple[Question, ...]]:
    """Outermost groups are pages; what stands alone becomes its own page, or the background when nobody sees it."""
    pages: list[Section] = []
    background: list[Question] = []
    for item in top:
        if isinstance(item, Section) and item.kind == "page":
            pages.append(item)
        elif isinstance(item, Section) or item.is_seen:
            pages.append(Section(item.name, "page", {}, None, (item,), loose=True, row=item.row))
        else:
            background.append(item)
    return tuple(pages), tuple(background)
