"""Answers as the tree of nodes that expressions read, and what follows from them: relevance and calculations."""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from kotisatama.forms import answers as values
from kotisatama.forms import expressions
from kotisatama.forms.expressions import Node
from kotisatama.forms.structure import ROOT, Choice, Definition, Item, Question, Section, text

Answers = Mapping[str, Any]

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
        above = Node("")
        root = above.add(Node("root"))
        for choice in choices:
            root.add(item_node(choice, self.label(choice)))
        return above

    def label(self, choice: Choice) -> str:
        return text(choice.labels, self.language, (self.definition.default_language,))[0]

    def choice_label(self, question: str, value: str) -> str:
        """The label of a value of a select question; the value itself when it is not on the list."""
        asked = self.definition.questions.get(question)
        choices = self.definition.choices.get(asked.choices, ()) if asked else ()
        return next((self.label(choice) for choice in choices if choice.name == value), value)


def item_node(choice: Choice, label: str) -> Node:
    """A choice as a node: item with name, label and its further columns."""
    node = Node("item")
    for name, written in {**choice.columns, "name": choice.name, "label": label}.items():
        node.add(Node(name, written))
    return node


@dataclasses.dataclass
class Evaluation:
    """What follows from answers. Keys are names of fields (`member-0-member_name`) and sections (`page_you`).

    `values` are calculated texts. `nodes` and `environment` serve further expressions: constraints, choice filters.
    """

    environment: expressions.Environment
    nodes: dict[str, Node]
    relevant: dict[str, bool]
    values: dict[str, str]
    required: frozenset[str] = frozenset()

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
    nodes: dict[str, Node] = {}
    _Builder(definition, answers, nodes, today, now).build(document)
    lists = ChoiceLists(definition, language or definition.default_language)
    environment = expressions.Environment(
        document, today, now, timezone, lists, expressions.Budget(STEPS), lists.choice_label
    )
    evaluation = Evaluation(environment, nodes, {}, {})
    _Follow(definition, evaluation).run()
    return evaluation


@dataclasses.dataclass
class _Builder:
    definition: Definition
    answers: Answers
    nodes: dict[str, Node]
    today: datetime.date
    now: datetime.datetime

    def build(self, document: Node) -> None:
        root = document.add(Node(ROOT))
        for question in self.definition.background:
            self.add_question(question, root, self.answers, "")
        for page in self.definition.pages:
            self.add_section(page, root, self.answers, "")

    def add(self, item: Item, parent: Node, answers: Answers, prefix: str) -> None:
        if isinstance(item, Question):
            self.add_question(item, parent, answers, prefix)
        elif item.kind == "repeat":
            for place, row in enumerate(rows_of(answers, item.name) or [{}]):
                node = parent.add(Node(item.name, repeated=True))
                self.nodes[f"{item.name}-{place}"] = node
                for inside in item.items:
                    self.add(inside, node, row, f"{item.name}-{place}-")
        else:
            self.add_section(item, parent, answers, prefix)

    def add_section(self, section: Section, parent: Node, answers: Answers, prefix: str) -> None:
        node = parent
        if not section.loose:
            node = parent.add(Node(section.name))
            self.nodes[prefix + section.name] = node
        for inside in section.items:
            self.add(inside, node, answers, prefix)

    def add_question(self, question: Question, parent: Node, answers: Answers, prefix: str) -> None:
        self.nodes[prefix + question.name] = parent.add(Node(question.name, self.text(question, answers)))

    def text(self, question: Question, answers: Answers) -> str:
        value = answers.get(question.name)
        if question.type == "today":
            return value if isinstance(value, str) else self.today.isoformat()
        if question.type in ("start", "end"):
            return value if isinstance(value, str) else self.now.isoformat(timespec="seconds")
        if question.type == "hidden":
            return question.default
        if question.type == "calculate":
            return value if isinstance(value, str) else ""
        return values.as_text(question, value)


def rows_of(answers: Answers, repeat: str) -> list[dict[str, Any]]:
    """The rows of a repeat; what is not a row is left out."""
    rows = answers.get(repeat)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


class _Follow:
    """Walks the form in the order of dependence and writes down what follows."""

    def __init__(self, definition: Definition, evaluation: Evaluation) -> None:
        self.definition = definition
        self.evaluation = evaluation
        self.fields: dict[str, list[str]] = {}
        self.keys = {id(node): field for field, node in evaluation.nodes.items()}
        for field, node in evaluation.nodes.items():
            self.fields.setdefault(node.name, []).append(field)

    def run(self) -> None:
        for name in self.definition.order:
            item = self.definition.sections.get(name) or self.definition.questions[name]
            for field in self.fields.get(name, ()):
                self.follow(field, item)
            if isinstance(item, Section) and item.kind == "repeat":
                self.close_repeat(item)
        self.evaluation.required = frozenset(self.required())

    def follow(self, field: str, item: Item) -> None:
        evaluation, node = self.evaluation, self.evaluation.nodes[field]
        outer = self.keys.get(id(node.parent))
        relevant = outer is None or evaluation.relevant[outer]
        if relevant and item.relevant:
            relevant = expressions.boolean(item.relevant, evaluation.environment, node)
        evaluation.relevant[field] = relevant
        if isinstance(item, Section):
            return
        if not relevant:
            node.text = ""
        elif item.calculation:
            node.text = expressions.string(item.calculation, evaluation.environment, node)
        if item.type in ("calculate", "hidden"):
            evaluation.values[field] = node.text

    def close_repeat(self, repeat: Section) -> None:
        """Rows that are not relevant do not count for expressions; the repeat is relevant when any row is."""
        fields = self.fields.get(repeat.name, [])
        relevant = [field for field in fields if self.evaluation.relevant[field]]
        self.evaluation.relevant[repeat.name] = bool(relevant)
        for field in set(fields) - set(relevant):
            node = self.evaluation.nodes[field]
            if node.parent:
                node.parent.children.remove(node)
        if len(relevant) < len(fields):
            self.evaluation.environment.index()

    def required(self) -> Iterator[str]:
        for question in self.definition.questions.values():
            for field in self.fields.get(question.name, ()) if question.required else ():
                relevant = self.evaluation.relevant[field]
                node, environment = self.evaluation.nodes[field], self.evaluation.environment
                if relevant and question.required and expressions.boolean(question.required, environment, node):
                    yield field
