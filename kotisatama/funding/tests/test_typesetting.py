"""Documents of money: whatever somebody typed, there is a paper."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from kotisatama.funding import papers
from kotisatama.funding.papers import Grid, Paper, Row

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "漢字",
        "1\N{NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}€ 漢",
        "q\u0489\u0301 漢",
        "漢\u0301\u200d",
        "漢\u0e31 a\u102d\u064b\u0dca",
        "ሃይለ مرحبا שלום",
        "\x07\u202e\ufeff",
        "line\nline\t漢",
        "#strong[x] $1$ \\",
    ],
)
def test_a_paper_never_fails_for_what_somebody_typed(typed: str) -> None:
    paper = Paper(typed, "fi", typed, [(typed, typed)], [typed], [Grid(typed, [typed, typed], [Row([typed, typed])])])
    with pikepdf.open(io.BytesIO(papers.pdf(paper, at=AT))) as found:
        assert found.Root.MarkInfo.Marked
