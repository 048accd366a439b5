"""Why a question is not asked on a test run: its condition, part by part, with the answers as they are now."""

import dataclasses
from collections.abc import Iterator, Mapping

from kotisatama.forms import expressions, queries
from kotisatama.forms.building import wording
from kotisatama.forms.expressions import Tree, dependencies
from kotisatama.forms.instance import Evaluation
from kotisatama.forms.structure import Definition, Item, Question, Section
from kotisatama.translation.queries import Localized


@dataclasses.dataclass(frozen=True)
class Present:
    """A question that the condition reads, and its answer now; empty when there is none."""

    label: str
    value: str


@dataclasses.dataclass(frozen=True)
class Part:
    """One part of a condition in words; `joiner` stands before it, empty for the first."""

    words: str
    holds: bool
    joiner: str


@dataclasses.dataclass(frozen=True)
class Hidden:
    """A question that is not asked, the page or group whose condition hides it (None: its own), and why."""

    label: Localized
    name: str
    row: int
    because_of: Localized | None
    parts: list[Part]
    present: list[Present]


def hidden(definition: Definition, evaluation: Evaluation, language: str) -> list[Hidden]:
    """Every question that nobody is asked with these answers, in the order of the form."""
    teller = _Teller(definition, evaluation, language)
    return [found for page in definition.pages for found in teller.inside(page, ())]


class _Teller:
    def __init__(self, definition: Definition, evaluation: Evaluation, language: str) -> None:
        self.definition = definition
        self.evaluation = evaluation
        self.language = language
        self.labels = {name: self.label(question).text or name for name, question in definition.questions.items()}
        self.choices: dict[str, Mapping[str, str]] = {
            name: self.list_of(question) for name, question in definition.questions.items() if question.choices
        }

    def label(self, item: Item) -> Localized:
        return queries.localized(item.labels, self.language)

    def list_of(self, question: Question) -> dict[str, str]:
        choices = self.definition.choices.get(question.choices, ())
        return {choice.name: queries.localized(choice.labels, self.language).text for choice in choices}

    def inside(self, section: Section, around: tuple[Section, ...]) -> Iterator[Hidden]:
        for item in section.items:
            if isinstance(item, Section):
                yield from self.inside(item, (*around, section))
            elif item.is_seen and not self.is_asked(item.name):
                yield self.told(item, (*around, section))

    def fields(self, name: str) -> list[str]:
        return [field for field, node in self.evaluation.nodes.items() if node.name == name]

    def is_asked(self, name: str) -> bool:
        return any(self.evaluation.is_relevant(field) for field in self.fields(name))

    def told(self, question: Question, around: tuple[Section, ...]) -> Hidden:
        """The outermost item whose own condition is false is the reason."""
        chain: tuple[Item, ...] = (*around, question)
        for item in chain:
            if item.relevant and not self.holds(item.relevant, item.name):
                by_another = self.label(item) if isinstance(item, Section) else None
                parts = list(self.parts(item.relevant, item.name))
                return self.hidden(question, by_another, parts, self.present(item.relevant, item.name))
        return self.hidden(question, None, [], [])

    def hidden(
        self, question: Question, because_of: Localized | None, parts: list[Part], present: list[Present]
    ) -> Hidden:
        return Hidden(self.label(question), question.name, question.row, because_of, parts, present)

    def holds(self, tree: Tree, name: str) -> bool:
        nodes = [self.evaluation.nodes[field] for field in self.fields(name)]
        return any(expressions.boolean(tree, self.evaluation.environment, node) for node in nodes)

    def parts(self, tree: Tree, name: str, joiner: str = "") -> Iterator[Part]:
        """The parts between `and` and `or`; a bracket inside stays one part."""
        if tree[0] in ("and", "or") and not (joiner and tree[0] != joiner):
            yield from self.parts(tree[1], name, tree[0]) if tree[1][0] == tree[0] else [self.part(tree[1], name, "")]
            yield self.part(tree[2], name, tree[0])
        else:
            yield self.part(tree, name, "")

    def part(self, tree: Tree, name: str, joiner: str) -> Part:
        return Part(wording.in_words(tree, self.labels, self.choices), self.holds(tree, name), joiner)

    def present(self, tree: Tree, name: str) -> list[Present]:
        node = next((self.evaluation.nodes[field] for field in self.fields(name)), None)
        found = []
        for read in sorted(dependencies(tree) & self.definition.questions.keys()):
            value = expressions.string(["ref", read], self.evaluation.environment, node) if node else ""
            words = [self.choices.get(read, {}).get(each, each) for each in value.split()]
            found.append(Present(self.labels[read], ", ".join(words) if read in self.choices else value))
        return found
