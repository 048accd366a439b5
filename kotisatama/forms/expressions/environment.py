"""What an expression may read, and what reading costs."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping

from kotisatama.forms.expressions import values
from kotisatama.forms.expressions.nodes import Node, Value
from kotisatama.forms.expressions.problems import Budget, TooComplex

LONGEST_VALUE = 100_000  # characters; thirty calculations that double their text would make ten thousand millions
_CHARACTERS_A_STEP = 64


def _no_label(_name: str, value: str) -> str:
    return value


@dataclasses.dataclass
class Environment:
    """Everything that an expression may read.

    `document` is the node above the outermost element; `instances` are the lists and tables for instance() and
    pulldata(), each a document node; `now` has a timezone, `today` is the day in that timezone;
    `choice_label(question, value)` serves jr:choice-name.
    """

    document: Node
    today: datetime.date
    now: datetime.datetime
    timezone: datetime.tzinfo
    instances: Mapping[str, Node] = dataclasses.field(default_factory=dict)
    budget: Budget = dataclasses.field(default_factory=Budget)
    choice_label: Callable[[str, str], str] = _no_label
    _index: dict[str, list[Node]] = dataclasses.field(init=False, default_factory=dict)
    _by_row: dict[tuple[int, str], list[Node]] = dataclasses.field(init=False, default_factory=dict)
    _by_key: dict[tuple[str, str], dict[str, Node]] = dataclasses.field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.index()

    def index(self) -> None:
        """Look the instance through again, after nodes were added or removed."""
        self._index, self._by_row, self._by_key = {}, {}, {}
        waiting: list[tuple[Node, tuple[int, ...]]] = [(self.document, ())]
        while waiting:
            node, rows = waiting.pop()
            self._index.setdefault(node.name, []).append(node)
            for row in rows:
                self._by_row.setdefault((row, node.name), []).append(node)
            inside = (*rows, id(node)) if node.repeated else rows
            waiting.extend([(child, inside) for child in reversed(node.children)])

    def named(self, name: str, current: Node | None) -> list[Node]:
        """The nodes that ${name} means at the node: those of the innermost row around it that has any, else all."""
        found = self._index.get(name, [])
        if current is not None and len(found) > 1:
            found = self._nearest(name, current) or found
        self.budget.spend(len(found))
        return found

    def _nearest(self, name: str, current: Node) -> list[Node] | None:
        for row in current.ancestors():
            if row.repeated and (found := self._by_row.get((id(row), name))):
                return found
        return None

    def item(self, name: str, key_column: str, key: str) -> Node | None:
        """The first item of the list whose column holds the key; the list is looked through once."""
        known = self._by_key.get((name, key_column))
        if known is None:
            known = self._by_key[name, key_column] = {}
            document = self.instances.get(name)
            for item in document.children[0].children if document and document.children else ():
                self.budget.spend(1 + len(item.children))
                for cell in item.children:
                    if cell.name == key_column:
                        known.setdefault(cell.text, item)
        return known.get(key)

    def content(self, node: Node) -> str:
        """The text of the node with everything below it."""
        if not node.children:
            return node.text
        texts, length = [], 0
        for below in node.walk():
            self.budget.spend()
            texts.append(below.text)
            length += len(below.text)
            if length > LONGEST_VALUE:
                raise TooComplex("The text becomes too long.")
        return "".join(texts)

    def text(self, value: Value) -> str:
        """XPath's string()."""
        if isinstance(value, list):
            return self.content(value[0]) if value else ""
        return values.string(value)

    def number(self, value: Value) -> float:
        """XPath's number(); a date is the count of days since 1970."""
        if isinstance(value, (list, str)):
            return values.number_of(self.text(value), self.timezone)
        return float(value)

    def texts(self, arguments: list[Value]) -> list[str]:
        """The texts of values and of all nodes of sets."""
        found: list[str] = []
        length = 0
        for argument in arguments:
            for one in argument if isinstance(argument, list) else [argument]:
                text = self.content(one) if isinstance(one, Node) else values.string(one)
                self.handle(text)
                found.append(text)
                length += len(text)
                if length > LONGEST_VALUE:
                    raise TooComplex("The text becomes too long.")
        return found

    def handle(self, text: str) -> str:
        """Pay for reading or making the text; raises TooComplex when it is too long."""
        self.budget.spend(1 + len(text) // _CHARACTERS_A_STEP)
        if len(text) > LONGEST_VALUE:
            raise TooComplex("The text becomes too long.")
        return text
