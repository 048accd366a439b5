"""Expressions in plain words, for whoever asks why a question is hidden."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from kotisatama.forms.building import conditions
from kotisatama.forms.building.conditions import OPERATORS, THIS
from kotisatama.forms.expressions import Tree

_LOOSE = {
    "or": 0,
    "and": 1,
    "=": 2,
    "!=": 2,
    "<": 3,
    "<=": 3,
    ">": 3,
    ">=": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "div": 5,
    "mod": 5,
    "|": 6,
}


def joined(tree: Tree, labels: Mapping[str, str], choices: Mapping[str, Mapping[str, str]]) -> str:
    """A whole condition in words; what mixes `and` with `or` inside brackets stays an expression there."""
    joiner = str(tree[0])
    if joiner not in ("and", "or"):
        return in_words(tree, labels, choices)
    left = joined(tree[1], labels, choices) if tree[1][0] == joiner else in_words(tree[1], labels, choices)
    word = _("and") if joiner == "and" else _("or")
    return f"{left} {word} {in_words(tree[2], labels, choices)}"


def in_words(tree: Tree, labels: Mapping[str, str], choices: Mapping[str, Mapping[str, str]]) -> str:
    """A part of a condition: in words where a drop-down could have written it, else as the expression.

    `labels` are the questions' texts, `choices` those of the choices of each question by value.
    """
    condition = conditions.condition_of(tree)
    if condition is None:
        return text_of(tree)
    name = condition.question
    subject = _("this answer") if name == THIS else _quoted(labels.get(name, name))
    words = f"{subject} {OPERATORS[condition.operator]}"
    if condition.operator in conditions.NEED_NO_VALUE:
        return words
    return f"{words} {_quoted(choices.get(name, {}).get(condition.value, condition.value))}"


def _quoted(text: str) -> str:
    return _("“{text}”").format(text=text)


def text_of(tree: Tree) -> str:
    """The tree as an expression again."""
    match tree:
        case ["here" | "root" | "num" | "str" | "ref", *_]:
            return _atom(tree)
        case ["neg", inner]:
            return f"-{_side(inner, '*', is_right=True)}"
        case ["call", name, *arguments]:
            return f"{name}({', '.join(text_of(each) for each in arguments)})"
        case ["filter", base, predicates]:
            return text_of(base) + _predicates(predicates)
        case ["path", base, steps]:
            return _path(base, steps)
    operator, left, right = tree
    return f"{_side(left, operator)} {operator} {_side(right, operator, is_right=True)}"


def _atom(tree: Tree) -> str:
    match tree:
        case ["here"]:
            return "."
        case ["root"]:
            return "/"
        case ["num", number]:
            return str(number)
        case ["ref", name]:
            return f"${{{name}}}"
    return f'"{tree[1]}"' if "'" in str(tree[1]) else f"'{tree[1]}'"


def _side(tree: Tree, operator: str, *, is_right: bool = False) -> str:
    rank = _LOOSE.get(str(tree[0]), 9)
    needs_brackets = rank < _LOOSE[operator] or (is_right and rank == _LOOSE[operator])
    return f"({text_of(tree)})" if needs_brackets else text_of(tree)


def _path(base: Tree, steps: list[Tree]) -> str:
    start = {"here": "", "root": "/"}.get(str(base[0]), f"{text_of(base)}/" if base[0] not in ("here", "root") else "")
    return start + "/".join(_step(axis, name, predicates) for axis, name, predicates in steps)


def _step(axis: str, name: str, predicates: list[Tree]) -> str:
    short = {("self", "*"): ".", ("parent", "*"): ".."}.get((axis, name))
    written = short or (name if axis == "child" else f"{axis}::{'node()' if name == '*' else name}")
    return written + _predicates(predicates)


def _predicates(predicates: list[Tree]) -> str:
    return "".join(f"[{text_of(each)}]" for each in predicates)
