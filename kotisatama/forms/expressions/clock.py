"""Functions of time. A day is text (2026-02-11) and a moment is text with an offset; both count as days since 1970."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from kotisatama.forms.expressions import values
from kotisatama.forms.expressions.nodes import Value

if TYPE_CHECKING:
    from kotisatama.forms.expressions.environment import Environment

UTC = datetime.UTC
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PARTS: dict[str, Callable[[datetime.datetime], str]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "n": lambda at: str(at.month),
    "b": lambda at: _MONTHS[at.month - 1],
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: str(at.day),
    "a": lambda at: _WEEKDAYS[at.weekday()],
    "H": lambda at: f"{at.hour:02}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "3": lambda at: f"{at.microsecond // 1000:03}",
    "%": lambda _: "%",
}


def _moment(value: Value, environment: Environment) -> datetime.datetime | None:
    text = environment.text(value).strip()
    found = values.moment_of(text, environment.timezone)
    if found is not None:
        return found
    count = environment.number(value)
    return values.moment_of_days(count) if count == count else None


def _date(arguments: list[Value], environment: Environment) -> Value:
    moment = _moment(arguments[0], environment)
    return moment.date().isoformat() if moment else ""


def _date_time(arguments: list[Value], environment: Environment) -> Value:
    moment = _moment(arguments[0], environment)
    return _written(moment.replace(tzinfo=environment.timezone)) if moment else ""


def _written(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _format(arguments: list[Value], environment: Environment) -> Value:
    moment = _moment(arguments[0], environment)
    if moment is None:
        return ""
    pieces = environment.text(arguments[1]).split("%")
    found, place = [pieces[0]], 1
    while place < len(pieces):
        piece = pieces[place]
        if not piece and place + 1 < len(pieces):
            found += ["%", pieces[place + 1]]
            place += 1
        elif piece:
            part = _PARTS.get(piece[0])
            found += [part(moment) if part else piece[0], piece[1:]]
        place += 1
    return "".join(found)


def _decimal_date_time(arguments: list[Value], environment: Environment) -> Value:
    return environment.number(arguments[0])


def _now(_arguments: list[Value], environment: Environment) -> Value:
    return _written(environment.now.astimezone(environment.timezone))


FUNCTIONS: dict[str, Callable[[list[Value], Environment], Value]] = {
    "today": lambda _, environment: environment.today.isoformat(),
    "now": _now,
    "date": _date,
    "date-time": _date_time,
    "format-date": _format,
    "format-date-time": _format,
    "decimal-date-time": _decimal_date_time,
    "decimal-time": lambda arguments, environment: values.time_of_day(environment.text(arguments[0])),
}
