"""What people type for a split, read strictly: a sum that was misread would be paid."""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from kotisatama.funding.splitting import Faulty

MOST_PEOPLE = 100_000_000


def amount(text: str, *, field: str = "amount") -> Decimal:
    """Euros with a point and at most two decimals, as a Decimal of two places. Raises Faulty."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", text, re.ASCII):
        return Decimal(text).quantize(Decimal("0.01"))
    if re.fullmatch(r"[-\u2212]\s*[0-9., ]+", text):
        raise Faulty(field, _("An amount to share is not negative. For a correction split the corrected total."))
    if re.fullmatch(r"[0-9]+\.[0-9]{3,}", text, re.ASCII):
        raise Faulty(field, _("%(text)s has more than two decimals. Give euros and whole cents.") % {"text": text[:40]})
    if meant := _meant(text):
        sentence = _("Write %(meant)s instead of “%(text)s”: a point before the cents, no spaces and no commas.")
        raise Faulty(field, sentence % {"meant": meant, "text": text[:40]})
    sentence = _("“%(text)s” is not an amount. Write euros with a point before the cents, for example 45555.00.")
    raise Faulty(field, sentence % {"text": text[:40]})


def _meant(text: str) -> str:
    """What somebody who wrote a comma or spaces most likely meant; empty when nobody can tell."""
    closed = "".join(text.split())
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,2}", closed, re.ASCII):
        return closed.replace(",", "")
    pointed = closed if "." in closed else closed.replace(",", ".")
    return pointed if re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", pointed, re.ASCII) else ""


def code(text: str, *, field: str = "people") -> str:
    """A municipality's code of three digits; KU before it, as the statistics write it, is taken away. Raises Faulty."""
    found = text.strip().upper().removeprefix("KU")
    if not re.fullmatch(r"[0-9]{3}", found, re.ASCII):
        sentence = _("“%(text)s” is not the code of a municipality: three digits, for example 167.")
        raise Faulty(field, sentence % {"text": text.strip()[:40]})
    return found


def people_number(text: str, *, code: str) -> int:
    """A whole number of people. Raises Faulty with the code."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) or int(text) > MOST_PEOPLE:
        sentence = _("%(code)s: “%(text)s” is not a number of people. Write digits alone.")
        raise Faulty("people", sentence % {"code": code, "text": text.strip()[:40]})
    return int(text)


def people(text: str) -> dict[str, int]:
    """`167=2302,276=184` in its order; apart by commas, semicolons or lines. Raises Faulty with the place."""
    found: dict[str, int] = {}
    for number, each in enumerate((each for each in re.split(r"[,;\n]", text) if each.strip()), start=1):
        name, sign, value = each.partition("=")
        if not sign:
            sentence = _("Entry %(number)s, “%(text)s”: write the code, = and the number of people.")
            raise Faulty("people", sentence % {"number": number, "text": each.strip()[:40]})
        key = code(name)
        if key in found:
            raise Faulty("people", _("%(code)s stands twice.") % {"code": key})
        found[key] = people_number(value, code=key)
    return found


def numbers(text: str, names: Mapping[str, str]) -> dict[str, int]:
    """A municipality and its number a line: `167 2302`, `Joensuu=2302`. `names` gives codes by casefolded name.

    Raises Faulty with the line.
    """
    found: dict[str, int] = {}
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, value = _halves(line, row)
        key = names.get(name.casefold(), "") or (code(name, field="numbers") if name[:1].isdigit() else "")
        if not key:
            sentence = _("Line %(row)s: nobody knows a municipality “%(text)s”. Write its name or its code.")
            raise Faulty("numbers", sentence % {"row": row, "text": name[:40]})
        if key in found:
            raise Faulty("numbers", _("Line %(row)s: %(code)s stands twice.") % {"row": row, "code": key})
        if not re.fullmatch(r"[0-9]{1,8}", value, re.ASCII):
            sentence = _("Line %(row)s: “%(text)s” is not a number of people. Write digits alone.")
            raise Faulty("numbers", sentence % {"row": row, "text": value[:40]})
        found[key] = int(value)
    return found


def amounts(text: str) -> dict[int, Decimal]:
    """A year and its euros a line: `2026 45555.00`. Raises Faulty with the line."""
    found: dict[int, Decimal] = {}
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        year, value = _year_and_amount(line, row)
        if not re.fullmatch(r"20[0-9]{2}", year, re.ASCII):
            raise Faulty("amounts", _("Line %(row)s: “%(text)s” is not a year.") % {"row": row, "text": year[:40]})
        if int(year) in found:
            raise Faulty("amounts", _("Line %(row)s: %(code)s stands twice.") % {"row": row, "code": year})
        try:
            found[int(year)] = amount(value)
        except Faulty as reason:
            told = {"row": row, "reason": str(reason)}
            raise Faulty("amounts", _("Line %(row)s: %(reason)s") % told) from None
        if not found[int(year)]:
            raise Faulty("amounts", _("Line %(row)s: an amount to share is more than 0.") % {"row": row})
    return found


def _year_and_amount(line: str, row: int) -> tuple[str, str]:
    halves = re.split(r"\s*[=:;]\s*|\s+", line.strip(), maxsplit=1)
    if len(halves) != 2:
        raise Faulty("amounts", _("Line %(row)s: write the year, a space and the amount.") % {"row": row})
    return halves[0], halves[1]


def _halves(line: str, row: int) -> tuple[str, str]:
    halves = re.split(r"\s*[=:;\t]\s*", line.strip(), maxsplit=1)
    if len(halves) != 2:
        halves = line.strip().rsplit(maxsplit=1)
    if len(halves) != 2:
        raise Faulty("numbers", _("Line %(row)s: write the municipality and its number of people.") % {"row": row})
    return halves[0].strip(), halves[1].strip()
