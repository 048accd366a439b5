"""A period is over on its day and not before, whatever the calendar."""

from datetime import date, timedelta

import pytest

from kotisatama.kernel.periods import DAYS, MONTHS, YEARS, Period, due_on, latest_start


@pytest.mark.parametrize(
    ("start", "period", "day"),
    [
        (date(2016, 2, 29), Period(5, YEARS), date(2021, 3, 1)),
        (date(2016, 2, 29), Period(4, YEARS), date(2020, 2, 29)),
        (date(2023, 1, 31), Period(1, MONTHS), date(2023, 3, 1)),
        (date(2023, 12, 31), Period(2, MONTHS), date(2024, 3, 1)),
        (date(2023, 12, 31), Period(30, DAYS), date(2024, 1, 30)),
    ],
)
def test_a_missing_day_is_the_first_of_the_next_month(start: date, period: Period, day: date) -> None:
    assert due_on(start, period) == day


@pytest.mark.parametrize("period", [Period(5, YEARS), Period(1, MONTHS), Period(7, MONTHS), Period(30, DAYS)])
def test_the_latest_start_is_over_on_the_day_and_the_next_day_is_not(period: Period) -> None:
    for number in range(2000):
        on = date(2019, 1, 1) + timedelta(days=number)
        start = latest_start(on, period)
        assert due_on(start, period) <= on < due_on(start + timedelta(days=1), period)
