"""The functions that an expression may call, and those that it may not, each with a sentence: the list in the docs."""

import difflib
from collections.abc import Iterator
from typing import NamedTuple


class Signature(NamedTuple):
    """A function: the fewest and most arguments (None: any number), how it is written, and what it gives."""

    fewest: int
    most: int | None
    written: str
    meaning: str


_Group = dict[str, Signature]
_S = Signature

TRUTH: _Group = {
    "true": _S(0, 0, "true()", "true"),
    "false": _S(0, 0, "false()", "false"),
    "not": _S(1, 1, "not(a)", "the opposite"),
    "boolean": _S(1, 1, "boolean(a)", "false for an empty text, 0, no number and no node, else true"),
    "boolean-from-string": _S(1, 1, "boolean-from-string(text)", "true for “true” and “1”"),
    "if": _S(3, 3, "if(condition, a, b)", "a when the condition holds, else b; the other one is not evaluated"),
    "coalesce": _S(1, None, "coalesce(a, b, …)", "the first that is not empty"),
    "once": _S(1, 1, "once(a)", "what the question holds already, else a"),
    "checklist": _S(3, None, "checklist(fewest, most, a, …)", "are so many true; -1 is no limit"),
    "weighted-checklist": _S(
        4, None, "weighted-checklist(fewest, most, a, weight, …)", "is the sum of the weights of the true ones between"
    ),
}
TEXT: _Group = {
    "string": _S(0, 1, "string(a)", "as text; no number is an empty text"),
    "concat": _S(0, None, "concat(a, …)", "one after the other, every node of a set"),
    "join": _S(1, None, "join(glue, a, …)", "the same with the glue between"),
    "contains": _S(2, 2, "contains(text, part)", "is the part in the text"),
    "starts-with": _S(2, 2, "starts-with(text, part)", "does the text begin with the part"),
    "ends-with": _S(2, 2, "ends-with(text, part)", "does the text end with the part"),
    "substring": _S(2, 3, "substring(text, from, length)", "counted from 1"),
    "substr": _S(2, 3, "substr(text, from, to)", "counted from 0, without “to” itself; negative counts from the end"),
    "substring-before": _S(2, 2, "substring-before(text, part)", "what stands before the part"),
    "substring-after": _S(2, 2, "substring-after(text, part)", "what stands after the part"),
    "string-length": _S(0, 1, "string-length(text)", "how many characters"),
    "normalize-space": _S(0, 1, "normalize-space(text)", "with single spaces, none at the ends"),
    "translate": _S(
        3, 3, "translate(text, from, to)", "each sign of “from” becomes that of “to” at its place, or goes"
    ),
    "regex": _S(2, 2, "regex(text, pattern)", "is the pattern (re2) anywhere in the text"),
    "digest": _S(2, 3, "digest(text, algorithm, encoding)", "MD5, SHA-1, SHA-256, SHA-384, SHA-512; base64 or hex"),
    "uuid": _S(0, 1, "uuid(length)", "a new one, or so many random signs; use it inside once()"),
    "base64-decode": _S(1, 1, "base64-decode(text)", "empty when it is not base64 of UTF-8"),
}
CHOICE: _Group = {
    "selected": _S(2, 2, "selected(answer, name)", "is the name among the choices of the answer"),
    "selected-at": _S(2, 2, "selected-at(answer, place)", "the choice at the place, counted from 0"),
    "count-selected": _S(1, 1, "count-selected(answer)", "how many choices"),
    "jr:choice-name": _S(2, 2, "jr:choice-name(${a}, '${a}')", "the label of the choice in the person's language"),
    "pulldata": _S(
        4, 4, "pulldata('file', 'column', 'key column', key)", "the cell of the form's file.csv in the row with the key"
    ),
}
NUMBER: _Group = {
    "number": _S(0, 1, "number(a)", "as number; a date is days since 1970"),
    "int": _S(1, 1, "int(a)", "without decimals, towards 0"),
    "round": _S(1, 2, "round(a, decimals)", "halves go up"),
    "floor": _S(1, 1, "floor(a)", "the next whole number below"),
    "ceiling": _S(1, 1, "ceiling(a)", "the next whole number above"),
    "abs": _S(1, 1, "abs(a)", "without its sign"),
    "pow": _S(2, 2, "pow(a, b)", "a to the power of b"),
    "sqrt": _S(1, 1, "sqrt(a)", "the square root"),
    "exp": _S(1, 1, "exp(a)", "e to the power of a"),
    "exp10": _S(1, 1, "exp10(a)", "10 to the power of a"),
    "log": _S(1, 1, "log(a)", "the natural logarithm"),
    "log10": _S(1, 1, "log10(a)", "the logarithm to base 10"),
    "pi": _S(0, 0, "pi()", "3.14159…"),
    "sin": _S(1, 1, "sin(a)", "of radians"),
    "cos": _S(1, 1, "cos(a)", "of radians"),
    "tan": _S(1, 1, "tan(a)", "of radians"),
    "asin": _S(1, 1, "asin(a)", "in radians"),
    "acos": _S(1, 1, "acos(a)", "in radians"),
    "atan": _S(1, 1, "atan(a)", "in radians"),
    "atan2": _S(2, 2, "atan2(y, x)", "the angle of the point"),
    "random": _S(0, 0, "random()", "from 0 to 1; use it inside once()"),
}
NODES: _Group = {
    "sum": _S(1, 1, "sum(a)", "of all nodes; no number when one of them is none"),
    "count": _S(1, 1, "count(a)", "how many nodes, such as rows of a repeat"),
    "count-non-empty": _S(1, 1, "count-non-empty(a)", "how many nodes with a text"),
    "min": _S(1, None, "min(a, …)", "the least of all numbers; no number when one of them is none"),
    "max": _S(1, None, "max(a, …)", "the greatest of all numbers; the same"),
    "position": _S(0, 1, "position(..)", "which row of the repeat, counted from 1"),
    "last": _S(0, 0, "last()", "inside […]: how many there are"),
    "name": _S(0, 1, "name(a)", "the name of the node"),
    "local-name": _S(0, 1, "local-name(a)", "the same without a prefix"),
    "current": _S(0, 0, "current()", "inside […]: the question that the expression belongs to"),
    "instance": _S(1, 1, "instance('list')", "a list of choices: instance('list')/root/item[name = ${a}]/label"),
    "indexed-repeat": _S(3, 7, "indexed-repeat(${a}, ${repeat}, row, …)", "the question in that row of the repeat"),
}
TIME: _Group = {
    "today": _S(0, 0, "today()", "the day in the municipality's zone"),
    "now": _S(0, 0, "now()", "the moment, with the offset of the municipality's zone"),
    "date": _S(1, 1, "date(a)", "the day of a text or of days since 1970"),
    "date-time": _S(1, 1, "date-time(a)", "the moment of a text or of days since 1970"),
    "format-date": _S(2, 2, "format-date(a, '%d.%m.%Y')", "%Y %y %m %n %b %d %e %a %H %h %M %S %3"),
    "format-date-time": _S(2, 2, "format-date-time(a, '%H:%M')", "the same"),
    "decimal-date-time": _S(1, 1, "decimal-date-time(a)", "days since 1970 on the clock of the zone"),
    "decimal-time": _S(1, 1, "decimal-time(time)", "the share of the day that has passed"),
}
GLOBE: _Group = {
    "area": _S(1, 1, "area(places)", "square metres inside the places"),
    "distance": _S(1, None, "distance(places, …)", "metres along the places"),
}
GROUPS = {
    "Truth": TRUTH, "Text": TEXT, "Choices and tables": CHOICE, "Numbers": NUMBER, "Nodes and repeats": NODES,
    "Time": TIME, "Places": GLOBE,
}  # fmt: skip
SIGNATURES: _Group = {name: signature for group in GROUPS.values() for name, signature in group.items()}

REFUSED = {
    "jr:itext": "Use jr:choice-name for the label of a choice.",
    "randomize": "The order of choices cannot be random: it would change between pages.",
    "property": "Properties of a device do not exist on a web page.",
    "geofence": "Maps are not supported.",
    "intersects": "Maps are not supported.",
    "extract-signed": "Signed codes are not supported.",
    "version": "The version is kept with every submission; a question does not need it.",
    "lang": "Texts have languages here, nodes have none.",
    "id": "Nodes have no identifiers here: write the question's name.",
    "namespace-uri": "Nodes have no namespaces here.",
}
LAST_SAVED = "Earlier answers cannot be read (last-saved): they may be another person's."


def complaint(name: str, arguments: int) -> str:
    """What is wrong with a call of `name` with so many arguments, as a sentence; empty when nothing is."""
    if name in REFUSED:
        return f"The function “{name}” is not supported. {REFUSED[name]}"
    if name not in SIGNATURES:
        near = difflib.get_close_matches(name[:50], SIGNATURES, 1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        return f"There is no function “{name[:50]}”.{hint}"
    fewest, most = SIGNATURES[name][:2]
    if arguments < fewest or (most is not None and arguments > most):
        return f"The function “{name}” takes {_amount(fewest, most)}, not {arguments}."
    return ""


def _amount(fewest: int, most: int | None) -> str:
    if most is None:
        return f"at least {_plural(fewest)}"
    return _plural(fewest) if fewest == most else f"{fewest} to {_plural(most)}"


def _plural(count: int) -> str:
    return f"{count} argument" if count == 1 else f"{count} arguments"


def table() -> Iterator[str]:
    """The functions as lines of Markdown, for docs/how-to/forms-expressions.md."""
    for title, group in GROUPS.items():
        yield from (f"### {title}", "", "| written | gives |", "|---|---|")
        yield from (f"| `{each.written}` | {each.meaning.replace('|', chr(92) + '|')} |" for each in group.values())
        yield ""
    yield from ("### Refused", "", "| function | why |", "|---|---|")
    yield from (f"| `{name}` | {reason} |" for name, reason in REFUSED.items())
    yield f"| `${{last-saved#name}}` | {LAST_SAVED} |"
