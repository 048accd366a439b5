"""Conditions as drop-downs write them, and expressions of that shape read back into drop-downs.

`${family} = 'yes' and ${age} > 18` is two conditions joined by `and`. An expression of any other shape stays text.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.forms.expressions import ExpressionProblem, Names, Tree, parse
from kotisatama.kernel.errors import NotAllowed

THIS = "."  # the answer that a constraint is about
MULTIPLE, SELECTS = "select_multiple", frozenset({"select_one", "select_multiple"})
NUMBERS = frozenset({"integer", "decimal", "range"})
DATES = frozenset({"date", "today"})
OPERATORS = {
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "contains": gettext_lazy("contains"),
    "lacks": gettext_lazy("does not contain"),
    "more": gettext_lazy("is more than"),
    "least": gettext_lazy("is at least"),
    "less": gettext_lazy("is less than"),
    "most": gettext_lazy("is at most"),
    "answered": gettext_lazy("is answered"),
    "empty": gettext_lazy("is not answered"),
    "shorter": gettext_lazy("has at most so many characters:"),
}
NEED_NO_VALUE = frozenset({"answered", "empty"})
_SIGNS = {"is": "=", "is_not": "!=", "more": ">", "least": ">=", "less": "<", "most": "<="}
_CODES = {sign: code for code, sign in _SIGNS.items()}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,10})(\.[0-9]{1,4})?\Z")  # as many digits as a float keeps
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TODAY = "today"


@dataclasses.dataclass(frozen=True)
class Condition:
    """One line of drop-downs. `question` is a name, or THIS."""

    question: str
    operator: str
    value: str = ""


@dataclasses.dataclass(frozen=True)
class Conditions:
    """All lines, joined by one word: `and` or `or`."""

    lines: tuple[Condition, ...]
    joiner: str = "and"


Kinds = Mapping[str, str]  # the type of each question by name; that of THIS too


def operators_for(kind: str) -> list[str]:
    """The operators that make sense for a question of this type."""
    if kind == MULTIPLE:
        return ["contains", "lacks", "answered", "empty"]
    if kind in ("select_one", "acknowledge"):
        return ["is", "is_not", "answered", "empty"]
    if kind in NUMBERS | DATES | {"time", "dateTime"}:
        return ["is", "is_not", "more", "least", "less", "most", "answered", "empty"]
    return list(OPERATORS)


def write(conditions: Conditions, kinds: Kinds) -> str:
    """The expression. Raises NotAllowed for a value that does not fit."""
    return f" {conditions.joiner} ".join(_written(line, kinds.get(line.question, "")) for line in conditions.lines)


def _written(line: Condition, kind: str) -> str:
    subject = THIS if line.question == THIS else f"${{{line.question}}}"
    if line.operator in NEED_NO_VALUE:
        return f"{subject} {'!=' if line.operator == 'answered' else '='} ''"
    if line.operator in ("contains", "lacks"):
        function = "selected" if kind in SELECTS else "contains"
        found = f"{function}({subject}, {_quoted(line.value)})"
        return found if line.operator == "contains" else f"not({found})"
    if line.operator == "shorter":
        return f"string-length({subject}) <= {_number(line.value.strip().removeprefix('-'))}"
    if line.operator not in _SIGNS:
        raise NotAllowed(_("Choose how the answer is compared."))
    return f"{subject} {_SIGNS[line.operator]} {_literal(line, kind)}"


def _literal(line: Condition, kind: str) -> str:
    value = line.value.strip()
    if kind in DATES:
        return _date(value)
    ordered = line.operator not in ("is", "is_not")
    if kind in NUMBERS or (ordered and kind not in ("time", "dateTime")):
        return _number(value)
    if kind in ("calculate", "hidden", "") and _NUMBER.match(value):
        return _number(value)
    return _quoted(value)


def _number(value: str) -> str:
    plain = value.strip().replace(",", ".").replace("\u2212", "-")
    if not _NUMBER.match(plain):
        raise NotAllowed(_("Write a number, for example 18."))
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _date(value: str) -> str:
    if value.lower() in (_TODAY, "today()", _("today")):
        return "today()"
    if not _DAY.match(value):
        raise NotAllowed(_("Write a date like 2026-11-24, or the word today."))
    return f"date('{value}')"


def _quoted(value: str) -> str:
    if not value:
        raise NotAllowed(_("Write what the answer is compared with."))
    if any(unicodedata.category(each) == "Cc" for each in value):
        raise NotAllowed(_("The value has a character that cannot be seen. Write it again."))
    if "'" not in value:
        return f"'{value}'"
    if '"' not in value:
        return f'"{value}"'
    raise NotAllowed(_("The value may have only one kind of quotation marks."))


def read(expression: str, kinds: Kinds) -> Conditions | None:
    """The drop-downs that write this expression; None when no drop-downs do. An empty one has no lines."""
    if not expression.strip():
        return Conditions(())
    try:
        tree = parse(expression)
        joiner = tree[0] if tree[0] in ("and", "or") else "and"
        lines = [_read(part) for part in _parts(tree, joiner)]
        if not all(lines):
            return None
        found = Conditions(tuple(line for line in lines if line), joiner)
        return found if parse(write(found, kinds)) == tree else None
    except (ExpressionProblem, NotAllowed):
        return None


def _parts(tree: Tree, joiner: str) -> list[Tree]:
    found: list[Tree] = []
    while tree[0] == joiner:  # a chain leans to the left
        found.append(tree[2])
        tree = tree[1]
    return [tree, *reversed(found)]


def _read(tree: Tree) -> Condition | None:
    match tree:
        case ["call", "not", ["call", "selected" | "contains", subject, ["str", value]]]:
            return _condition(subject, "lacks", value)
        case ["call", "selected" | "contains", subject, ["str", value]]:
            return _condition(subject, "contains", value)
        case ["<=", ["call", "string-length", subject], ["num", number]]:
            return _condition(subject, "shorter", str(number))
        case ["=" | "!=" as sign, subject, ["str", ""]]:
            return _condition(subject, "empty" if sign == "=" else "answered", "")
        case [str(sign), subject, literal] if sign in _CODES:
            value = _value(literal)
            return None if value is None else _condition(subject, _CODES[sign], value)
    return None


def _condition(subject: Tree, operator: str, value: str) -> Condition | None:
    match subject:
        case ["ref", str(name)]:
            return Condition(name, operator, value)
        case ["here"]:
            return Condition(THIS, operator, value)
    return None


def _value(literal: Tree) -> str | None:
    match literal:
        case ["num", number]:
            return str(number)
        case ["neg", ["num", number]]:
            return f"-{number}"
        case ["str", str(text)] | ["call", "date", ["str", str(text)]]:
            return text
        case ["call", "today"]:
            return _TODAY
    return None


def condition_of(tree: Tree) -> Condition | None:
    """The single condition that a part of a compiled expression is, for saying it in words."""
    return _read(tree)


def complaint(expression: str, names: frozenset[str], *, is_filter: bool = False) -> str:
    """What is wrong with an expression, as a sentence; empty when nothing is."""
    if not expression.strip():
        return ""
    try:
        parse(expression, Names(names, items=is_filter))
    except ExpressionProblem as problem:
        return str(problem)
    return ""
