"""Arithmetic of periods: whole days, months or years from a day."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS, MONTHS, YEARS = "days", "months", "years"
MONTHS_OF_A_YEAR = 12
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """So many days, months or years."""

    amount: int
    unit: str


def due_on(start: date, period: Period) -> date:
    """The day on which a period from `start` is over.

    Where the month has no such day it is the first of the next one: never a day too early.
    """
    if period.unit == DAYS:
        return start + timedelta(days=period.amount)
    months = period.amount * (MONTHS_OF_A_YEAR if period.unit == YEARS else 1)
    year, month = divmod(start.year * MONTHS_OF_A_YEAR + start.month - 1 + months, MONTHS_OF_A_YEAR)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        return first_of_next_month(date(year, month + 1, 1))


def latest_start(on: date, period: Period) -> date:
    """The latest day from which a period is over on `on`, or was over before."""
    if period.unit == DAYS:
        return on - timedelta(days=period.amount)
    months = period.amount * (MONTHS_OF_A_YEAR if period.unit == YEARS else 1)
    year, month = divmod(on.year * MONTHS_OF_A_YEAR + on.month - 1 - months, MONTHS_OF_A_YEAR)
    last = first_of_next_month(date(year, month + 1, 1)) - ONE_DAY
    start = last.replace(day=min(on.day, last.day))
    while due_on(start + ONE_DAY, period) <= on:
        start += ONE_DAY
    return start


def first_of_next_month(day: date) -> date:
    """The first day after the day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
