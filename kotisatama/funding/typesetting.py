"""Documents of money as PDF/UA-1, set with typst (docs/decisions/0020). Texts reach it as data, never as markup."""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

FONTS = files("kotisatama.forms") / "fonts"
TEMPLATES = files("kotisatama.funding")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
SPACES = "\n\N{NO-BREAK SPACE}"


def pdf(template: str, given: dict[str, Any], *, at: datetime) -> bytes:
    """The document; letters that no font has become a sign of their own: it never fails for a text."""
    for is_kept in (_is_any, _is_printable):
        try:
            return _set(template, _replaced(given, is_kept), at)
        except typst.TypstError:
            continue
    return _set(template, _replaced(given, _stands_alone), at)


def _set(template: str, given: dict[str, Any], at: datetime) -> bytes:
    content: bytes = typst.compile(
        str(TEMPLATES / template),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"given": json.dumps(given, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    return content


@cache
def _coverage() -> frozenset[int]:
    lines = (FONTS / "coverage.txt").read_text().splitlines()
    ranges = (line.split("-") for line in lines)
    return frozenset(sign for first, last in ranges for sign in range(int(first, 16), int(last, 16) + 1))


def _is_any(_sign: str) -> bool:
    return True


def _is_printable(sign: str) -> bool:
    return sign in SPACES or (sign.isprintable() and ord(sign) in _coverage())


def _stands_alone(sign: str) -> bool:
    """A mark or a joiner is set with the font of what stands before it, which need not have it."""
    return sign == "\n" or (_is_printable(sign) and unicodedata.category(sign)[0] in "LNPSZ")


def _replaced(value: Any, is_kept: Callable[[str], bool]) -> Any:
    if isinstance(value, str):
        return "".join(sign if is_kept(sign) else REPLACEMENT for sign in value)
    if isinstance(value, list | tuple):
        return [_replaced(each, is_kept) for each in value]
    return {name: _replaced(each, is_kept) for name, each in value.items()} if isinstance(value, dict) else value
