"""Expression text to tokens."""

import re
from typing import NamedTuple

from kotisatama.forms.expressions.problems import ExpressionProblem

LONGEST = 4_000
MOST_TOKENS = 1_000

OPERATOR_NAMES = frozenset({"and", "or", "div", "mod"})
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<ref>\$\{[^{}]*\})
  | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
  | (?P<string>'[^']*'|"[^"]*")
  | (?P<operator>!=|<=|>=|=|<|>|\+|-|\||\*)
  | (?P<mark>::|//|/|\.\.|\.|\(|\)|\[|\]|,|@)
  | (?P<name>[^\W\d][\w.\-]*(?::(?!:)[^\W\d][\w.\-]*)?)
    """,
    re.VERBOSE,
)
_HALF_SIGN = re.compile(r"[\ud800-\udfff]")  # a surrogate without the other one cannot be written as UTF-8
_BEFORE_OPERAND = frozenset({"@", "::", "(", "[", ",", "/", "//"})


class Token(NamedTuple):
    """One token. `kind` is ref, number, string, operator, mark, name or end; `column` counts from 1."""

    kind: str
    text: str
    column: int


def tokens(expression: str) -> list[Token]:
    """The tokens of the expression, closed by one of kind "end". Raises ExpressionProblem."""
    if len(expression) > LONGEST:
        raise ExpressionProblem(f"The expression is longer than {LONGEST} characters.", LONGEST)
    half = _HALF_SIGN.search(expression)
    if half:
        raise ExpressionProblem("Here is half a sign that no text can hold.", half.start() + 1)
    found: list[Token] = []
    at = 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise _unreadable(expression, at)
        if match.lastgroup != "space":
            found.append(_token(match, found))
        at = match.end()
        if len(found) > MOST_TOKENS:
            raise ExpressionProblem("The expression is too long. Divide it into calculations.", at)
    found.append(Token("end", "", len(expression) + 1))
    return found


def _token(match: re.Match[str], before: list[Token]) -> Token:
    kind, text, column = str(match.lastgroup), match.group(), match.start() + 1
    if kind == "ref":
        text = text[2:-1].strip()
    elif kind == "string":
        text = text[1:-1]
    elif text == "*" or text in OPERATOR_NAMES:
        kind = "operator" if _ends_operand(before) else "name"
    return Token(kind, text, column)


def _ends_operand(before: list[Token]) -> bool:
    """XPath 3.7: a star or `and` is an operator when a value stands before it, else a name."""
    if not before:
        return False
    last = before[-1]
    return last.kind != "operator" and not (last.kind == "mark" and last.text in _BEFORE_OPERAND)


def _unreadable(expression: str, at: int) -> ExpressionProblem:
    sign = expression[at]
    if sign in "'\"":
        return ExpressionProblem("A quotation mark is not closed.", at + 1)
    if sign in "‘’“”„”«»":
        return ExpressionProblem(f"Use straight quotation marks (' or \") instead of {sign}.", at + 1)
    if sign == "$":
        return ExpressionProblem("Write a reference like this: ${name}.", at + 1)
    return ExpressionProblem(f"The sign {sign!r} does not belong here.", at + 1)
