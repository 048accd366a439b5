"""Answers as the tree of nodes that expressions read, and what follows from them: relevance and calculations."""

import dataclasses
import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kotisatama.forms import answers as values
from kotisatama.forms import expressions
from kotisatama.forms.expressions import Node
from kotisatama.forms.paths import Answers, rows_of
from kotisatama.forms.structure import ROOT, Choice, Definition, Item, Question, Section, text

ALWAYS = ["call", "true"]
STEPS = 2_000_000  # for a whole form; ours takes about 600


class ChoiceLists(Mapping[str, Node]):
    """The lists for instance('…'), made when an expression asks for one."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition = definition
        self.language = language
        self.made: dict[str, Node] = {}

    def __getitem__(self, name: str) -> Node:
        if name not in self.made:
            self.made[name] = self.document(self.definition.choices[name])
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.definition.choices)

    def __len__(self) -> int:
        return len(self.definition.choices)

    def document(self, choices: tuple[Choice, ...]) -> Node:
        return self.document_of(item_node(choice, self.label(choice)) for choice in choices)

    @staticmethod
    def document_of(items: Iterable[Node]) -> Node:
        """The node above a list of items, as instance() wants it."""
        above = Node("")
        root = above.add(Node("root"))
        for item in items:
            root.add(item)
        return above

    def label(self, choice: Choice) -> str:
        return text(choice.labels, self.language, (self.definition.default_language,))[0]

    def choice_label(self, question: str, value: str) -> str:
        """The label of a value of a select question; the value itself when it is not on the list."""
        asked = self.definition.questions.get(question)
        choices = self.definition.choices.get(asked.choices, ()) if asked else ()
        return next((self.label(choice) for choice in choices if choice.name == value), value)


def item_node(choice: Choice, label: str) -> Node:
    """A choice as a node: item with label, name and its columns; those of a table go before what we call them."""
    node = Node("item")
    for name, written in {"label": label, "name": choice.name, **choice.columns}.items():
        node.add(Node(name, written))
    return node


class FormEnvironment(expressions.Environment):
    """What expressions of a form may read: `${name}` means the node in the innermost row around both."""

    around: Mapping[str, tuple[str, ...]]
    _rows: dict[int, dict[str, list[Node]]]

    def index(self) -> None:
        """Look the instance through again, after nodes were added or removed."""
        super().index()
        self._rows = {}

    def named(self, name: str, current: Node | None) -> list[Node]:
        """The nodes that ${name} means at the node."""
        shared = self.around.get(name)
        if current is None or not shared:
            return super().named(name, None)
        node: Node | None = current
        while node is not None and not (node.repeated and node.name in shared):
            node = node.parent
        if node is None:
            return super().named(name, None)
        found = self._in_row(node).get(name, [])
        self.budget.spend(1 + len(found))
        return found

    def _in_row(self, row: Node) -> dict[str, list[Node]]:
        """The nodes of a row by name, looked up once."""
        known = self._rows.get(id(row))
        if known is None:
            known = self._rows[id(row)] = {}
            for node in row.walk():
                known.setdefault(node.name, []).append(node)
        return known


@dataclasses.dataclass
class Evaluation:
    """What follows from answers. Keys are names of fields (`member-0-member_name`) and sections (`page_you`).

    `values` are calculated texts, `rows` the number of rows of each repeat (`member`, `member-0-child`). `nodes` and
    `environment` serve further expressions: constraints, choice filters.
    """

    environment: expressions.Environment
    nodes: dict[str, Node] = dataclasses.field(default_factory=dict)
    relevant: dict[str, bool] = dataclasses.field(default_factory=dict)
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    required: frozenset[str] = frozenset()
    rows: dict[str, int] = dataclasses.field(default_factory=dict)

    def is_relevant(self, field: str) -> bool:
        """Is the field asked, with these answers? A field that does not exist is not."""
        return self.relevant.get(field, False)

    def is_required(self, field: str) -> bool:
        return field in self.required


def evaluate(
    definition: Definition,
    answers: Answers,
    *,
    today: datetime.date,
    now: datetime.datetime,
    timezone: datetime.tzinfo,
    language: str = "",
) -> Evaluation:
    """Relevance, calculations and what is required, in the order of dependence. Raises TooComplex."""
    document = Node("")
    builder = _Builder(definition, today, now)
    builder.build(document, answers)
    lists = ChoiceLists(definition, language or definition.default_language)
    environment = FormEnvironment(document, today, now, timezone, lists, expressions.Budget(STEPS), lists.choice_label)
    environment.around = definition.repeats_around
    evaluation = Evaluation(environment, builder.nodes, rows=builder.rows)
    _Follow(definition, evaluation, builder).run()
    return evaluation


class _Rows(NamedTuple):
    """A repeat where it stands: in this node, with these answers around it. `after` is the node before its rows."""

    repeat: Section
    parent: Node
    answers: Answers
    prefix: str
    outer: str
    after: Node | None

    @property
    def key(self) -> str:
        return self.prefix + self.repeat.name


class _Builder:
    """Makes the nodes. `fields` are the keys of nodes by name, `outer` leads from a key to that of the section around.

    Rows whose number an expression says are added when it is known.
    """

    def __init__(self, definition: Definition, today: datetime.date, now: datetime.datetime) -> None:
        self.definition = definition
        self.today = today
        self.now = now
        self.nodes: dict[str, Node] = {}
        self.fields: dict[str, list[str]] = {}
        self.outer: dict[str, str] = {}
        self.rows: dict[str, int] = {}
        self.repeats: dict[str, list[_Rows]] = {}

    def build(self, document: Node, answers: Answers) -> None:
        root = document.add(Node(ROOT))
        for question in self.definition.background:
            self.add_question(question, root, answers, "", "")
        for page in self.definition.pages:
            self.add_section(page, root, answers, "", "")

    def add_section(self, section: Section, parent: Node, answers: Answers, prefix: str, outer: str) -> None:
        if section.kind == "repeat":
            self.add_repeat(
                _Rows(section, parent, answers, prefix, outer, parent.children[-1] if parent.children else None)
            )
            return
        node = parent
        if not section.loose:
            node = parent.add(Node(section.name))
            outer = self.note(section.name, node, prefix, outer)
        self.add_items(section, node, answers, prefix, outer)

    def add_items(self, section: Section, node: Node, answers: Answers, prefix: str, outer: str) -> None:
        for inside in section.items:
            if isinstance(inside, Section):
                self.add_section(inside, node, answers, prefix, outer)
            else:
                self.add_question(inside, node, answers, prefix, outer)

    def add_repeat(self, rows: _Rows) -> None:
        self.repeats.setdefault(rows.repeat.name, []).append(rows)
        if rows.repeat.count is None:
            self.add_rows(rows, max(1, len(rows_of(rows.answers, rows.repeat.name))))

    def add_rows(self, rows: _Rows, count: int) -> None:
        """Make so many rows, empty ones where the answers have none."""
        repeat, given = rows.repeat, rows_of(rows.answers, rows.repeat.name)
        self.rows[rows.key] = count
        for place in range(count):
            node = rows.parent.add(Node(repeat.name, repeated=True))
            key = self.note(f"{repeat.name}-{place}", node, rows.prefix, rows.outer, repeat.name)
            self.add_items(repeat, node, given[place] if place < len(given) else {}, f"{key}-", key)

    def add_counted(self, rows: _Rows, count: int) -> None:
        """The same for rows that stand before nodes that were made already."""
        children = rows.parent.children
        later = children[children.index(rows.after) + 1 :] if rows.after else children[:]
        del children[len(children) - len(later) :]
        self.add_rows(rows, count)
        children.extend(later)

    def add_question(self, question: Question, parent: Node, answers: Answers, prefix: str, outer: str) -> None:
        node = parent.add(Node(question.name, self.text(question, answers)))
        self.note(question.name, node, prefix, outer)

    def note(self, name: str, node: Node, prefix: str, outer: str, group: str = "") -> str:
        key = prefix + name
        self.nodes[key], self.outer[key] = node, outer
        self.fields.setdefault(group or name, []).append(key)
        return key

    def text(self, question: Question, answers: Answers) -> str:
        value = answers.get(question.name)
        if question.is_asked:
            return "" if value is None else values.as_text(question, value)
        if question.type == "today":
            return value if isinstance(value, str) else self.today.isoformat()
        if question.type in ("start", "end"):
            return value if isinstance(value, str) else self.now.isoformat(timespec="seconds")
        if question.type == "hidden":
            return question.default
        return value if question.type == "calculate" and isinstance(value, str) else ""


class _Follow:
    """Walks the form in the order of dependence and writes down what follows."""

    def __init__(self, definition: Definition, evaluation: Evaluation, builder: _Builder) -> None:
        self.definition = definition
        self.evaluation = evaluation
        self.builder = builder

    def run(self) -> None:
        for item in self.definition.items:
            if isinstance(item, Question):
                for field in self.builder.fields.get(item.name, ()):
                    self.follow_question(field, item)
                continue
            if item.count is not None:
                self.count_rows(item)
            for field in self.builder.fields.get(item.name, ()):
                self.evaluation.relevant[field] = self.is_relevant(field, item)
            if item.kind == "repeat":
                self.close_repeat(item)
        self.evaluation.required = frozenset(self.required())

    def is_relevant(self, field: str, item: Item) -> bool:
        outer = self.builder.outer[field]
        if outer and not self.evaluation.relevant[outer]:
            return False
        return item.relevant is None or expressions.boolean(
            item.relevant, self.evaluation.environment, self.evaluation.nodes[field]
        )

    def follow_question(self, field: str, question: Question) -> None:
        evaluation, node = self.evaluation, self.evaluation.nodes[field]
        relevant = evaluation.relevant[field] = self.is_relevant(field, question)
        if not relevant:
            node.text = ""
        elif question.calculation:
            node.text = expressions.string(question.calculation, evaluation.environment, node)
        if question.type in ("calculate", "hidden"):
            evaluation.values[field] = node.text

    def count_rows(self, repeat: Section) -> None:
        """Make the rows that the expression asks for, none where the repeat's surroundings are not relevant."""
        environment = self.evaluation.environment
        for rows in self.builder.repeats.get(repeat.name, ()):
            wanted = 0.0
            if repeat.count and (not rows.outer or self.evaluation.relevant[rows.outer]):
                wanted = expressions.number(repeat.count, environment, rows.parent)
            count = int(min(max(wanted, 0), repeat.most_rows)) if not math.isnan(wanted) else 0
            self.builder.add_counted(rows, count)
        environment.index()

    def close_repeat(self, repeat: Section) -> None:
        """Rows that are not relevant do not count for expressions; the repeat is relevant when any row is."""
        relevant, nodes = self.evaluation.relevant, self.evaluation.nodes
        gone = False
        for rows in self.builder.repeats.get(repeat.name, ()):
            fields = [f"{rows.key}-{place}" for place in range(self.evaluation.rows[rows.key])]
            relevant[rows.key] = any(relevant[field] for field in fields)
            for field in fields:
                if not relevant[field]:
                    rows.parent.children.remove(nodes[field])
                    gone = True
        if gone:
            self.evaluation.environment.index()

    def required(self) -> Iterator[str]:
        environment, relevant = self.evaluation.environment, self.evaluation.relevant
        for question in self.definition.questions.values():
            if not question.required:
                continue
            always = question.required == ALWAYS
            for field in self.builder.fields.get(question.name, ()):
                if relevant[field] and (
                    always or expressions.boolean(question.required, environment, self.evaluation.nodes[field])
                ):
                    yield field
