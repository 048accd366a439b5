"""XPath 1.0 as XLSForm uses it: parse once into a tree of plain lists, evaluate with a budget.

`parse` is the only way to a tree, `evaluate` the only way to a value. The tree is JSON and goes to the browser.
"""

from kotisatama.forms.expressions.environment import Environment
from kotisatama.forms.expressions.evaluator import boolean, evaluate, number, offered, string
from kotisatama.forms.expressions.nodes import Node, Value
from kotisatama.forms.expressions.parser import Names, Tree, parse
from kotisatama.forms.expressions.problems import Budget, ExpressionProblem, TooComplex
from kotisatama.forms.expressions.references import dependencies, patterns
from kotisatama.forms.expressions.vectors import outcomes

__all__ = [
    "Budget",
    "Environment",
    "ExpressionProblem",
    "Names",
    "Node",
    "TooComplex",
    "Tree",
    "Value",
    "boolean",
    "dependencies",
    "evaluate",
    "number",
    "offered",
    "outcomes",
    "parse",
    "patterns",
    "string",
]
