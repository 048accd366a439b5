"""Money as people type it: the one place where a text becomes an amount. Always two decimals, never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
LARGEST = Decimal("9999999999.99")
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
DASHES = dict.fromkeys(map(ord, "\u2212\u2012\u2013"), "-")


def cents(value: Decimal) -> Decimal:
    """The amount rounded half up to two decimals."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """An amount for files and machines: `-1234.50`."""
    return f"{value:.2f}"


def amount(text: str) -> Decimal:
    """Read "1 234,50", "1.234,50", "1,234.50" or "1234.5", with € and a minus. Raises NotAllowed with a sentence."""
    return _checked(text, _number(text), decimals=2)


def hours(text: str) -> Decimal:
    """Hours with at most two decimals: "7,5" or "7.50"."""
    return _checked(text, _number(text), decimals=2)


def percent(text: str) -> Decimal:
    """A percentage between 0 and 100 with at most two decimals."""
    found = _checked(text.strip().removesuffix("%"), _number(text.strip().removesuffix("%")), decimals=2)
    if not 0 <= found <= 100:
        raise NotAllowed(_("“%(text)s” is no percentage between 0 and 100.") % {"text": _short(text)})
    return found


def _number(text: str) -> str:
    """The number with a point before its decimals; NotAllowed when it is none, or could be two different ones."""
    typed = text.translate(SPACES).translate(DASHES).strip().removesuffix("€").removesuffix("EUR").strip()
    sign = "-" if typed.startswith("-") else ""
    typed = typed.removeprefix("-").removeprefix("+").strip()
    if not re.fullmatch(r"[0-9]+(?:[ '][0-9]{3})*(?:[.,][0-9]+)*|[.,][0-9]+", typed, re.ASCII):
        raise NotAllowed(_("“%(text)s” is no amount. Write it as 1234,50.") % {"text": _short(text)})
    grouped = bool(re.search(r"[ ']", typed))
    if grouped and not re.match(r"[0-9]{1,3}[ ']", typed):
        raise NotAllowed(_("“%(text)s” is no amount. Write it as 1234,50.") % {"text": _short(text)})
    return sign + _with_point(re.sub(r"[ ']", "", typed), text)


def _with_point(typed: str, text: str) -> str:
    marks = re.findall(r"[.,]", typed)
    if not marks:
        return typed
    *groups, last = re.split(r"[.,]", typed)
    if len(set(marks)) == 1 and len(marks) > 1:  # 1.234.567: all of them stand between thousands
        return _thousands([*groups, last], text)
    if len(marks) == 1:
        return f"{groups[0] or '0'}.{last}"
    if len(set(marks[:-1])) > 1 or marks[-1] in marks[:-1]:
        raise NotAllowed(_("“%(text)s” is no amount. Write it as 1234,50.") % {"text": _short(text)})
    return f"{_thousands(groups, text)}.{last}"


def _thousands(groups: list[str], text: str) -> str:
    first, *rest = groups
    if not 1 <= len(first) <= 3 or any(len(each) != 3 for each in rest):
        raise NotAllowed(_("“%(text)s” is no amount. Write it as 1234,50.") % {"text": _short(text)})
    return "".join(groups)


def _checked(text: str, number: str, *, decimals: int) -> Decimal:
    _whole, _point, fraction = number.partition(".")
    if len(fraction) > decimals:
        raise NotAllowed(
            _("“%(text)s” has more than two decimals. Write thousands without a mark, and cents after a comma.")
            % {"text": _short(text)}
        )
    value = Decimal(number)
    if abs(value) > LARGEST:
        raise NotAllowed(_("“%(text)s” is larger than any amount here can be.") % {"text": _short(text)})
    return value.quantize(CENT)


def _short(text: str) -> str:
    typed = " ".join(text.split())
    return typed if len(typed) <= 40 else f"{typed[:39]}…"
