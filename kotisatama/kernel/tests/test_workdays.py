"""Working days of offices in Finland."""

from datetime import date

import pytest

from kotisatama.kernel import workdays


@pytest.mark.parametrize(
    ("year", "day"), [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))]
)
def test_easter_moves(year: int, day: date) -> None:
    assert workdays.easter(year) == day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 5, 1), False),
        (date(2026, 5, 14), False),  # Ascension Day
        (date(2026, 6, 19), False),  # Midsummer Eve
        (date(2026, 6, 26), True),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 12, 24), False),
        (date(2026, 12, 28), True),
    ],
)
def test_offices_close_on_weekends_and_holidays(day: date, works: bool) -> None:
    assert workdays.is_workday(day) is works


def test_three_working_days_pass_over_christmas() -> None:
    assert workdays.after(date(2026, 12, 22), 3) == date(2026, 12, 29)
    assert workdays.after(date(2026, 11, 24), 0) == date(2026, 11, 24)
