"""Answers: from what a person typed to a JSON value, and from the value to the text that expressions read.

A value that does not fit its question is kept as the text that was typed, so that it can be shown again and be
corrected; `problem` finds it, and expressions see it as empty.
"""

import datetime
import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kotisatama.forms.structure import FILES, Question

LONGEST_TEXT = 10_000
LONGEST_NAME = 200  # a typed signature
LARGEST_NUMBER = 10**15
ACKNOWLEDGED = "OK"  # the value that XLSForm gives an acknowledged statement


class FieldError(NamedTuple):
    """`code` for programs, `message` as a translated sentence for the person."""

    code: str
    message: str | Promise


class Read(NamedTuple):
    """The value to keep (None: no answer), and what had to be refused or taken away to make it so."""

    value: Any
    error: FieldError | None


_SENTENCES = {
    "required": _("Answer this question."),
    "acknowledge": _("Tick the box to go on."),
    "choice": _("Choose one of the options on the list."),
    "integer": _("Write a whole number."),
    "decimal": _("Write a number."),
    "date": _("Write the date like this: 11.2.1990."),
    "time": _("Write the time like this: 14:30."),
    "dateTime": _("Write the date and the time like this: 11.2.1990 14:30."),
    "file": _("Add the file again."),
    "too_long": _("The text is too long. Write at most 10,000 characters."),
    "control_characters": _("The text had signs that cannot be used. They were taken away: check the text."),
    "constraint": _("Check this answer."),
    "several": _("Give one answer to this question."),
    "unknown": _("The form has no such field."),
    "not_asked": _("This field is filled in by the service."),
    "too_complex": _("This cannot be worked out from so long answers. Shorten them."),
}


def error(code: str) -> FieldError:
    """The error with its general sentence."""
    return FieldError(code, _SENTENCES[code])


def too_many(most: int) -> FieldError:
    """The error of a repeat with more rows than it may have."""
    return FieldError("too_many", format_lazy(_("You can add at most {most}."), most=most))


def is_typed(value: Any) -> bool:
    """Is it a signature that was typed, not drawn?"""
    return isinstance(value, dict) and isinstance(value.get("typed"), str) and bool(value["typed"])


def read(  # noqa: PLR0911 - one return for each kind of question
    question: Question, typed: Sequence[str], allowed: Collection[str], timezone: datetime.tzinfo
) -> Read:
    """The value of what was typed or chosen. `allowed` are the choices on the list."""
    if question.type == "select_multiple":
        return _read_several(typed, allowed)
    if len(typed) > 1:
        return Read(None, error("several"))
    text, problem = _clean(typed[0] if typed else "")
    if question.type == "text":
        return Read(_lines(text, question) or None, problem)
    if question.is_signature:
        return Read({"typed": _lines(text, question)[:LONGEST_NAME]} if text else None, problem)
    text = normal_digits(" ".join(text.split()))
    if question.type == "select_one":
        return Read(text or None, None) if not text or text in allowed else Read(None, error("choice"))
    if question.type == "acknowledge":
        return Read(ACKNOWLEDGED if text else None, None)
    if question.type in FILES:
        return Read(None, error("file") if text else None)
    value = _PARSERS[question.type](text, timezone) if text else None
    return Read(text[:100] if text and value is None else value, problem)


def problem(question: Question, value: Any, allowed: Collection[str]) -> FieldError | None:
    """What is wrong with a kept value by its type; nothing for a missing one."""
    if value is None or as_text(question, value):
        fits = (
            question.type not in ("select_one", "select_multiple")
            or value is None
            or set(_names(value)) <= set(allowed)
        )
        return None if fits else error("choice")
    code = {"select_one": "choice", "select_multiple": "choice", "image": "file"}.get(question.type, question.type)
    return error(code if code in _SENTENCES else "constraint")


def _names(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def as_text(question: Question, value: Any) -> str:
    """The value as expressions read it; empty when it is missing or does not fit the question."""
    kind = question.type
    if is_typed(value):
        return str(value["typed"]) if question.is_signature else ""
    if kind in FILES:
        return str(value.get("name", "")) if isinstance(value, dict) and value.get("document") else ""
    if kind == "select_multiple":
        return " ".join(value) if isinstance(value, list) and all(isinstance(name, str) for name in value) else ""
    if kind in ("integer", "decimal"):
        fits = isinstance(value, int) or (isinstance(value, float) and kind == "decimal" and math.isfinite(value))
        return _number_text(value) if fits and not isinstance(value, bool) else ""
    if not isinstance(value, str):
        return ""
    return value if kind not in _READERS or _fits(kind, value) else ""


def _number_text(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _fits(kind: str, value: str) -> bool:
    try:
        _READERS[kind](value)
    except ValueError:
        return False
    return True


def normal_digits(text: str) -> str:
    """Digits of all scripts as 0–9, and the Arabic decimal sign as a point."""
    if text.isascii():
        return text
    digits = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return "".join(digits).replace("٫", ".").replace("−", "-")


def _clean(text: str) -> tuple[str, FieldError | None]:
    """The text with plain line ends, without control characters and not longer than the ceiling."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    kept = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    problem = error("control_characters") if kept != text else None
    return kept[:LONGEST_TEXT], error("too_long") if len(kept) > LONGEST_TEXT else problem


def _lines(text: str, question: Question) -> str:
    return text if "multiline" in question.appearance else " ".join(text.split("\n"))


def _read_several(typed: Sequence[str], allowed: Collection[str]) -> Read:
    chosen = [name for name in dict.fromkeys(typed) if name]
    listed = [name for name in chosen if name in allowed]
    return Read(listed or None, error("choice") if listed != chosen else None)


def _integer(text: str, _timezone: datetime.tzinfo) -> int | None:
    match = re.fullmatch(r"[+-]?[0-9]{1,16}", text.replace(" ", ""))
    number = int(match[0]) if match else None
    return number if number is not None and abs(number) <= LARGEST_NUMBER else None


def _decimal(text: str, _timezone: datetime.tzinfo) -> float | None:
    plain = text.replace(" ", "").replace(",", ".")
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", plain) or len(plain) > 30:
        return None
    number = float(plain)
    return number if math.isfinite(number) and abs(number) <= LARGEST_NUMBER else None


def _date(text: str, _timezone: datetime.tzinfo) -> str | None:
    """ISO, or as it is written in Finland: day.month.year."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
    finnish = re.fullmatch(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})", text)
    if not (match or finnish):
        return None
    year, month, day = match.groups() if match else reversed(finnish.groups() if finnish else ())
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _time(text: str, _timezone: datetime.tzinfo) -> str | None:
    match = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?", text)
    try:
        return datetime.time(int(match[1]), int(match[2]), int(match[3] or 0)).isoformat() if match else None
    except ValueError:
        return None


def _moment(text: str, timezone: datetime.tzinfo) -> str | None:
    """A date and a time; a moment without an offset is on the clock of the timezone."""
    match = re.fullmatch(r"(\S+\.\s?\S+\.\s?\S+|\S+?)[T ](\S+)", text)
    day = _date(match[1], timezone) if match else None
    clock = _time(match[2], timezone) if match else None
    if day is None or clock is None:
        return None
    return datetime.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=timezone).isoformat()


def clock_text(value: str) -> str:
    """A kept time (14:30) or day with time (11.2.1990 14:30) as people read it; what is neither stays as it is."""
    try:
        moment = datetime.datetime.fromisoformat(value) if "T" in value else None
        clock = moment or datetime.time.fromisoformat(value)
    except ValueError:
        return value
    day = f"{moment.day}.{moment.month}.{moment.year} " if moment else ""
    return f"{day}{clock.hour}:{clock.minute:02}" + (f":{clock.second:02}" if clock.second else "")


_PARSERS = {"integer": _integer, "decimal": _decimal, "date": _date, "time": _time, "dateTime": _moment}
_READERS = {
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "dateTime": datetime.datetime.fromisoformat,
}
