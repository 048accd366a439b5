"""A paper about money as tagged PDF/UA-1: a title, facts, sentences, tables. What people typed reaches it as data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from kotisatama.funding import typesetting


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
    return typesetting.pdf("paper.typ", asdict(paper) | {"from": "Kotisatama"}, at=at)
