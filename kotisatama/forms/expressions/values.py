"""Conversions between texts, numbers, truth and days, as XPath and XForms have them."""

import datetime
import math
import re
from decimal import Decimal

from kotisatama.forms.expressions.nodes import Value

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T(.+))?\Z")
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6})[0-9]*)?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?\Z"
)
_LONGEST_NUMBER = 400  # digits; a longer one is infinite anyway
EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 - a clock without a zone, on purpose
SECONDS_IN_DAY = 86_400


def string(value: str | float | bool) -> str:
    """XPath's string(); NaN is an empty text, so that a question without a sum stays empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else number_text(value)


def number_text(value: float) -> str:
    """A number without an exponent and without a superfluous ".0"."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def number_of(text: str, timezone: datetime.tzinfo) -> float:
    """XPath's number(); a date is the count of days since 1970, a moment has the fraction of its local day."""
    text = text.strip()
    if len(text) > _LONGEST_NUMBER:
        return math.nan
    if _NUMBER.match(text):
        return float(text)
    moment = moment_of(text, timezone)
    return math.nan if moment is None else days(moment)


def boolean(value: Value) -> bool:
    """XPath's boolean(): a set with a node is true, even when the node is empty."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def days(moment: datetime.datetime) -> float:
    """Days since 1970 of a moment on the wall clock (no timezone)."""
    return (moment - EPOCH).total_seconds() / SECONDS_IN_DAY


def moment_of(text: str, timezone: datetime.tzinfo) -> datetime.datetime | None:
    """The wall-clock moment of an ISO date or date with time; an offset is turned into the timezone first."""
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        day = datetime.datetime(int(match[1]), int(match[2]), int(match[3]))  # noqa: DTZ001
        return _at_time(day, match[4], timezone) if match[4] else day
    except (ValueError, OverflowError):
        return None


def _at_time(day: datetime.datetime, text: str, timezone: datetime.tzinfo) -> datetime.datetime | None:
    match = _TIME.match(text)
    if match is None:
        return None
    fraction = int((match[4] or "0").ljust(6, "0"))
    moment = day.replace(hour=int(match[1]), minute=int(match[2]), second=int(match[3] or 0), microsecond=fraction)
    if match[5] is None:
        return moment
    return moment.replace(tzinfo=_offset(match[5])).astimezone(timezone).replace(tzinfo=None)


def _offset(text: str) -> datetime.tzinfo:
    if text == "Z":
        return datetime.UTC
    hours, minutes = int(text[1:3]), int(text[3:].strip(":") or 0)
    size = datetime.timedelta(hours=hours, minutes=minutes)
    return datetime.timezone(-size if text[0] == "-" else size)


def moment_of_days(count: float) -> datetime.datetime | None:
    """The wall-clock moment so many days after 1970-01-01."""
    try:
        return EPOCH + datetime.timedelta(days=count)
    except (ValueError, OverflowError):
        return None


def time_of_day(text: str) -> float:
    """The part of a day that has passed at this time ("12:30:00"); NaN when it is not a time."""
    match = _TIME.match(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return math.nan
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    return (seconds + float(f"0.{match[4] or 0}")) / SECONDS_IN_DAY
