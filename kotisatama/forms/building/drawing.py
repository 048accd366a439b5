"""The form as the builder's page shows it: cards in order, each with what stands on it and what is wrong with it."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise

from kotisatama.forms import definition as definitions
from kotisatama.forms import queries, xlsform
from kotisatama.forms.building import conditions, lists, locks, outline, references, wording, words
from kotisatama.forms.building.book import Book, Line, Rows
from kotisatama.forms.building.outline import Item
from kotisatama.forms.expressions import ExpressionProblem, parse
from kotisatama.forms.xlsform import Problem
from kotisatama.translation.queries import Localized


@dataclasses.dataclass
class Card:
    """One question, page, group or repeat."""

    number: int
    name: str
    kind: str
    title: Localized
    type_words: str | Promise
    is_locked: bool
    is_required: bool
    shown_when: str
    missing: list[str]
    problems: list[Problem]
    can_up: bool
    can_down: bool
    children: list["Card"] = dataclasses.field(default_factory=list)

    @property
    def is_container(self) -> bool:
        return self.kind in ("page", "group", "repeat")

    @property
    def label(self) -> str:
        """What the card is called in names of buttons."""
        return self.title.text or self.name or str(self.type_words)


@dataclasses.dataclass(frozen=True)
class ChoiceList:
    """A list of choices with the number of its choices and who chooses from it."""

    name: str
    size: int
    users: list[str]


@dataclasses.dataclass(frozen=True)
class Drawn:
    """The whole page."""

    cards: list[Card]
    lists: list[ChoiceList]
    languages: dict[str, str]
    default: str
    elsewhere: list[Problem]
    total: int

    def walk(self) -> Iterator[Card]:
        """Every card in the order of the form."""
        waiting = list(reversed(self.cards))
        while waiting:
            card = waiting.pop()
            yield card
            waiting.extend(reversed(card.children))

    def containers(self) -> list[Card]:
        return [card for card in self.walk() if card.is_container]


def drawn(rows: Rows, language: str, sha256: str = "", attachments: Mapping[str, Any] | None = None) -> Drawn:
    """The rows as cards in the reader's language. `sha256` names the rows, so that they are checked once."""
    book = Book(rows)
    found = compiled(rows, sha256, attachments).problems
    drawer = _Drawer(book, language, found)
    cards = drawer.cards(outline.outline(book))
    users = references.lists_used(book)
    choice_lists = [
        ChoiceList(name, len(lists.lines_of(book, name)), users.get(name, [])) for name in lists.list_names(book)
    ]
    headings = book.headings
    return Drawn(cards, choice_lists, headings.languages, headings.default, drawer.elsewhere(), len(found))


class _Checked:
    """Rows by their hash alone, so that the cache below neither compares nor prints them."""

    def __init__(self, sha256: str, rows: Rows, attachments: Mapping[str, Any]) -> None:
        self.sha256 = sha256
        self.rows = rows
        self.attachments = attachments

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Checked) and other.sha256 == self.sha256


def compiled(rows: Rows, sha256: str = "", attachments: Mapping[str, Any] | None = None) -> definitions.Compiled:
    """What rows and tables compile to, once for each `sha256`."""
    checked = _Checked(sha256, rows, attachments or {})
    return _compiled(checked) if sha256 else _compiled.__wrapped__(checked)


@lru_cache(maxsize=32)
def _compiled(checked: _Checked) -> definitions.Compiled:
    return definitions.compile_definition(xlsform.source_from_json(checked.rows), checked.attachments)


def texts_of(book: Book, language: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The texts of the questions, and those of the choices of each, by name in the reader's language."""
    drawer = _Drawer(book, language, ())
    return drawer.labels, drawer.choices


class _Drawer:
    def __init__(self, book: Book, language: str, problems: Sequence[Problem]) -> None:
        self.book = book
        self.language = language
        self.numbers = book.survey.numbers()
        self.by_row: dict[int, list[Problem]] = {}
        self.rest: list[Problem] = []
        for problem in problems:
            if problem.sheet == "survey" and problem.row in self.numbers:
                self.by_row.setdefault(problem.row, []).append(problem)
            else:
                self.rest.append(problem)
        self.labels = self.texts_by_name()
        self.choices = self.choices_by_name()

    def elsewhere(self) -> list[Problem]:
        """Problems of no card: of headings, choices, settings or the whole form."""
        return self.rest

    def localized(self, sheet: str, line: Line) -> Localized:
        found = {
            heading.language: line.cells[heading.text]
            for heading in self.book.headings.sheets[sheet]
            if heading.column == "label" and line.cells.get(heading.text)
        }
        return queries.localized(found, self.language)

    def texts_by_name(self) -> dict[str, str]:
        named = ((self.cell(line, "name"), self.localized("survey", line).text) for line in self.book.survey.lines)
        return {name: text for name, text in named if name and text}

    def choices_by_name(self) -> dict[str, dict[str, str]]:
        """The texts of the choices by the question that offers them."""
        of_lists: dict[str, dict[str, str]] = {}
        for line in self.book.choices.lines:
            name = self.book.cell("choices", line, "name")
            text = self.localized("choices", line).text
            of_lists.setdefault(self.book.cell("choices", line, "list_name"), {})[name] = text or name
        users = references.lists_used(self.book)
        return {question: of_lists.get(name, {}) for name, questions in users.items() for question in questions}

    def cell(self, line: Line, column: str) -> str:
        return self.book.cell("survey", line, column)

    def cards(self, items: list[Item]) -> list[Card]:
        return [self.card(item, place, len(items)) for place, item in enumerate(items)]

    def card(self, item: Item, place: int, length: int) -> Card:
        line = self.book.survey.lines[item.start]
        kind = "page" if item.is_page else item.kind
        numbers = {self.numbers[item.start], self.numbers[item.end]}
        return Card(
            number=self.numbers[item.start],
            name=self.cell(line, "name"),
            kind=kind,
            title=self.localized("survey", line),
            type_words=self.type_words(kind, line),
            is_locked=locks.is_locked(self.book, line),
            is_required=self.cell(line, "required").lower() not in ("", "no", "false", "false()"),
            shown_when=self.in_words(self.cell(line, "relevant")),
            missing=self.missing(kind, line),
            problems=[problem for number in sorted(numbers) for problem in self.by_row.get(number, ())],
            can_up=place > 0,
            can_down=place + 1 < length,
            children=self.cards(item.children),
        )

    def type_words(self, kind: str, line: Line) -> str | Promise:
        named = {"page": words.PAGE, "group": words.GROUP, "repeat": words.REPEAT, "stray": words.STRAY}
        written, _list = outline.divided(self.cell(line, "type"))
        return named.get(kind) or words.TYPES.get(written, written)

    def in_words(self, expression: str) -> str:
        if not expression:
            return ""
        try:
            tree = parse(expression)
        except ExpressionProblem:
            return expression
        return wording.joined(tree, self.labels, self.choices)

    def missing(self, kind: str, line: Line) -> list[str]:
        """Codes of languages in which the text is missing, where one is expected."""
        written = outline.divided(self.cell(line, "type"))[0]
        if kind in ("group", "stray") or written in words.UNSEEN:
            return []
        headings = [each for each in self.book.headings.sheets["survey"] if each.column == "label"]
        return [each.language for each in headings if each.language and not line.cells.get(each.text)]


def kinds(book: Book) -> conditions.Kinds:
    """The type of each question by name."""
    return {
        name: outline.divided(book.cell("survey", line, "type"))[0]
        for line in book.survey.lines
        if (name := book.cell("survey", line, "name")) and not outline.ends(book.cell("survey", line, "type"))
    }
