"""Days as old registers write them. The mapping says which ways of writing occur; nothing is guessed between two."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

DAY, MONTH, YEAR = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", r"(?P<y>\d{4})"
# A way of writing by its name in the mapping; "yyyy" is a year alone, "excel" the number of a day since 1900.
FORMATS = {
    "d.m.yyyy": re.compile(rf"{DAY}\.\s?{MONTH}\.\s?{YEAR}"),
    "d/m/yyyy": re.compile(rf"{DAY}/{MONTH}/{YEAR}"),
    "m/d/yyyy": re.compile(rf"{MONTH}/{DAY}/{YEAR}"),
    "d-m-yyyy": re.compile(rf"{DAY}-{MONTH}-{YEAR}"),
    "yyyy-mm-dd": re.compile(rf"{YEAR}-{MONTH}-{DAY}"),
    "yyyy/m/d": re.compile(rf"{YEAR}/{MONTH}/{DAY}"),
    "yyyy.m.d": re.compile(rf"{YEAR}\.{MONTH}\.{DAY}"),
    "yyyymmdd": re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"),
    "ddmmyyyy": re.compile(r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>(?:19|20)\d\d)"),
    "yyyy": re.compile(r"(?P<y>(?:18|19|20)\d\d)"),
    "excel": re.compile(r"(?P<n>\d{1,5})"),
}
USUAL = ("d.m.yyyy", "yyyy-mm-dd", "d/m/yyyy", "d-m-yyyy", "yyyy")
MIDNIGHT = re.compile(r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$")
EXCEL_BEGINS = date(1899, 12, 30)  # a spreadsheet takes 1900 for a leap year


def read(text: str, formats: Iterable[str]) -> tuple[date, bool] | None:
    """The day, and whether only its year was written; None when no format fits or there is no such day.

    A day in ISO 8601 fits always: that is how cells of the type "date" arrive.
    """
    text = MIDNIGHT.sub("", text.strip())
    for name in ("yyyy-mm-dd", *formats):
        if match := FORMATS[name].fullmatch(text):
            return _day(match.groupdict())
    return None


def _day(parts: dict[str, str]) -> tuple[date, bool] | None:
    try:
        if "n" in parts:
            return EXCEL_BEGINS + timedelta(days=int(parts["n"])), False
        return date(int(parts["y"]), int(parts.get("m", 1)), int(parts.get("d", 1))), "m" not in parts
    except ValueError:
        return None
