"""Money as people type it."""

from decimal import Decimal

import pytest

from kotisatama.funding import amounts
from kotisatama.kernel.errors import NotAllowed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50 €", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1234.5", "1234.50"),
        ("1234,5", "1234.50"),
        ("1234", "1234.00"),
        ("1.234.567", "1234567.00"),
        ("1 234 567,89", "1234567.89"),
        ("151850.00", "151850.00"),
        ("-100,00", "-100.00"),
        ("\u2212100,00", "-100.00"),
        (",5", "0.50"),
        ("0", "0.00"),
    ],
)
def test_usual_ways_of_writing_an_amount_are_read(typed: str, meant: str) -> None:
    found = amounts.amount(typed)
    assert (found, str(found)) == (Decimal(meant), meant)


@pytest.mark.parametrize("typed", ["1,234", "1.234", "12,345", "0,001", "1234,567", "1.234,567"])
def test_three_decimals_are_refused_because_they_could_be_thousands(typed: str) -> None:
    with pytest.raises(NotAllowed, match="more than two decimals"):
        amounts.amount(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1 2",
        "12 34,00",
        "1e5",
        "NaN",
        "Infinity",
        "1..5",
        "1.2.3,4",
        "--5",
        "٣",
        "=1+1",
        "1,2.3,4",
        "5 5 5",
        "1234 567,00",
    ],
)
def test_what_is_no_amount_is_refused_and_named(typed: str) -> None:
    with pytest.raises(NotAllowed, match="is no amount"):
        amounts.amount(typed)


def test_an_amount_that_no_column_can_hold_is_refused() -> None:
    with pytest.raises(NotAllowed, match="larger"):
        amounts.amount("1" * 30)


@pytest.mark.parametrize("typed", ["-1", "100,01", "700"])
def test_a_percentage_lies_between_nothing_and_a_hundred(typed: str) -> None:
    with pytest.raises(NotAllowed, match="between 0 and 100"):
        amounts.percent(typed)


def test_half_a_cent_is_rounded_up() -> None:
    assert amounts.cents(Decimal("0.005")) == Decimal("0.01")
