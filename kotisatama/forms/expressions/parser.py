"""Tokens to a tree of plain lists, checked on the way.

The tree, the same in Python, in JSON and in the browser:
`["num", 2.5]`, `["str", "a"]`, `["ref", "name"]`, `["here"]` (the node `.`), `["root"]` (`/`), `["neg", tree]`,
`[operator, left, right]` (or and = != < <= > >= + - * div mod |), `["call", function, argument…]`,
`["filter", tree, predicates]`, `["path", tree, [[axis, name, predicates]…]]`.
"""

import dataclasses
import math
from collections.abc import Collection, Mapping
from typing import Any

from kotisatama.forms.expressions import lexer, signatures
from kotisatama.forms.expressions.problems import ExpressionProblem

Tree = list[Any]

DEEPEST = 100  # lists inside one another: what the evaluator follows by recursion
MOST_NESTED = 50  # brackets inside one another: each costs this parser up to eight calls
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_RANKS = {operator: rank for rank, operators in enumerate(_LEVELS) for operator in operators}
AXES = frozenset({
    "child", "parent", "self", "descendant", "descendant-or-self", "ancestor", "ancestor-or-self",
    "preceding-sibling", "following-sibling",
})  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Names:
    """What an expression may point at. `root` is the name of the outermost element.

    With `items` the expression is a choice filter: plain names are columns of the choices sheet. `tables` are the
    columns of the form's files, by the name of the file without “.csv”.
    """

    known: frozenset[str]
    root: str = "data"
    items: bool = False
    tables: Mapping[str, Collection[str]] = dataclasses.field(default_factory=dict)


def parse(expression: str, names: Names | None = None) -> Tree:
    """The tree of the expression. Without `names`, references are not checked.

    Raises ExpressionProblem, and nothing else, for whatever is wrong.
    """
    parser = _Parser(expression, names)
    tree = parser.level(0)
    parser.finish()
    if _depth(tree) > DEEPEST:
        raise ExpressionProblem("The expression is too complex. Divide it into calculations.", 1)
    return tree


def _depth(tree: Tree) -> int:
    """How many lists lie inside one another, without recursion: a chain of operators may be long."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        part, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((inner, depth + 1) for inner in part if isinstance(inner, list))
    return deepest


class _Parser:
    def __init__(self, expression: str, names: Names | None) -> None:
        self.tokens = lexer.tokens(expression)
        self.at = 0
        self.depth = 0
        self.names = names
        self.foreign = names is not None and names.items

    @property
    def token(self) -> lexer.Token:
        return self.tokens[self.at]

    def take(self) -> lexer.Token:
        token = self.token
        self.at += 1
        return token

    def sees(self, *texts: str, kind: str = "mark") -> bool:
        return self.token.kind == kind and self.token.text in texts

    def expect(self, text: str) -> None:
        if not self.sees(text):
            raise self.unexpected(f"Here should be “{text}”")
        self.at += 1

    def unexpected(self, instead: str = "") -> ExpressionProblem:
        what = "the expression ends" if self.token.kind == "end" else f"there is “{self.token.text}”"
        message = f"{instead}, but {what}." if instead else f"Unexpected: {what}."
        return ExpressionProblem(message, self.token.column)

    def finish(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected("The expression should end")

    def level(self, loosest: int) -> Tree:
        """Operators that bind at least as tightly as rank `loosest`; equals from left to right."""
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise ExpressionProblem("The expression is too complex. Divide it into calculations.", self.token.column)
        left = self.unary()
        while self.token.kind == "operator" and _RANKS.get(self.token.text, -1) >= loosest:
            operator = self.take().text
            left = [operator, left, self.level(_RANKS[operator] + 1)]
        self.depth -= 1
        return left

    def unary(self) -> Tree:
        minuses = 0
        while self.sees("-", kind="operator"):
            self.at += 1
            minuses += 1
            if minuses > MOST_NESTED:
                raise ExpressionProblem("There are too many minus signs.", self.token.column)
        tree = self.union()
        for _ in range(minuses):
            tree = ["neg", tree]
        return tree

    def union(self) -> Tree:
        left = self.path()
        while self.sees("|", kind="operator"):
            self.at += 1
            left = ["|", left, self.path()]
        return left

    def path(self) -> Tree:
        """A location path, or a value that may be filtered and walked on from."""
        outer = self.foreign
        tree = self.walked()
        self.foreign = outer
        return tree

    def walked(self) -> Tree:
        if self.sees("/", "//"):
            self.foreign = False
            return self.absolute()
        if self.begins_step():
            return self.steps(["here"], [self.step()])
        base = self.primary()
        self.foreign = base[:2] == ["call", "instance"]
        predicates = self.predicates()
        base = ["filter", base, predicates] if predicates else base
        return self.steps(base, []) if self.sees("/", "//") else base

    def absolute(self) -> Tree:
        if self.sees("//") or self.begins_step(1):
            return self.steps(["root"], [])
        self.at += 1
        return ["root"]

    def steps(self, base: Tree, steps: list[Tree]) -> Tree:
        while self.sees("/", "//"):
            if self.take().text == "//":
                steps.append(["descendant-or-self", "*", []])
            steps.append(self.step())
        if base == ["here"] and steps == [["self", "*", []]]:
            return base
        return ["path", base, steps]

    def begins_step(self, ahead: int = 0) -> bool:
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        if token.kind == "mark":
            return token.text in {".", "..", "@"}
        return token.kind == "name" and not self.is_call(ahead)

    def is_call(self, ahead: int = 0) -> bool:
        following = self.tokens[min(self.at + ahead + 1, len(self.tokens) - 1)]
        return following.kind == "mark" and following.text == "("

    def step(self) -> Tree:
        if self.sees("."):
            self.at += 1
            return ["self", "*", self.predicates()]
        if self.sees(".."):
            self.at += 1
            return ["parent", "*", self.predicates()]
        if self.sees("@"):
            raise ExpressionProblem("Attributes (@) are not supported.", self.token.column)
        axis = self.axis()
        if self.token.kind == "ref":
            raise ExpressionProblem("Write a reference alone, without a path before it.", self.token.column)
        if self.token.kind != "name":
            raise self.unexpected("Here should be a name")
        return [axis, self.step_name(), self.predicates()]

    def axis(self) -> str:
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if self.token.kind != "name" or following.text != "::" or following.kind != "mark":
            return "child"
        if self.token.text not in AXES:
            raise ExpressionProblem(f"There is no axis “{self.token.text}”.", self.token.column)
        self.at += 2
        return self.tokens[self.at - 2].text

    def step_name(self) -> str:
        column = self.token.column
        if self.is_call():
            return self.node_test(column)
        name = self.take().text
        if not self.foreign:
            self.check_name(name, column)
        return name

    def node_test(self, column: int) -> str:
        if self.take().text != "node":
            raise ExpressionProblem("A function cannot stand inside a path.", column)
        self.expect("(")
        self.expect(")")
        return "*"

    def predicates(self) -> list[Tree]:
        found = []
        while self.sees("["):
            self.at += 1
            found.append(self.level(0))
            self.expect("]")
        return found

    def primary(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return self.literal(token)
        if token.kind == "string":
            return ["str", token.text]
        if token.kind == "ref":
            self.check_name(token.text, token.column)
            return ["ref", token.text]
        if token.kind == "name":
            return self.call(token)
        if token == lexer.Token("mark", "(", token.column):
            tree = self.level(0)
            self.expect(")")
            return tree
        self.at -= 1
        raise self.unexpected("Here should be a value")

    def literal(self, token: lexer.Token) -> Tree:
        value = float(token.text)
        if not math.isfinite(value):
            raise ExpressionProblem("The number is too large.", token.column)
        return ["num", int(value) if value.is_integer() and value < 2**53 else value]

    def call(self, name: lexer.Token) -> Tree:
        self.expect("(")
        arguments: list[Tree] = []
        while not self.sees(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.level(0))
        self.at += 1
        problem = signatures.complaint(name.text, len(arguments))
        if problem:
            raise ExpressionProblem(problem, name.column)
        if name.text == "jr:choice-name":
            arguments[1] = self.quoted_reference(arguments[1], name.column)
        if name.text == "pulldata" and self.names is not None:
            self.check_table(arguments, self.names.tables, name.column)
        if name.text == "indexed-repeat" and len(arguments) % 2 == 0:
            raise ExpressionProblem("“indexed-repeat” takes a question, then pairs of repeat and row.", name.column)
        return ["call", name.text, *arguments]

    def quoted_reference(self, argument: Tree, column: int) -> Tree:
        """XLSForm writes the question inside quotation marks: jr:choice-name(${a}, '${a}')."""
        name = str(argument[1]).strip() if argument[0] in ("str", "ref") else ""
        name = name.removeprefix("${").removesuffix("}").strip()
        if not name:
            raise ExpressionProblem("The second argument of “jr:choice-name” names a question: '${name}'.", column)
        self.check_name(name, column)
        return ["str", name]

    def check_table(self, arguments: list[Tree], tables: Mapping[str, Collection[str]], column: int) -> None:
        """pulldata() reads a table that the form brings along, and columns that it has."""
        if any(argument[0] != "str" for argument in arguments[:3]):
            raise ExpressionProblem("Write the file and both columns of “pulldata” in quotation marks.", column)
        name, wanted, key = (str(argument[1]) for argument in arguments[:3])
        found = tables.get(name.removesuffix(".csv"))
        if found is None:
            message = f"There is no file “{name.removesuffix('.csv')[:50]}.csv” with this form."
            raise ExpressionProblem(message, column)
        for heading in (wanted, key):
            if heading not in found:
                raise ExpressionProblem(f"The file “{name}” has no column “{heading[:50]}”.", column)

    def check_name(self, name: str, column: int) -> None:
        if name.startswith("last-saved#"):
            raise ExpressionProblem(signatures.LAST_SAVED, column)
        if self.names is None or name in self.names.known or name in {"*", self.names.root}:
            return
        raise ExpressionProblem(f"There is no question “{name}” in this form.", column)
