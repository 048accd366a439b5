"""The functions, each from evaluated arguments to a value."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import random
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import re2

from kotisatama.forms.expressions import clock, globe, mathematics, values
from kotisatama.forms.expressions.environment import LONGEST_VALUE
from kotisatama.forms.expressions.nodes import Node, Value
from kotisatama.forms.expressions.problems import TooComplex

if TYPE_CHECKING:
    from kotisatama.forms.expressions.evaluator import Context

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_PATTERN_MEMORY = 1 << 20
_random = random.SystemRandom()


def call(name: str, arguments: list[Value], context: Context) -> Value:
    """The value of the function; the parser has checked its name and how many arguments it takes."""
    environment = context.environment
    if name in mathematics.FUNCTIONS:
        return mathematics.FUNCTIONS[name](*[environment.number(argument) for argument in arguments])
    if name in _TEXTS:
        texts = [environment.handle(environment.text(argument)) for argument in arguments or [[context.node]]]
        found = _TEXTS[name](*texts)
    elif name in _NODES:
        found = _NODES[name](arguments, context)
    else:
        found = clock.FUNCTIONS[name](arguments, environment)
    return environment.handle(found) if isinstance(found, str) else found


def _words(text: str) -> list[str]:
    return text.strip().split(" ")


def _selected_at(text: str, place: str) -> Value:
    index = values.number_of(place, clock.UTC)
    words = text.split()
    return words[int(index)] if words and -1 < index < len(words) else ""


def compiled(pattern: str) -> re2._Regexp[str] | None:
    """The pattern ready to search with, or None when re2 cannot read it."""
    options = re2.Options()
    options.max_mem = _PATTERN_MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error:
        return None


def _regex(text: str, pattern: str) -> Value:
    """True when the pattern is found anywhere in the text. The time grows with the text only: no backtracking."""
    expression = compiled(pattern)
    return expression is not None and expression.search(text) is not None


def _digest(text: str, algorithm: str, encoding: str = "base64") -> Value:
    name = _HASHES.get(algorithm.upper())
    if name is None:
        return ""
    digest = hashlib.new(name, text.encode(), usedforsecurity=False)
    return digest.hexdigest() if encoding == "hex" else base64.b64encode(digest.digest()).decode()


def _base64_decode(text: str) -> Value:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _translate(text: str, source: str, target: str) -> Value:
    table: dict[int, str | None] = {}
    for place, sign in enumerate(source):
        table.setdefault(ord(sign), target[place] if place < len(target) else None)
    return text.translate(table)


def _substring(arguments: list[Value], context: Context) -> Value:
    """XPath 4.2: counted from 1, both ends rounded."""
    text, ends = _text_and_numbers(arguments, context)
    first = mathematics.rounded(ends[0])
    last = first + mathematics.rounded(ends[1]) if len(ends) > 1 else math.inf
    if not first < last:
        return ""  # also when either is NaN
    return text[max(0, _within(first, text) - 1) : max(0, _within(last, text) - 1)]


def _substr(arguments: list[Value], context: Context) -> Value:
    """XForms: counted from 0, the end is not included; negative counts from the end."""
    text, ends = _text_and_numbers(arguments, context)
    bounds = [_within(end, text) if end == end else 0 for end in ends]
    return text[bounds[0] : bounds[1] if len(bounds) > 1 else None]


def _text_and_numbers(arguments: list[Value], context: Context) -> tuple[str, list[float]]:
    environment = context.environment
    text = environment.handle(environment.text(arguments[0]))
    return text, [environment.number(argument) for argument in arguments[1:]]


def _within(end: float, text: str) -> int:
    """The end as a place in the text or just outside: what is far away, or infinite, is no nearer than that."""
    return int(max(-len(text) - 1, min(len(text) + 1, end)))


def _numbers(arguments: list[Value], context: Context) -> list[float]:
    return [context.environment.number(text) for text in context.environment.texts(arguments)]


def _join(arguments: list[Value], context: Context) -> Value:
    """The glue may be longer than what it joins, so it counts as often as it is written."""
    glue = context.environment.text(arguments[0])
    texts = context.environment.texts(arguments[1:])
    if len(glue) * (len(texts) - 1) > LONGEST_VALUE:
        raise TooComplex("The text becomes too long.")
    return glue.join(texts)


def _count_non_empty(arguments: list[Value], context: Context) -> Value:
    return float(sum(text != "" for text in context.environment.texts(arguments)))


def _extreme(arguments: list[Value], context: Context, choose: Callable[[list[float]], float]) -> Value:
    numbers = _numbers(arguments, context)
    return choose(numbers) if numbers and not any(map(math.isnan, numbers)) else math.nan


def _nodes(argument: Value) -> list[Node]:
    return argument if isinstance(argument, list) else []


def _position(arguments: list[Value], context: Context) -> Value:
    if not arguments:
        return float(context.position)
    nodes = _nodes(arguments[0])
    if not nodes:
        return math.nan
    context.environment.budget.spend(len(nodes[0].parent.children) if nodes[0].parent else 1)
    return float(nodes[0].position())


def _name(arguments: list[Value], context: Context) -> Value:
    nodes = _nodes(arguments[0]) if arguments else [context.node]
    return nodes[0].name if nodes else ""


def _instance(arguments: list[Value], context: Context) -> Value:
    document = context.environment.instances.get(context.environment.text(arguments[0]))
    return [document] if document else []


def _pulldata(arguments: list[Value], context: Context) -> Value:
    """pulldata(file, column, key column, key): from the table or list of that name."""
    environment = context.environment
    name, column, key_column, key = [environment.text(argument) for argument in arguments]
    item = environment.item(name.removesuffix(".csv"), key_column, key)
    return next((cell.text for cell in item.children if cell.name == column), "") if item else ""


def _choice_name(arguments: list[Value], context: Context) -> Value:
    value, question = (context.environment.text(argument) for argument in arguments)
    return context.environment.choice_label(question, value)


def _checklist(arguments: list[Value], context: Context) -> Value:
    """checklist(fewest, most, truth…): -1 stands for no limit."""
    fewest, most = (context.environment.number(argument) for argument in arguments[:2])
    count = sum(values.boolean(argument) for argument in arguments[2:])
    return fewest <= count and (most < 0 or count <= most)


def _weighted_checklist(arguments: list[Value], context: Context) -> Value:
    number = context.environment.number
    fewest, most = (number(argument) for argument in arguments[:2])
    pairs = zip(arguments[2::2], arguments[3::2], strict=False)
    weight = sum(number(weight) for truth, weight in pairs if values.boolean(truth))
    return fewest <= weight and (most < 0 or weight <= most)


def _number(arguments: list[Value], context: Context) -> Value:
    return context.environment.number(arguments[0] if arguments else [context.node])


def _uuid(arguments: list[Value], context: Context) -> Value:
    if not arguments:
        return str(uuid.UUID(bytes=_random.randbytes(16), version=4))
    length = context.environment.number(arguments[0])
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(_random.choices(alphabet, k=int(max(0, min(100, length))) if length == length else 0))


_TEXTS: dict[str, Callable[..., Value]] = {
    "string": lambda text: text,
    "contains": lambda text, part: part in text,
    "starts-with": lambda text, part: text.startswith(part),
    "ends-with": lambda text, part: text.endswith(part),
    "substring-before": lambda text, part: text.partition(part)[0] if part and part in text else "",
    "substring-after": lambda text, part: text.partition(part)[2] if part else text,
    "string-length": lambda text: float(len(text)),
    "normalize-space": lambda text: " ".join(text.split()),
    "translate": _translate,
    "regex": _regex,
    "digest": _digest,
    "base64-decode": _base64_decode,
    "boolean-from-string": lambda text: text in ("true", "1"),
    "selected": lambda text, word: word.strip() in _words(text),
    "selected-at": _selected_at,
    "count-selected": lambda text: float(len(text.split())),
}
_NODES: dict[str, Callable[[list[Value], Context], Value]] = {
    "true": lambda _, __: True,
    "false": lambda _, __: False,
    "not": lambda arguments, _: not values.boolean(arguments[0]),
    "boolean": lambda arguments, _: values.boolean(arguments[0]),
    "checklist": _checklist,
    "weighted-checklist": _weighted_checklist,
    "concat": lambda arguments, context: "".join(context.environment.texts(arguments)),
    "join": _join,
    "substring": _substring,
    "substr": _substr,
    "uuid": _uuid,
    "jr:choice-name": _choice_name,
    "number": _number,
    "random": lambda _, __: _random.random(),
    "sum": lambda arguments, context: float(sum(_numbers(arguments, context))),
    "count": lambda arguments, _: float(len(_nodes(arguments[0]))),
    "count-non-empty": _count_non_empty,
    "min": lambda arguments, context: _extreme(arguments, context, min),
    "max": lambda arguments, context: _extreme(arguments, context, max),
    "position": _position,
    "last": lambda _, context: float(context.size),
    "name": _name,
    "local-name": lambda arguments, context: str(_name(arguments, context)).rpartition(":")[2],
    "current": lambda _, context: [context.current or context.node],
    "instance": _instance,
    "pulldata": _pulldata,
    "area": lambda arguments, context: globe.area(context.environment.texts(arguments)),
    "distance": lambda arguments, context: globe.distance(context.environment.texts(arguments)),
}
