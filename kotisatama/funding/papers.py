"""A paper about money as tagged PDF/UA-1: a title, facts, sentences, tables. What people typed reaches it as data."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import typst

FOLDER = files("kotisatama.funding")
# The letters that come along for receipts; the list of those that they have lies beside them.
FONTS = files("kotisatama.forms").joinpath("fonts")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Row:
    """A row of a table; a strong one is what the paper is about, or a sum."""

    cells: list[str]
    is_strong: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with its title and headings; all columns but the first are numbers."""

    title: str
    headings: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Paper:
    """What is printed; `language` is that of all its words."""

    title: str
    language: str
    foot: str
    facts: Sequence[tuple[str, str]]
    sentences: Sequence[str]
    tables: Sequence[Grid]
    notes: Sequence[str] = ()


def pdf(paper: Paper, *, at: datetime) -> bytes:
    """The paper; a letter that the fonts do not have becomes a sign of its own, so that it never fails."""
    given = json.dumps(asdict(paper) | {"from": "Kotisatama"}, ensure_ascii=False)
    content: bytes = typst.compile(
        str(FOLDER / "paper.typ"),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"given": "".join(sign if _is_printable(sign) else REPLACEMENT for sign in given)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=at.replace(microsecond=0),
    )
    return content


@cache
def _latin() -> frozenset[int]:
    """Numbers of the letters of Latin, Greek and Cyrillic, and of signs, that the fonts have."""
    ranges = (line.split("-") for line in FONTS.joinpath("coverage.txt").read_text().splitlines())
    every = (sign for first, last in ranges for sign in range(int(first, 16), int(last, 16) + 1))
    return frozenset(sign for sign in every if sign < 0x530 or 0x1E00 <= sign < 0x2150)


def _is_printable(sign: str) -> bool:
    return (ord(sign) in _latin() and sign.isprintable()) or sign in " \n\u00a0"
