"""A list of expressions over one instance, as `kotisatama form-evaluate` reads it: shared test vectors of XLSForm.

The file may come from anybody: no entity is read, and what it holds and costs is bounded.
"""

import collections
import dataclasses
import datetime
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers import expat

from kotisatama.forms.expressions.environment import Environment
from kotisatama.forms.expressions.evaluator import string
from kotisatama.forms.expressions.nodes import Node
from kotisatama.forms.expressions.parser import parse
from kotisatama.forms.expressions.problems import Budget, ExpressionProblem, TooComplex

MOST_BYTES = 5_000_000
MOST_NODES = 50_000
DEEPEST = 100
MOST_VECTORS = 10_000
STEPS = 100_000  # for each expression
STEPS_TOGETHER = 20_000_000
CONTEXT = "/data/c"


class BadVectors(Exception):
    """The file as a whole cannot be used; the text says why."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The value as text, or None and the reason."""

    expression: str
    value: str | None
    reason: str = ""


def outcomes(content: Any, now: datetime.datetime) -> Iterator[Outcome]:
    """Each expression with its value at the context node. Raises BadVectors before the first one."""
    place = _environment(content, now)
    context = content.get("context", CONTEXT)
    try:
        node = next(node for node in place.document.walk() if _way(node) == context)
    except StopIteration:
        raise BadVectors(f"The instance has no node {context}.") from None
    return _each(_expressions(content), place, node)


def _each(written: list[str], place: Environment, node: Node) -> Iterator[Outcome]:
    left = STEPS_TOGETHER
    for expression in written:
        place.budget = Budget(min(STEPS, left))
        before = place.budget.left
        try:
            yield Outcome(expression, string(parse(expression), place, node))
        except (ExpressionProblem, TooComplex) as reason:
            yield Outcome(expression, None, str(reason))
        left = max(0, left - (before - max(0, place.budget.left)))


def _expressions(content: Mapping[str, Any]) -> list[str]:
    vectors = content.get("vectors")
    if not isinstance(vectors, list) or len(vectors) > MOST_VECTORS:
        raise BadVectors(f"“vectors” is not a list of at most {MOST_VECTORS} pairs [expression, value].")
    written = [vector[0] if isinstance(vector, list) and vector else vector for vector in vectors]
    if not all(isinstance(expression, str) for expression in written):
        raise BadVectors("Each vector is a pair [expression, value] of two texts.")
    return written


def _environment(content: Any, now: datetime.datetime) -> Environment:
    if not isinstance(content, dict) or not isinstance(content.get("instance"), str):
        raise BadVectors("“instance” is not a text with XML.")
    try:
        zone = zoneinfo.ZoneInfo(str(content.get("timezone", "UTC")))
    except (KeyError, ValueError, OSError):
        raise BadVectors(f"There is no timezone {content['timezone']!r}.") from None
    lists = content.get("secondary_instances", {})
    if not isinstance(lists, dict):
        raise BadVectors("“secondary_instances” is not an object of lists.")
    made = {str(name): choices(items) for name, items in lists.items()}
    return Environment(document(content["instance"]), now.astimezone(zone).date(), now, zone, made)


def choices(items: Any) -> Node:
    """A list of `{"name": …, "label": …}` as the document that instance() gives. Raises BadVectors."""
    above = Node("")
    root = above.add(Node("root"))
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadVectors("A secondary instance is a list of objects.")
    if sum(1 + len(item) for item in items) > MOST_NODES:
        raise BadVectors(f"A secondary instance has more than {MOST_NODES} values.")
    for item in items:
        node = root.add(Node("item"))
        for name, text in item.items():
            node.add(Node(str(name), str(text).encode(errors="replace").decode()))
    return above


def document(xml: str) -> Node:
    """The instance, under a node without a name. Elements of one name side by side are rows of a repeat.

    Raises BadVectors; a document type declaration is refused, so that there is no entity to expand.
    """
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(xml.encode(), True)
    except (expat.ExpatError, UnicodeError) as error:
        raise BadVectors(f"The instance is not XML: {error}.") from None
    return reader.above


class _Reader:
    def __init__(self) -> None:
        self.above = self.node = Node("")
        self.depth = self.count = 0

    def refuse(self, *_: Any) -> None:
        raise BadVectors("The instance must not have a document type declaration.")

    def begin(self, name: str, _attributes: Mapping[str, str]) -> None:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_NODES:
            raise BadVectors(f"The instance has more than {MOST_NODES} nodes or is deeper than {DEEPEST}.")
        self.node.text = ""
        self.node = self.node.add(Node(name))

    def text(self, text: str) -> None:
        if not self.node.children:
            self.node.text += text

    def end(self, _name: str) -> None:
        closed, self.depth = self.node, self.depth - 1
        counts = collections.Counter(child.name for child in closed.children)
        for child in closed.children:
            child.repeated = counts[child.name] > 1
        self.node = closed.parent or self.above


def _way(node: Node) -> str:
    return "/".join(each.name for each in reversed(list(node.ancestors())))
