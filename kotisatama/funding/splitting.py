"""What each municipality pays of a sum: to the cent, by its number of people. Pure; counts in cents, never in floats.

A total is never negative. A correction is the split of the corrected total: what each one gets back or still pays is
the difference of its two parts (`compared`), and these differences sum to the difference of the totals.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed

WHOLE = 10_000  # hundred per cent, in hundredths of a per cent
FEWEST = 2
LARGEST_TOTAL = Decimal("9999999999.99")


class Method(TextChoices):
    """How cents are shared out."""

    EXACT = "exact", gettext_lazy("Exact: by people, the last cents by the largest remainder")
    AS_DECIDED = "as-decided", gettext_lazy("As decided: rounded percentages, the lead municipality pays the rest")


class Faulty(NotAllowed):
    """What was given cannot be split; `field` says which of amount, people, lead, minimum, fixed or method it is."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Terms:
    """How to split: `fixed` is what each pays whatever its people, `minimum` the least that anybody pays in all.

    `lead` takes what the others' rounding leaves; the exact method has no use for it.
    """

    method: str
    lead: str = ""
    minimum: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)


@dataclass(frozen=True)
class Part:
    """One municipality's part. `percent` is its share of the people, rounded; the lead's the rest when as decided."""

    municipality: str
    people: int
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Phase:
    """From a day on these municipalities share, by these numbers and terms."""

    begins_on: date
    people: Mapping[str, int]
    terms: Terms


@dataclass(frozen=True)
class Change:
    """One municipality before and after; None where it takes no part."""

    municipality: str
    before: Part | None
    after: Part | None

    @property
    def difference(self) -> Decimal:
        """How much more it pays after; negative when less."""
        return _amount(self.after) - _amount(self.before)


def split(total: Decimal, people: Mapping[str, int], terms: Terms) -> list[Part]:
    """The parts in the order of `people`; they sum to the total and none is negative. Raises Faulty.

    Exact: whole cents by people, the cents left over to the largest remainders, equal ones by code. Whoever has more
    people never pays less. As decided: percentages of the others and their euros are each rounded half up to two
    decimals, and the lead takes the rest; what leaves less than nothing for the lead is refused.
    """
    check(total, people, terms)
    share = _as_decided if terms.method == Method.AS_DECIDED else _exact
    percents, cents = share(_cents(total), people, terms)
    return [Part(code, number, euros(percents[code]), euros(cents[code])) for code, number in people.items()]


def split_year(total: Decimal, *, begins_on: date, ends_on: date, phases: Iterable[Phase]) -> list[Part]:
    """The parts of one year's total when who takes part changes on the way. Raises Faulty.

    The total is divided over the phases by their days between the first and the last day (both included), and each
    phase's piece is split by itself. People and per cent are those of the last phase in which a municipality is.
    """
    pieces = _pieces(_cents(total), begins_on, ends_on, list(phases))
    found: dict[str, Part] = {}
    for phase, piece, share in pieces:
        terms = Terms(phase.terms.method, phase.terms.lead, _part_of(phase.terms.minimum, share), _fixed(phase, share))
        for part in split(euros(piece), phase.people, terms):
            amount = part.amount + _amount(found.get(part.municipality))
            found[part.municipality] = Part(part.municipality, part.people, part.percent, amount)
    last = pieces[-1][0].people
    return [found[code] for code in [*last, *(code for code in found if code not in last)]]


def compared(before: Iterable[Part], after: Iterable[Part]) -> list[Change]:
    """Each municipality of either, those of `after` first."""
    earlier, later = ({part.municipality: part for part in parts} for parts in (before, after))
    return [Change(code, earlier.get(code), later.get(code)) for code in dict.fromkeys([*later, *earlier])]


def left_to_share(costs: Decimal, *, rate: Decimal, cap: Decimal) -> tuple[Decimal, Decimal]:
    """The grant for the accepted costs (`rate` in per cent, at most the cap), and what the municipalities pay."""
    grant = min(euros(_half_up(_cents(costs) * int(rate * 100), WHOLE)), cap)
    return grant, costs - grant


def summed(parts: Iterable[Part]) -> Decimal:
    """The parts' amounts together."""
    return sum((part.amount for part in parts), Decimal("0.00"))


def euros(hundredths: int) -> Decimal:
    """Cents as euros, hundredths of a per cent as per cent: a Decimal of two places."""
    return Decimal(hundredths).scaleb(-2)


def check(total: Decimal, people: Mapping[str, int], terms: Terms) -> None:
    """Refuse what cannot be split, with a sentence. Raises Faulty."""
    _check_amounts(total, terms)
    if len(people) < FEWEST:
        raise Faulty("people", _("A split needs at least two municipalities."))
    _check_people(people, terms)
    if terms.lead and terms.lead not in people:
        raise Faulty("lead", _("The lead municipality %(code)s is not among those who share.") % {"code": terms.lead})
    if terms.method == Method.AS_DECIDED and not terms.lead:
        raise Faulty("lead", _("Say which municipality leads: it pays what rounding leaves."))
    if max(terms.minimum, terms.fixed) * len(people) > total:
        given = {"field": "minimum" if terms.minimum > terms.fixed else "fixed", "number": len(people)}
        sentence = _("%(number)s municipalities with at least %(least)s each pay more than the total %(total)s.")
        raise Faulty(
            str(given["field"]), sentence % (given | {"least": max(terms.minimum, terms.fixed), "total": total})
        )


def _check_amounts(total: Decimal, terms: Terms) -> None:
    for field, amount in (("amount", total), ("minimum", terms.minimum), ("fixed", terms.fixed)):
        if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
            raise Faulty(field, _("An amount has at most two decimals."))
        if amount < 0:
            raise Faulty(field, _("An amount to share is not negative. For a correction split the corrected total."))
        if amount > LARGEST_TOTAL:
            raise Faulty(field, _("The amount is too large."))
    if terms.method not in Method.values:
        raise Faulty("method", _("The method is exact or as-decided."))


def _check_people(people: Mapping[str, int], terms: Terms) -> None:
    for code, number in people.items():
        if number < 0:
            raise Faulty("people", _("%(code)s: a number of people is not negative.") % {"code": code})
        if number == 0 and not (terms.minimum or terms.fixed):
            sentence = _("%(code)s: with 0 people there is nothing to pay. Leave it out, or correct the number.")
            raise Faulty("people", sentence % {"code": code})
    if not any(people.values()):
        raise Faulty("people", _("Nobody has any people: there is nothing to share by."))


Shares = tuple[dict[str, int], dict[str, int]]


def _exact(total: int, people: Mapping[str, int], terms: Terms) -> Shares:
    fixed = _cents(terms.fixed)
    rest, least = total - fixed * len(people), max(0, _cents(terms.minimum) - fixed)
    pinned: set[str] = set()
    while True:  # whoever would pay less than the least pays the least; the others share what is left
        free = {code: number for code, number in people.items() if code not in pinned}
        left, everybody = rest - least * len(pinned), sum(free.values())
        below = {code for code, number in free.items() if left * number < least * everybody}
        if not below:
            break
        pinned |= below
    cents = dict.fromkeys(pinned, least) | by_largest_remainder(left, free)
    whole = sum(people.values())
    percents = {code: _half_up(WHOLE * number, whole) for code, number in people.items()}
    return percents, {code: fixed + cents[code] for code in people}


def by_largest_remainder(total: int, weights: Mapping[str, int] | Mapping[str, Fraction]) -> dict[str, int]:
    """Whole cents by weight, then one each to the largest remainders, equal ones by code. The weights are not all 0."""
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    first = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in first[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def _as_decided(total: int, people: Mapping[str, int], terms: Terms) -> Shares:
    fixed, whole = _cents(terms.fixed), sum(people.values())
    rest, others = total - fixed * len(people), [code for code in people if code != terms.lead]
    percents = {code: _half_up(WHOLE * people[code], whole) for code in others}
    if sum(percents.values()) > WHOLE:
        sentence = _(
            "The percentages of the others, each rounded to two decimals, sum to %(percent)s %%: less than nothing is"
            " left for the lead municipality %(lead)s. Use the exact method."
        )
        raise Faulty("method", sentence % {"percent": euros(sum(percents.values())), "lead": terms.lead})
    least = _cents(terms.minimum)
    cents = {code: max(least, fixed + _half_up(rest * percents[code], WHOLE)) for code in others}
    left = total - sum(cents.values())
    if left < max(least, fixed):
        found = {"others": euros(sum(cents.values())), "total": euros(total), "lead": terms.lead, "left": euros(left)}
        sentence = _(
            "The others' rounded amounts sum to %(others)s, more than the total %(total)s. Use the exact method."
        )
        if left >= 0:
            sentence = _(
                "The others' rounded amounts leave %(left)s of %(total)s for the lead municipality %(lead)s, which is"
                " less than the least that each pays. Use the exact method."
            )
        raise Faulty("method", sentence % found)
    return percents | {terms.lead: WHOLE - sum(percents.values())}, cents | {terms.lead: left}


Piece = tuple[Phase, int, tuple[int, int]]


def _pieces(total: int, begins_on: date, ends_on: date, phases: list[Phase]) -> list[Piece]:
    """Each phase that has days in the year, with its cents and its days of all."""
    starts = [max(begins_on, phase.begins_on) for phase in phases]
    after = [*starts[1:], ends_on + timedelta(days=1)]
    days = {str(n): max(0, (end - start).days) for n, (start, end) in enumerate(zip(starts, after, strict=True))}
    whole = (ends_on - begins_on).days + 1
    if not phases or phases[0].begins_on > begins_on or sum(days.values()) != whole:
        raise ValueError("phases in their order, the first of which begins with the year at the latest")
    cents = by_largest_remainder(total, days)
    return [(phases[int(n)], cents[n], (many, whole)) for n, many in days.items() if many]


def _part_of(amount: Decimal, share: tuple[int, int]) -> Decimal:
    days, whole = share
    return euros(_cents(amount) * days // whole)


def _fixed(phase: Phase, share: tuple[int, int]) -> Decimal:
    return _part_of(phase.terms.fixed, share)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def _amount(part: Part | None) -> Decimal:
    return part.amount if part else Decimal("0.00")
