"""A tree and an instance to a value, within a budget."""

from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kotisatama.forms.expressions import functions, values
from kotisatama.forms.expressions.nodes import Node, Value
from kotisatama.forms.expressions.problems import TooComplex

if TYPE_CHECKING:
    from kotisatama.forms.expressions.environment import Environment
    from kotisatama.forms.expressions.parser import Tree

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclasses.dataclass(slots=True)
class Context:
    """Where an expression stands: the node, its place among the nodes looked at, and the question it belongs to."""

    environment: Environment
    node: Node
    current: Node | None
    position: int = 1
    size: int = 1


def evaluate(tree: Tree, environment: Environment, node: Node, current: Node | None = None) -> Value:
    """The value of the tree at the node. Raises TooComplex when it takes too many steps or makes too long a text.

    `current` is the question that the expression belongs to, where that is not the node (an item of a choice filter).
    """
    return _value(tree, Context(environment, node, current or node))


def string(tree: Tree, environment: Environment, node: Node) -> str:
    """The value as text."""
    return environment.text(evaluate(tree, environment, node))


def number(tree: Tree, environment: Environment, node: Node) -> float:
    """The value as a number, NaN when it is none."""
    return environment.number(evaluate(tree, environment, node))


def boolean(tree: Tree, environment: Environment, node: Node, current: Node | None = None) -> bool:
    """The value as truth."""
    return values.boolean(evaluate(tree, environment, node, current))


def offered(tree: Tree, items: list[Node], environment: Environment, question: Node) -> list[Node]:
    """The items of a list that the question's choice filter lets through: a predicate, so position() counts them."""
    return _filtered(items, [tree], Context(environment, question, question))


def _value(tree: Tree, context: Context) -> Value:
    budget = context.environment.budget
    budget.left -= 1  # Budget.spend() written out: a third of the time went into the call
    if budget.left < 0:
        raise TooComplex("The expression takes too many steps.")
    return _KINDS[tree[0]](tree, context)


def _number(tree: Tree, _context: Context) -> Value:
    return float(tree[1])


def _text(tree: Tree, _context: Context) -> Value:
    text: str = tree[1]
    return text


def _or(tree: Tree, context: Context) -> Value:
    return values.boolean(_value(tree[1], context)) or values.boolean(_value(tree[2], context))


def _and(tree: Tree, context: Context) -> Value:
    return values.boolean(_value(tree[1], context)) and values.boolean(_value(tree[2], context))


def _arithmetic(tree: Tree, context: Context) -> Value:
    number = context.environment.number
    return _CALCULATIONS[tree[0]](number(_value(tree[1], context)), number(_value(tree[2], context)))


def _quotient(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _remainder(left: float, right: float) -> float:
    return math.fmod(left, right) if right and not math.isinf(left) else math.nan


def _single(value: Value, context: Context) -> Iterable[str | float | bool]:
    return [context.environment.content(node) for node in value] if isinstance(value, list) else [value]


def _pairs(left: Value, right: Value, context: Context) -> Iterable[tuple[str | float | bool, str | float | bool]]:
    rights = list(_single(right, context))
    for one in _single(left, context):
        context.environment.budget.spend(len(rights))
        yield from ((one, other) for other in rights)


def _equality(tree: Tree, context: Context) -> Value:
    """XPath 3.4: a set is equal when any of its nodes is, and unequal when any of its nodes is."""
    wanted, left, right = tree[0] == "=", _value(tree[1], context), _value(tree[2], context)
    if isinstance(left, bool) or isinstance(right, bool):
        return (values.boolean(left) == values.boolean(right)) is wanted
    number = context.environment.number
    for one, other in _pairs(left, right, context):
        same = one == other if isinstance(one, str) and isinstance(other, str) else number(one) == number(other)
        if same is wanted:
            return True
    return False


def _order(tree: Tree, context: Context) -> Value:
    compare, number = _COMPARISONS[tree[0]], context.environment.number
    pairs = _pairs(_value(tree[1], context), _value(tree[2], context), context)
    return any(compare(number(one), number(other)) for one, other in pairs)


def _here(_tree: Tree, context: Context) -> Value:
    return [context.node]


def _root(_tree: Tree, context: Context) -> Value:
    return [context.environment.document]


def _negative(tree: Tree, context: Context) -> Value:
    return -context.environment.number(_value(tree[1], context))


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
            looked_at = _AXES[axis](node)
            context.environment.budget.spend(1 + len(looked_at))
            reached = looked_at if name == "*" else [other for other in looked_at if other.name == name]
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
        text = context.environment.text(_value(argument, context))
        if text:
            return text
    return ""


def _once(arguments: list[Tree], context: Context) -> Value:
    """What the question holds already, else the value: it is calculated the first time only."""
    return context.node.text or context.environment.text(_value(arguments[0], context))


def _indexed_repeat(arguments: list[Tree], context: Context) -> Value:
    """indexed-repeat(question, repeat, index, …): the question in that row, seen from outside the repeat."""
    outside = dataclasses.replace(context, current=None)
    found = _nodes(arguments[0], outside)
    for repeat, index in zip(arguments[1::2], arguments[2::2], strict=False):
        wanted = context.environment.number(_value(index, context))
        above = [(node, {id(row) for row in node.ancestors()}) for node in found]
        around = frozenset[int]().union(*(rows for _, rows in above))
        rows = [row for row in _nodes(repeat, outside) if id(row) in around]
        context.environment.budget.spend(len(rows) + 4 * len(found))
        chosen = id(rows[int(wanted) - 1]) if 1 <= wanted <= len(rows) and wanted == int(wanted) else 0
        found = [node for node, rows_above in above if chosen in rows_above]
    return found


_LAZY: dict[str, Callable[[list[Tree], Context], Value]] = {
    "if": _if, "coalesce": _coalesce, "once": _once, "indexed-repeat": _indexed_repeat,
}  # fmt: skip
_CALCULATIONS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "div": _quotient, "mod": _remainder,
}  # fmt: skip
_KINDS: dict[str, Callable[[Tree, Context], Value]] = {
    "num": _number, "str": _text, "here": _here, "root": _root, "ref": _reference, "path": _path, "filter": _filter,
    "call": _call, "or": _or, "and": _and, "=": _equality, "!=": _equality, "neg": _negative, "|": _union,
    **dict.fromkeys(_COMPARISONS, _order), **dict.fromkeys(_CALCULATIONS, _arithmetic),
}  # fmt: skip
