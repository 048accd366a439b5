"""A tree and an instance to a value, within a budget."""

import dataclasses
import datetime
import math
import operator
from collections.abc import Callable, Iterable, Mapping

from kotisatama.forms.expressions import functions, values
from kotisatama.forms.expressions.nodes import Node, Value
from kotisatama.forms.expressions.parser import Tree
from kotisatama.forms.expressions.problems import Budget

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _no_label(_name: str, value: str) -> str:
    return value


@dataclasses.dataclass
class Environment:
    """Everything that an expression may read.

    `document` is the node above the outermost element; `instances` are the lists for instance(), each a document node;
    `now` has a timezone, `today` is the day in that timezone; `choice_label(question, value)` serves jr:choice-name.
    """

    document: Node
    today: datetime.date
    now: datetime.datetime
    timezone: datetime.tzinfo
    instances: Mapping[str, Node] = dataclasses.field(default_factory=dict)
    budget: Budget = dataclasses.field(default_factory=Budget)
    choice_label: Callable[[str, str], str] = _no_label
    _index: dict[str, list[Node]] = dataclasses.field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.index()

    def index(self) -> None:
        """Look the instance through again, after nodes were added or removed."""
        self._index = {}
        for node in self.document.walk():
            self._index.setdefault(node.name, []).append(node)

    def named(self, name: str, current: Node | None) -> list[Node]:
        """The nodes that ${name} means at the node: those of its own row of a repeat, else all."""
        found = self._index.get(name, [])
        self.budget.spend(len(found))
        if current is None or len(found) < 2:
            return found
        row = next((node for node in current.ancestors() if node.repeated), None)
        if row is None or row.name == name:
            return found
        return [node for node in found if any(node_above is row for node_above in node.ancestors())] or found


@dataclasses.dataclass(frozen=True)
class Context:
    """Where an expression stands: the node, its place among the nodes looked at, and the question it belongs to."""

    environment: Environment
    node: Node
    current: Node | None
    position: int = 1
    size: int = 1


def evaluate(tree: Tree, environment: Environment, node: Node, current: Node | None = None) -> Value:
    """The value of the tree at the node. Raises TooComplex when it takes too many steps.

    `current` is the question that the expression belongs to, where that is not the node (an item of a choice filter).
    """
    return _value(tree, Context(environment, node, current or node))


def string(tree: Tree, environment: Environment, node: Node) -> str:
    """The value as text."""
    return values.string(evaluate(tree, environment, node))


def number(tree: Tree, environment: Environment, node: Node) -> float:
    """The value as a number, NaN when it is none."""
    return values.number(evaluate(tree, environment, node), environment.timezone)


def boolean(tree: Tree, environment: Environment, node: Node, current: Node | None = None) -> bool:
    """The value as truth."""
    return values.boolean(evaluate(tree, environment, node, current))


def _value(tree: Tree, context: Context) -> Value:
    context.environment.budget.spend()
    kind = tree[0]
    if kind in ("num", "str"):
        literal: str | int | float = tree[1]
        return literal if isinstance(literal, str) else float(literal)
    if kind in _SHAPES:
        return _SHAPES[kind](tree, context)
    return _operation(kind, tree, context)


def _operation(kind: str, tree: Tree, context: Context) -> Value:
    if kind in ("or", "and"):
        left = values.boolean(_value(tree[1], context))
        return left if left == (kind == "or") else values.boolean(_value(tree[2], context))
    left_value, right_value = _value(tree[1], context), _value(tree[2], context)
    zone = context.environment.timezone
    if kind in ("=", "!="):
        return _equal(kind == "=", left_value, right_value, context)
    if kind in _COMPARISONS:
        return _ordered(_COMPARISONS[kind], left_value, right_value, context)
    return _arithmetic(kind, values.number(left_value, zone), values.number(right_value, zone))


def _arithmetic(kind: str, left: float, right: float) -> float:
    if kind == "+":
        return left + right
    if kind == "-":
        return left - right
    if kind == "*":
        return left * right
    if kind == "div":
        return _quotient(left, right)
    return math.fmod(left, right) if right and not math.isinf(left) else math.nan


def _quotient(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _single(value: Value) -> Iterable[str | float | bool]:
    return [node.string() for node in value] if isinstance(value, list) else [value]


def _pairs(left: Value, right: Value, context: Context) -> Iterable[tuple[str | float | bool, str | float | bool]]:
    rights = list(_single(right))
    for one in _single(left):
        context.environment.budget.spend(len(rights))
        yield from ((one, other) for other in rights)


def _equal(wanted: bool, left: Value, right: Value, context: Context) -> bool:
    """XPath 3.4: a set is equal when any of its nodes is, and unequal when any of its nodes is."""
    if isinstance(left, bool) or isinstance(right, bool):
        return (values.boolean(left) == values.boolean(right)) is wanted
    zone = context.environment.timezone
    for one, other in _pairs(left, right, context):
        if isinstance(one, str) and isinstance(other, str):
            same = one == other
        else:
            same = values.number(one, zone) == values.number(other, zone)
        if same is wanted:
            return True
    return False


def _ordered(compare: Callable[[float, float], bool], left: Value, right: Value, context: Context) -> bool:
    zone = context.environment.timezone
    pairs = _pairs(left, right, context)
    return any(compare(values.number(one, zone), values.number(other, zone)) for one, other in pairs)


def _here(_tree: Tree, context: Context) -> Value:
    return [context.node]


def _root(_tree: Tree, context: Context) -> Value:
    return [context.environment.document]


def _negative(tree: Tree, context: Context) -> Value:
    return -values.number(_value(tree[1], context), context.environment.timezone)


def _reference(tree: Tree, context: Context) -> Value:
    return context.environment.named(tree[1], context.current)


def _union(tree: Tree, context: Context) -> Value:
    found = {id(node): node for part in tree[1:] for node in _nodes(part, context)}
    order = {id(node): place for place, node in enumerate(context.environment.document.walk())}
    context.environment.budget.spend(len(order))
    return sorted(found.values(), key=lambda node: order.get(id(node), 0))


def _nodes(tree: Tree, context: Context) -> list[Node]:
    value = _value(tree, context)
    return value if isinstance(value, list) else []


def _filter(tree: Tree, context: Context) -> Value:
    return _filtered(_nodes(tree[1], context), tree[2], context)


def _filtered(nodes: list[Node], predicates: list[Tree], context: Context) -> list[Node]:
    for predicate in predicates:
        kept = []
        for position, node in enumerate(nodes, 1):
            inner = Context(context.environment, node, context.current, position, len(nodes))
            value = _value(predicate, inner)
            number_wanted = isinstance(value, float)
            if value == position if number_wanted else values.boolean(value):
                kept.append(node)
        nodes = kept
    return nodes


def _path(tree: Tree, context: Context) -> Value:
    nodes = [context.node] if tree[1] == ["here"] else _nodes(tree[1], context)
    for axis, name, predicates in tree[2]:
        found: dict[int, Node] = {}
        for node in nodes:
            reached = [other for other in _AXES[axis](node) if name in ("*", other.name)]
            context.environment.budget.spend(1 + len(reached))
            found.update((id(other), other) for other in _filtered(reached, predicates, context))
        nodes = list(found.values())
    return nodes


def _parent(node: Node) -> list[Node]:
    return [node.parent] if node.parent else []


def _descendants(node: Node) -> list[Node]:
    return list(node.walk())[1:]


def _siblings(node: Node, step: int) -> list[Node]:
    """The nearest comes first, as position() counts on these axes."""
    siblings = node.parent.children if node.parent else [node]
    place = next((number for number, other in enumerate(siblings) if other is node), 0)
    return siblings[place + 1 :] if step > 0 else siblings[:place][::-1]


_AXES: dict[str, Callable[[Node], list[Node]]] = {
    "child": lambda node: node.children,
    "parent": _parent,
    "self": lambda node: [node],
    "descendant": _descendants,
    "descendant-or-self": lambda node: list(node.walk()),
    "ancestor": lambda node: list(node.ancestors())[1:],
    "ancestor-or-self": lambda node: list(node.ancestors()),
    "preceding-sibling": lambda node: _siblings(node, -1),
    "following-sibling": lambda node: _siblings(node, 1),
}


def _call(tree: Tree, context: Context) -> Value:
    name, arguments = tree[1], tree[2:]
    if name in _LAZY:
        return _LAZY[name](arguments, context)
    return functions.call(name, [_value(argument, context) for argument in arguments], context)


def _if(arguments: list[Tree], context: Context) -> Value:
    return _value(arguments[1 if values.boolean(_value(arguments[0], context)) else 2], context)


def _coalesce(arguments: list[Tree], context: Context) -> Value:
    for argument in arguments:
        text = values.string(_value(argument, context))
        if text:
            return text
    return ""


def _once(arguments: list[Tree], context: Context) -> Value:
    """What the question holds already, else the value: it is calculated the first time only."""
    return context.node.text or values.string(_value(arguments[0], context))


def _indexed_repeat(arguments: list[Tree], context: Context) -> Value:
    """indexed-repeat(question, repeat, index, …): the question in that row, seen from outside the repeat."""
    outside = dataclasses.replace(context, current=None)
    found = _nodes(arguments[0], outside)
    for repeat, index in zip(arguments[1::2], arguments[2::2], strict=False):
        rows = [row for row in _nodes(repeat, outside) if any(row in node.ancestors() for node in found)]
        wanted = values.number(_value(index, context), context.environment.timezone)
        chosen = [row for place, row in enumerate(rows, 1) if place == wanted]
        found = [node for node in found if any(row in node.ancestors() for row in chosen)]
        context.environment.budget.spend(len(rows) + len(found))
    return found


_LAZY: dict[str, Callable[[list[Tree], Context], Value]] = {
    "if": _if, "coalesce": _coalesce, "once": _once, "indexed-repeat": _indexed_repeat,
}  # fmt: skip
_SHAPES: dict[str, Callable[[Tree, Context], Value]] = {
    "here": _here, "root": _root, "neg": _negative, "ref": _reference, "|": _union, "filter": _filter,
    "path": _path, "call": _call,
}  # fmt: skip
