"""Rows to a form that can be filled in, or to a list of what is wrong with them.

pyxform, the reference compiler, accepts misspelt functions and calculations that go round in a circle, and knows
nothing of what our pages can show; so everything is checked here, and pyxform is asked last for a second opinion.
"""

import dataclasses
import datetime
import difflib
import hashlib
import json
import re
from collections.abc import Mapping

from kotisatama.forms import circles, columns, instance, patterns, reference_compiler
from kotisatama.forms.expressions import ExpressionProblem, Names, TooComplex, Tree, parse
from kotisatama.forms.expressions import patterns as written_patterns
from kotisatama.forms.structure import (
    MOST_ROWS_IN_REPEAT,
    ROOT,
    SELECTS,
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

TYPES = frozenset({
    "text", "integer", "decimal", "date", "time", "dateTime", "note", "acknowledge", "calculate", "hidden", "file",
    "image", "start", "end", "today",
})  # fmt: skip
TYPE_ALIASES = {
    "string": "text", "int": "integer", "datetime": "dateTime", "trigger": "acknowledge", "photo": "image",
    "begin group": "begin_group", "end group": "end_group", "begin repeat": "begin_repeat", "end repeat": "end_repeat",
}  # fmt: skip
LATER_TYPES = frozenset({
    "geopoint", "geotrace", "geoshape", "audio", "video", "barcode", "rank", "range", "deviceid", "username", "email",
    "phonenumber", "select_one_from_file", "select_multiple_from_file", "csv-external", "xml-external",
    "select_one_external", "background-audio", "audit", "begin_loop", "simserial", "subscriberid",
})  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}\Z")
_FORM_ID = re.compile(r"[A-Za-z0-9_-]{1,50}\Z")
_RESERVED = frozenset({"meta", "instanceID", ROOT})
_SELECT = re.compile(r"(select_one|select_multiple|select one|select multiple)\s+(\S+)(\s+or_other)?\Z")
_YES = {"yes": ["call", "true"], "true": ["call", "true"], "true()": ["call", "true"]}
_NO = frozenset({"", "no", "false", "false()"})


@dataclasses.dataclass(frozen=True)
class Compiled:
    """`definition` may be used only when there are no problems; it is None when not even a draft of it can be made."""

    definition: Definition | None
    problems: tuple[Problem, ...]


def compile_definition(source: Source) -> Compiled:
    """The form that the rows describe, and everything that is wrong with them."""
    if source.problems and not source.survey:
        return Compiled(None, source.problems)
    compiler = _Compiler(source)
    definition = compiler.definition()
    problems = [*source.problems, *compiler.problems]
    if not problems:
        problems.extend(_trial(definition))
        problems.extend(reference_compiler.problems(source))
    return Compiled(definition, tuple(sorted(set(problems))))


def _trial(definition: Definition) -> list[Problem]:
    """Evaluate the form once with every repeat full: one that takes too many steps is refused before it is met."""
    repeats = (section.name for section in definition.sections.values() if section.kind == "repeat")
    answers: dict[str, object] = {name: [{} for _ in range(MOST_ROWS_IN_REPEAT)] for name in repeats}
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
    def __init__(self, source: Source) -> None:
        self.source = source
        self.headings = columns.read_headings(source)
        self.problems: list[Problem] = list(self.headings.problems)
        self.choices: dict[str, list[Choice]] = {}
        self.known: set[str] = set()
        self.rows: dict[str, Row] = {}

    def definition(self) -> Definition:
        self.read_choices()
        self.read_names()
        top = self.read_survey()
        pages, background = _paged(top)
        if not any(question.is_seen for page in pages for question in page.questions()):
            self.problem("survey", None, "", "The form asks nothing.")
        settings = self.settings()
        order = circles.ordered(pages, background, self.report_circle)
        lists = {name: tuple(choices) for name, choices in self.choices.items()}
        instance_name = self.settings_expression("instance_name")
        return Definition(
            **settings, default_language=self.headings.default, languages=tuple(self.headings.languages),
            language_names=dict(self.headings.languages), pages=pages, background=background, choices=lists,
            order=order, instance_name=instance_name, titles=self.titles(),
        )  # fmt: skip

    def problem(self, sheet: str, row: Row | None, column: str, message: str, language: str = "") -> None:
        heading = self.headings.heading(sheet, column, language) if column else ""
        self.problems.append(Problem(sheet, row.number if row else 0, heading, message))

    def cell(self, sheet: str, row: Row, column: str) -> str:
        return row.get(self.headings.heading(sheet, column))

    def labels(self, sheet: str, row: Row, column: str) -> Labels:
        """The texts of one kind by language; a reference inside a text is refused."""
        found = {}
        for heading in columns.language_columns(self.headings, sheet, column):
            written = row.get(heading.text)
            if "${" in written:
                message = "An answer cannot be put into a text yet: take the reference out."
                self.problems.append(Problem(sheet, row.number, heading.text, message))
            if written and written != "-":
                found[heading.language] = written
        return found

    def require_label(self, sheet: str, row: Row, labels: Labels) -> None:
        if self.headings.default not in labels:
            name = self.headings.languages.get(self.headings.default, self.headings.default)
            message = f"The text in the default language ({name}) is missing."
            self.problem(sheet, row, "label", message, self.headings.default)

    def settings(self) -> dict[str, str]:
        """form_id, title and version; what the sheet leaves out comes from the file's name and content."""
        row = self.source.settings[0] if self.source.settings else Row(0, {})
        form_id = self.cell("settings", row, "form_id") or re.sub(r"[^A-Za-z0-9_-]+", "-", self.source.name)[:50]
        if not _FORM_ID.match(form_id):
            message = "A form_id has at most 50 letters from a to z, digits, hyphens and low lines."
            self.problem("settings", row, "form_id", message)
        title = self.cell("settings", row, "form_title") or form_id
        content = json.dumps(self.source.to_json(), sort_keys=True).encode()
        version = self.cell("settings", row, "version") or hashlib.sha256(content).hexdigest()[:12]
        for column, value, most in (("form_title", title, 120), ("version", version, 40)):
            if len(value) > most:
                self.problem("settings", row, column, f"This is longer than {most} characters.")
        return {"form_id": form_id, "title": title, "version": version}

    def titles(self) -> Labels:
        """The form's own name by language, as far as the settings sheet tells it."""
        if not self.source.settings:
            return {}
        row = self.source.settings[0]
        written = self.cell("settings", row, "form_title")
        own = {self.headings.default: written} if written else {}
        return {**self.labels("settings", row, columns.TITLE), **own}

    def settings_expression(self, column: str) -> Tree | None:
        row = self.source.settings[0] if self.source.settings else Row(0, {})
        return self.expression("settings", row, column)

    def read_choices(self) -> None:
        for row in self.source.choices:
            list_name, name = (self.cell("choices", row, column) for column in ("list_name", "name"))
            if not list_name or not name:
                self.problem("choices", row, "name" if list_name else "list_name", "This cell must not be empty.")
                continue
            labels = self.labels("choices", row, "label")
            self.require_label("choices", row, labels)
            others = self.choices.setdefault(list_name, [])
            if re.search(r"\s", name) or len(name) > 100:
                self.problem("choices", row, "name", f"The name “{name}” has a space in it or is too long.")
            if any(other.name == name for other in others):
                self.problem("choices", row, "name", f"The list “{list_name}” has two choices named “{name}”.")
            others.append(Choice(name, labels, self.further_columns(row)))

    def further_columns(self, row: Row) -> Mapping[str, str]:
        plain = {"list_name", "name", "label"}
        further = (heading for heading in self.headings.sheets["choices"] if heading.column not in plain)
        return {heading.column: row.get(heading.text) for heading in further if row.get(heading.text)}

    def read_names(self) -> None:
        for row in self.source.survey:
            name = self.cell("survey", row, "name")
            if name and not self.type_of(row).startswith("end_"):
                self.known.add(name)

    def type_of(self, row: Row) -> str:
        written = " ".join(self.cell("survey", row, "type").split())
        return TYPE_ALIASES.get(written, TYPE_ALIASES.get(written.lower(), written))

    def read_survey(self) -> list[Item]:
        """The outermost items of the form."""
        top: list[Item] = []
        opened: list[_Open] = []
        for row in self.source.survey:
            kind = self.type_of(row)
            if kind in ("begin_group", "begin_repeat"):
                self.check_name(row)
                opened.append(self.begin(row, kind.removeprefix("begin_"), opened))
            elif kind in ("end_group", "end_repeat"):
                self.end(row, kind.removeprefix("end_"), opened, top)
            else:
                question = self.question(row, kind, opened)
                if question:
                    (opened[-1].items if opened else top).append(question)
        for left in opened:
            self.problem("survey", left.row, "type", f"This {left.kind} is never ended.")
        return top

    def begin(self, row: Row, kind: str, opened: list[_Open]) -> _Open:
        if kind == "repeat" and any(outer.kind == "repeat" for outer in opened):
            self.problem("survey", row, "type", "A repeat inside a repeat is not supported yet.")
        return _Open(row, self.cell("survey", row, "name"), kind, [])

    def end(self, row: Row, kind: str, opened: list[_Open], top: list[Item]) -> None:
        if not opened or opened[-1].kind != kind:
            expected = (
                f"here should end the {opened[-1].kind} of row {opened[-1].row.number}" if opened else "none began"
            )
            self.problem("survey", row, "type", f"A {kind} ends here, but {expected}.")
            return
        closed = opened.pop()
        name = self.cell("survey", row, "name")
        if name and name != closed.name:
            self.problem("survey", row, "name", f"The {kind} “{closed.name}” ends here, not “{name}”.")
        outer = opened[-1].items if opened else top
        kind = "page" if not opened and kind == "group" else kind
        relevant = self.expression("survey", closed.row, "relevant")
        labels = self.labels("survey", closed.row, "label")
        items = tuple(closed.items)
        outer.append(Section(closed.name, kind, labels, relevant, items, loose=False, row=closed.row.number))

    def check_name(self, row: Row) -> None:
        name = self.cell("survey", row, "name")
        if not name:
            self.problem("survey", row, "name", "The name is missing.")
        elif not _NAME.match(name) or name in _RESERVED:
            message = f"“{name}” cannot be a name. Use at most 60 letters from a to z, digits and low lines."
            self.problem("survey", row, "name", message)
        elif name in self.rows:
            message = f"The name “{name}” is used in row {self.rows[name].number} already."
            self.problem("survey", row, "name", message)
        self.rows.setdefault(name, row)

    def question(self, row: Row, written: str, opened: list[_Open]) -> Question | None:
        kind, list_name = self.checked_type(row, written)
        self.check_name(row)
        if not kind:
            return None
        labels = self.labels("survey", row, "label")
        if kind not in UNSEEN:
            self.require_label("survey", row, labels)
        calculation = self.expression("survey", row, "calculation")
        self.check_calculation(row, kind)
        repeat = next((outer.name for outer in opened if outer.kind == "repeat"), "")
        return Question(
            self.cell("survey", row, "name"), kind, labels, self.labels("survey", row, "hint"),
            self.cell("survey", row, "appearance"), self.required(row), self.labels("survey", row, "required_message"),
            self.expression("survey", row, "relevant"), self.expression("survey", row, "constraint"),
            self.labels("survey", row, "constraint_message"), calculation, list_name, self.choice_filter(row),
            self.cell("survey", row, "default"), repeat, row.number,
        )  # fmt: skip

    def check_calculation(self, row: Row, kind: str) -> None:
        written = self.cell("survey", row, "calculation")
        if kind == "calculate" and not written:
            self.problem("survey", row, "calculation", "The calculation is missing.")
        if kind != "calculate" and written:
            self.problem("survey", row, "calculation", "Only a row of the type calculate may have a calculation.")

    def checked_type(self, row: Row, written: str) -> tuple[str, str]:
        """The type and the name of its list; ("", "") and a problem when there is no such type."""
        match = _SELECT.match(written)
        if match and not match[3]:
            if match[2] not in self.choices:
                self.problem("survey", row, "type", f"There is no list “{match[2]}” on the choices sheet.")
            return match[1].replace(" ", "_"), match[2]
        if written in TYPES:
            return written, ""
        self.problem("survey", row, "type", _type_complaint(written))
        return "", ""

    def required(self, row: Row) -> Tree | None:
        written = self.cell("survey", row, "required").lower()
        if written in _NO:
            return None
        return _YES.get(written) or self.expression("survey", row, "required")

    def choice_filter(self, row: Row) -> Tree | None:
        further = frozenset(heading.column for heading in self.headings.sheets["choices"])
        return self.expression("survey", row, "choice_filter", Names(frozenset(self.known) | further, items=True))

    def expression(self, sheet: str, row: Row, column: str, names: Names | None = None) -> Tree | None:
        """The tree of the cell, None when it is empty or wrong."""
        written = self.cell(sheet, row, column)
        if not written:
            return None
        try:
            tree = parse(written, names or Names(frozenset(self.known)))
        except ExpressionProblem as problem:
            self.problem(sheet, row, column, str(problem))
            return None
        for pattern in written_patterns(tree):
            complaint = patterns.complaint(pattern)
            if complaint:
                self.problem(sheet, row, column, complaint)
        return tree

    def report_circle(self, name: str, column: str, circle: list[str]) -> None:
        row = self.rows.get(name)
        way = " → ".join(circle)
        self.problem("survey", row, column, f"This depends on itself: {way}.")


def _type_complaint(written: str) -> str:
    if not written:
        return "The type is missing."
    word = written.split()[0]
    if written.endswith("or_other"):
        return "“or_other” is not supported: write the choice and a text question for it."
    if word in SELECTS:
        return f"Write the name of the list after “{word}”."
    if word.lower() in LATER_TYPES:
        return f"The type “{word}” is not supported yet."
    near = difflib.get_close_matches(word, sorted(TYPES | SELECTS | {"begin_group", "end_group"}), 1)
    return f"There is no type “{written}”." + (f" Did you mean “{near[0]}”?" if near else "")


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
