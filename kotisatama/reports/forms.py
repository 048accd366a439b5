"""What the addresses of figures may ask for."""

import re
from collections.abc import Mapping, Sequence

from kotisatama.reports.queries import AskedRows

COUNTS = ("contacts", "persons", "anonymous")


def year_of(wishes: Mapping[str, str], years: Sequence[int]) -> int:
    """The year that is asked for when there are figures of it, else the latest."""
    wish = wishes.get("year", "")
    return int(wish) if wish.isdecimal() and int(wish) in years else years[0]


def asked_rows(wishes: Mapping[str, str]) -> AskedRows | None:
    """The figure whose rows are asked for; None when the address names none."""
    year, quarter = wishes.get("year", ""), wishes.get("quarter", "")
    place, count = wishes.get("place", ""), wishes.get("count", "contacts")
    fits = re.fullmatch(r"20\d\d", year) and re.fullmatch(r"[1-4]?", quarter)
    if not fits or not re.fullmatch(r"[0-9]{3}|[a-z]{1,10}", place) or count not in COUNTS:
        return None
    return AskedRows(int(year), int(quarter) if quarter else None, place, count)
