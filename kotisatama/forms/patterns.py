"""Patterns that form authors write: can they be read, and can they hang a browser?

Our server searches with re2, which no pattern can hang. A browser and other programs that read the same form backtrack,
so a pattern that repeats something ambiguous is refused before publishing.
"""

import importlib
import re
from typing import Any

from kotisatama.forms.expressions import functions

# Python's own reader of patterns; it has no public name.
_reader: Any = importlib.import_module("re._parser")
_SIGNS = frozenset(range(0, 128)) | {0xE4, 0x430, 0x627}
_CATEGORIES = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": lambda sign: sign.isalnum() or sign == "_"}


def complaint(pattern: str) -> str:
    """Why the pattern is refused, as a sentence; empty when it is fine."""
    if functions.compiled(pattern) is None:
        return f"The pattern “{pattern}” cannot be read."
    try:
        dangerous = _is_dangerous(list(_reader.parse(pattern)))
    except re.error:
        return ""  # re2 knows some signs that Python does not, such as \\p{L}
    except (OverflowError, RecursionError):
        return f"The pattern “{pattern}” is too complex."
    if dangerous:
        return f"The pattern “{pattern}” repeats something that can be read in many ways: it may take for ever."
    return ""


def _is_dangerous(parts: list[Any]) -> bool:
    """Does any loop have a body that can match the same text in several ways?"""
    for part in parts:
        if _is_loop(part) and _is_ambiguous(_body(part)):
            return True
        if any(_is_dangerous(inner) for inner in _inner(part)):
            return True
    return False


def _kind(part: Any) -> str:
    return str(part[0])


def _is_repeat(part: Any) -> bool:
    return _kind(part) in ("MAX_REPEAT", "MIN_REPEAT")


def _is_loop(part: Any) -> bool:
    return _is_repeat(part) and int(part[1][1]) > 10


def _body(part: Any) -> list[Any]:
    return list(part[1][2])


def _inner(part: Any) -> list[list[Any]]:
    kind = _kind(part)
    if _is_repeat(part):
        return [_body(part)]
    if kind == "SUBPATTERN":
        return [list(part[1][3])]
    if kind == "BRANCH":
        return [list(branch) for branch in part[1][1]]
    return []


def _flat(parts: list[Any]) -> list[Any]:
    """The parts with brackets around them taken away."""
    found: list[Any] = []
    for part in parts:
        found.extend(_flat(_inner(part)[0]) if _kind(part) == "SUBPATTERN" else [part])
    return found


def _is_ambiguous(body: list[Any]) -> bool:
    parts = _flat(body)
    if all(_is_nullable(part) for part in parts):
        return True
    start = _first(parts)
    fixed = [_signs(part) for part in parts if not _inner(part)]
    for part in parts:
        if _kind(part) == "BRANCH" and _branches_overlap(part, start):
            return True
        varies = _is_repeat(part) and int(part[1][0]) != int(part[1][1])
        if varies and not any(signs and not signs & _all_signs(_body(part)) for signs in fixed):
            return True
    return False


def _branches_overlap(part: Any, start: frozenset[int]) -> bool:
    seen: set[int] = set()
    for branch in _inner(part):
        first = _first(_flat(branch)) | (start if all(_is_nullable(inner) for inner in branch) else frozenset())
        if seen & first:
            return True
        seen |= first
    return False


def _is_nullable(part: Any) -> bool:
    kind = _kind(part)
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return True
    if _is_repeat(part):
        return int(part[1][0]) == 0 or all(_is_nullable(inner) for inner in _body(part))
    if kind == "SUBPATTERN":
        return all(_is_nullable(inner) for inner in _inner(part)[0])
    return kind == "BRANCH" and any(all(_is_nullable(inner) for inner in branch) for branch in _inner(part))


def _first(parts: list[Any]) -> frozenset[int]:
    """The signs with which the parts can begin."""
    found: frozenset[int] = frozenset()
    for part in parts:
        inner = _inner(part)
        found |= frozenset().union(*(_first(branch) for branch in inner)) if inner else _signs(part)
        if not _is_nullable(part):
            break
    return found


def _all_signs(parts: list[Any]) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    for part in parts:
        found |= frozenset().union(*(_all_signs(branch) for branch in _inner(part))) if _inner(part) else _signs(part)
    return found


def _signs(part: Any) -> frozenset[int]:
    """The signs that a single part matches, of a sample of all signs."""
    kind, value = _kind(part), part[1]
    if kind == "LITERAL":
        return frozenset({int(value)})
    if kind == "NOT_LITERAL":
        return _SIGNS - {int(value)}
    if kind == "RANGE":
        return frozenset(sign for sign in _SIGNS if value[0] <= sign <= value[1])
    if kind == "CATEGORY":
        return _category(str(value))
    if kind == "IN":
        listed: frozenset[int] = frozenset().union(*(_signs(one) for one in value if _kind(one) != "NEGATE"))
        return _SIGNS - listed if _kind(value[0]) == "NEGATE" else listed
    return _SIGNS if kind == "ANY" else frozenset()


def _category(name: str) -> frozenset[int]:
    *_, word = name.split("_")
    matching = frozenset(sign for sign in _SIGNS if _CATEGORIES[word](chr(sign)))  # type: ignore[no-untyped-call]
    return _SIGNS - matching if "_NOT_" in name else matching
