"""What the grant pays of costs: pure functions over rows and terms, so that a sent claim can be counted again.

Every figure keeps the parts that it was made of. Amounts are euros with two decimals, rounded half up once, where a
percentage is taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kotisatama.funding.amounts import NOTHING, cents, plain

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Terms:
    """The funder's terms from a day on; `flat` are percentages by kind."""

    pk: int
    valid_from: date
    rate: Decimal
    cap: Decimal
    accepted: frozenset[str]
    flat: tuple[tuple[str, Decimal], ...]
    legal_source: str
    decided_on: date

    @property
    def code(self) -> str:
        """The key as the codes of chains write it."""
        return str(self.pk)


@dataclass(frozen=True)
class Row:
    """A cost as far as a claim needs it."""

    pk: int
    kind: str
    on: date
    amount: Decimal
    voucher: str
    line: int
    text: str


@dataclass(frozen=True)
class KindLine:
    """The rows of one kind under one set of terms; `is_accepted` by those terms."""

    terms: int
    kind: str
    is_accepted: bool
    amount: Decimal
    rows: tuple[int, ...]


@dataclass(frozen=True)
class FlatLine:
    """A flat rate: `percent` of the accepted `base` of a kind."""

    terms: int
    kind: str
    percent: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class RateLine:
    """The grant's part, before the cap, of what is accepted under one set of terms."""

    terms: int
    rate: Decimal
    accepted: Decimal
    grant: Decimal


@dataclass(frozen=True)
class Calculation:
    """A claim: `grant` is the part by rate, but at most what the cap leaves after `granted_before`."""

    kinds: tuple[KindLine, ...]
    flats: tuple[FlatLine, ...]
    rates: tuple[RateLine, ...]
    cap: Decimal
    cap_terms: int
    granted_before: Decimal

    @property
    def accepted(self) -> Decimal:
        """Accepted rows and flat rates together."""
        return sum((each.accepted for each in self.rates), NOTHING)

    @property
    def refused(self) -> Decimal:
        """Rows of kinds that the terms do not accept."""
        return sum((each.amount for each in self.kinds if not each.is_accepted), NOTHING)

    @property
    def by_rate(self) -> Decimal:
        """The grant's part before the cap."""
        return sum((each.grant for each in self.rates), NOTHING)

    @property
    def left_before(self) -> Decimal:
        """What the cap left before this claim."""
        return max(self.cap - self.granted_before, NOTHING)

    @property
    def grant(self) -> Decimal:
        """What the funder is asked for."""
        return min(self.by_rate, self.left_before)

    @property
    def over_cap(self) -> Decimal:
        """What the cap cuts away."""
        return self.by_rate - self.grant

    @property
    def left_after(self) -> Decimal:
        """What the cap leaves for later claims."""
        return self.left_before - self.grant

    @property
    def own(self) -> Decimal:
        """What the municipalities pay of the accepted costs."""
        return self.accepted - self.grant


def terms_on(terms: Sequence[Terms], on: date) -> Terms | None:
    """The terms in force on a day; a cost before the first ones comes under the first."""
    known = sorted(terms, key=lambda each: each.valid_from)
    return next((each for each in reversed(known) if each.valid_from <= on), known[0] if known else None)


def calculate(rows: Iterable[Row], terms: Sequence[Terms], *, ends_on: date, granted_before: Decimal) -> Calculation:
    """Count a claim. The cap is that of the terms in force at its end. Raises ValueError without any terms."""
    last = terms_on(terms, ends_on)
    if last is None:
        raise ValueError("a claim needs terms")
    groups: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        groups.setdefault(((terms_on(terms, row.on) or last).pk, row.kind), []).append(row)
    by_pk = {each.pk: each for each in terms}
    kinds = tuple(
        KindLine(
            terms=pk,
            kind=kind,
            is_accepted=kind in by_pk[pk].accepted,
            amount=sum((row.amount for row in found), NOTHING),
            rows=tuple(row.pk for row in found),
        )
        for (pk, kind), found in sorted(groups.items())
    )
    flats = tuple(_flats(kinds, by_pk))
    return Calculation(kinds, flats, tuple(_rates(kinds, flats, by_pk)), last.cap, last.pk, granted_before)


def _flats(kinds: Iterable[KindLine], terms: dict[int, Terms]) -> Iterable[FlatLine]:
    for line in kinds:
        for kind, percent in terms[line.terms].flat:
            if kind == line.kind and line.is_accepted:
                yield FlatLine(line.terms, kind, percent, line.amount, cents(line.amount * percent / HUNDRED))


def _rates(kinds: Sequence[KindLine], flats: Sequence[FlatLine], terms: dict[int, Terms]) -> Iterable[RateLine]:
    for pk in sorted({each.terms for each in kinds}):
        rows = sum((each.amount for each in kinds if each.terms == pk and each.is_accepted), NOTHING)
        accepted = rows + sum((each.amount for each in flats if each.terms == pk), NOTHING)
        yield RateLine(pk, terms[pk].rate, accepted, cents(accepted * terms[pk].rate / HUNDRED))


def as_content(found: Calculation, rows: Iterable[Row], terms: Iterable[Terms]) -> dict[str, Any]:
    """The claim as it is frozen: texts and numbers only, amounts as texts with two decimals."""
    return {
        "kinds": [_fields(each) for each in found.kinds],
        "flats": [_fields(each) for each in found.flats],
        "rates": [_fields(each) for each in found.rates],
        "cap": plain(found.cap),
        "cap_terms": found.cap_terms,
        "granted_before": plain(found.granted_before),
        "rows": [_fields(each) for each in rows],
        "terms": [_fields(each) for each in terms],
        "sums": {name: plain(getattr(found, name)) for name in ("accepted", "refused", "by_rate", "grant", "own")},
    }


def _fields(each: object) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in vars(each).items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, frozenset)):
        found = [_plain_value(each) for each in value]
        return sorted(found) if isinstance(value, frozenset) else found
    return value


def from_content(content: dict[str, Any]) -> tuple[Calculation, list[Row], list[Terms]]:
    """A frozen claim as it was counted, with its rows and terms as they were."""
    number = Decimal
    calculation = Calculation(
        tuple(
            KindLine(each["terms"], each["kind"], each["is_accepted"], number(each["amount"]), tuple(each["rows"]))
            for each in content["kinds"]
        ),
        tuple(
            FlatLine(each["terms"], each["kind"], number(each["percent"]), number(each["base"]), number(each["amount"]))
            for each in content["flats"]
        ),
        tuple(
            RateLine(each["terms"], number(each["rate"]), number(each["accepted"]), number(each["grant"]))
            for each in content["rates"]
        ),
        number(content["cap"]),
        content["cap_terms"],
        number(content["granted_before"]),
    )
    rows = [
        Row(**{**each, "on": date.fromisoformat(each["on"]), "amount": number(each["amount"])})
        for each in content["rows"]
    ]
    return calculation, rows, [_terms(each) for each in content["terms"]]


def _terms(each: dict[str, Any]) -> Terms:
    return Terms(
        pk=each["pk"],
        valid_from=date.fromisoformat(each["valid_from"]),
        rate=Decimal(each["rate"]),
        cap=Decimal(each["cap"]),
        accepted=frozenset(each["accepted"]),
        flat=tuple((kind, Decimal(percent)) for kind, percent in each["flat"]),
        legal_source=each["legal_source"],
        decided_on=date.fromisoformat(each["decided_on"]),
    )
