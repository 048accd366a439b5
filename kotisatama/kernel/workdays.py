"""Working days: Monday to Friday without public holidays (Finnish working time act and custom)."""

from datetime import date, timedelta

FIXED = frozenset({(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)})
FRIDAY, SATURDAY = 5, 6
# Days from Easter Sunday: Good Friday, Easter Monday, Ascension Day.
MOVING = (-2, 1, 39)
JUNE, MIDSUMMER_EVE = 6, range(19, 26)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Oudin's reckoning)."""
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days = moon - sunday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


def is_workday(day: date) -> bool:
    """Whether offices work on that day."""
    if day.isoweekday() >= SATURDAY or (day.month, day.day) in FIXED:
        return False
    is_midsummer_eve = day.isoweekday() == FRIDAY and day.month == JUNE and day.day in MIDSUMMER_EVE
    return not is_midsummer_eve and (day - easter(day.year)).days not in MOVING


def after(day: date, workdays: int) -> date:
    """The day that comes so many working days after the given one, which itself does not count."""
    while workdays:
        day += timedelta(days=1)
        workdays -= is_workday(day)
    return day
