"""What an agreement says: worked out from terms, numbers and who joins; written so that a hash can be told of it. Pure.

{"people": {"167": 2302, …}, "terms": {"method", "lead", "minimum", "fixed"}, "begins_on", "ends_on",
 "years": {"2026": {"total": "45555.00", "parts": [["167", 2302, "81.13", "36958.77"], …]}}, "statistic": {…}}
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kotisatama.funding import splitting
from kotisatama.funding.splitting import Part, Phase, Terms

Content = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """From when to when, and how much of each year."""

    begins_on: date
    ends_on: date
    amounts: Mapping[int, Decimal]


def parts_by_year(frame: Frame, phases: list[Phase]) -> dict[int, list[Part]]:
    """The parts of each year, given who shares from which day on. Raises Faulty."""
    return {
        year: splitting.split_year(
            amount,
            begins_on=max(frame.begins_on, date(year, 1, 1)),
            ends_on=min(frame.ends_on, date(year, 12, 31)),
            phases=phases,
        )
        for year, amount in sorted(frame.amounts.items())
    }


def written(frame: Frame, phases: list[Phase], *, statistic: Mapping[str, str]) -> Content:
    """The content of the agreement that holds from the last phase on. Raises Faulty."""
    last = phases[-1]
    years = parts_by_year(frame, phases)
    return {
        "begins_on": frame.begins_on.isoformat(),
        "ends_on": frame.ends_on.isoformat(),
        "holds_from": last.begins_on.isoformat(),
        "people": dict(last.people),
        "terms": {
            "method": str(last.terms.method),
            "lead": last.terms.lead,
            "minimum": str(last.terms.minimum),
            "fixed": str(last.terms.fixed),
        },
        "statistic": dict(statistic),
        "years": {
            str(year): {
                "total": str(frame.amounts[year]),
                "parts": [[part.municipality, part.people, str(part.percent), str(part.amount)] for part in parts],
            }
            for year, parts in years.items()
        },
    }


def sha256(content: Content) -> str:
    """Of the content as JSON with sorted keys, no spaces, in UTF-8: anybody can compute it again."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def phase(content: Content) -> Phase:
    """Who shares from when on, read back."""
    terms = content["terms"]
    return Phase(
        begins_on=date.fromisoformat(content["holds_from"]),
        people=in_order(content),
        terms=Terms(terms["method"], terms["lead"], Decimal(terms["minimum"]), Decimal(terms["fixed"])),
    )


def in_order(content: Content) -> dict[str, int]:
    """People in the order of the parts: the database keeps no order of keys."""
    last = content["years"][max(content["years"])]["parts"]
    people = content["people"]
    return {code: people[code] for code, *_rest in last if code in people}


def parts(content: Content) -> dict[int, list[Part]]:
    """The parts of each year, read back."""
    return {
        int(year): [Part(code, people, Decimal(percent), Decimal(amount)) for code, people, percent, amount in given]
        for year, given in sorted((year, of["parts"]) for year, of in content["years"].items())
    }


def over_years(years: Mapping[int, Iterable[Part]]) -> list[Part]:
    """Each municipality's parts of all years together; people and per cent of the last year in which it is."""
    found: dict[str, Part] = {}
    for _year, given in sorted(years.items()):
        for part in given:
            before = found[part.municipality].amount if part.municipality in found else Decimal("0.00")
            found[part.municipality] = Part(part.municipality, part.people, part.percent, before + part.amount)
    return list(found.values())
