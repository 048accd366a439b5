"""The arithmetic of the split: handbook 5, and over many random cases. All by KOTISATAMA_SPLITS=100000."""

import itertools
import os
import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from kotisatama.funding import splitting
from kotisatama.funding.splitting import Faulty, Method, Phase, Terms

CASES = int(os.environ.get("KOTISATAMA_SPLITS", "3000"))
CODES = ("167", "276", "426", "309", "146")
TOTAL = Decimal("45555.00")
AS_DECIDED, EXACT = Terms(Method.AS_DECIDED, "167"), Terms(Method.EXACT, "167")


def people(*numbers: int) -> dict[str, int]:
    return dict(zip(CODES, numbers, strict=True))


def amounts(parts: list[splitting.Part]) -> list[str]:
    return [str(part.amount) for part in parts]


def test_the_worked_case_of_the_plan() -> None:
    grant, left = splitting.left_to_share(Decimal("151850.00"), rate=Decimal(70), cap=Decimal("106295.00"))
    assert (str(grant), str(left)) == ("106295.00", "45555.00")
    parts = splitting.split(left, people(2302, 184, 142, 133, 76), AS_DECIDED)
    assert [str(part.percent) for part in parts] == ["81.13", "6.49", "5.01", "4.69", "2.68"]
    assert amounts(parts) == ["36958.77", "2956.52", "2282.31", "2136.53", "1220.87"]
    assert splitting.summed(parts) == TOTAL


def test_what_rounded_one_by_one_sums_to_a_cent_too_much_sums_to_the_whole() -> None:
    numbers = people(2302, 173, 142, 133, 87)
    exact, decided = (splitting.split(TOTAL, numbers, terms) for terms in (EXACT, AS_DECIDED))
    rounded = [(TOTAL * part.percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) for part in decided]
    assert sum(rounded) == Decimal("45555.01")
    assert splitting.summed(exact) == splitting.summed(decided) == TOTAL


def test_cents_left_over_go_to_the_largest_remainders_and_equal_ones_by_code() -> None:
    parts = splitting.split(Decimal("0.05"), {"426": 1, "276": 1, "167": 1}, Terms(Method.EXACT))
    assert {part.municipality: str(part.amount) for part in parts} == {"426": "0.01", "276": "0.02", "167": "0.02"}


def random_case(draw: random.Random) -> tuple[Decimal, dict[str, int], Terms]:
    """Sums from nothing to millions, few and many municipalities, tiny and huge ones, sometimes a least or a fixed."""
    many = draw.choice([2, 3, 5, 8, 13, 40]) if draw.random() < 0.98 else draw.randint(100, 309)
    largest = draw.choice([1, 3, 50, 3_000, 1_000_000])
    numbers = {f"{code:03}": draw.randint(1, largest) for code in draw.sample(range(1000), many)}
    total = splitting.euros(draw.randint(0, draw.choice([10, 10_000, 5_000_000, 100_000_000_000])))
    least, fixed = (
        splitting.euros(draw.randint(0, int(total * 100) // many)) if draw.random() < 0.2 else Decimal(0)
        for _ in range(2)
    )
    return total, numbers, Terms(draw.choice(Method.values), draw.choice(list(numbers)), least, fixed)


def check_parts(total: Decimal, parts: list[splitting.Part], terms: Terms) -> None:
    assert splitting.summed(parts) == total
    assert all(part.amount >= max(terms.minimum, terms.fixed, Decimal(0)) for part in parts)
    assert all(part.amount == part.amount.quantize(Decimal("0.01")) for part in parts)
    if terms.method == Method.EXACT:
        by_people = sorted(parts, key=lambda part: part.people)
        for smaller, larger in itertools.pairwise(by_people):
            assert smaller.people == larger.people or smaller.amount <= larger.amount


def split_or_refused(total: Decimal, numbers: dict[str, int], terms: Terms) -> list[splitting.Part]:
    """The parts; none where rounding leaves the lead less than nothing, which happens as decided alone."""
    try:
        return splitting.split(total, numbers, terms)
    except Faulty as reason:
        if (terms.method, reason.field) != (Method.AS_DECIDED, "method"):
            raise
        return []


def test_parts_sum_to_the_whole_and_more_people_never_pay_less() -> None:
    draw, refused, done = random.Random(20190), 0, {str(method): 0 for method in Method}
    for _ in range(CASES):
        total, numbers, terms = random_case(draw)
        parts = split_or_refused(total, numbers, terms)
        if not parts:
            refused += 1
            continue
        check_parts(total, parts, terms)
        done[terms.method] += 1
    assert refused < CASES / 2
    assert min(done.values()) > CASES / 10


def test_many_tiny_others_whose_rounded_percentages_pass_100_are_refused_with_the_figure() -> None:
    numbers = {f"{code:03}": 2 for code in range(640)} | {"900": 1}
    with pytest.raises(Faulty, match=r"sum to 102\.40 %"):
        splitting.split(TOTAL, numbers, Terms(Method.AS_DECIDED, "900"))
    check_parts(TOTAL, splitting.split(TOTAL, numbers, Terms(Method.EXACT, "900")), EXACT)


def test_rounded_euros_that_pass_the_total_are_refused() -> None:
    numbers = {"167": 1, "276": 33, "426": 33, "309": 33}
    with pytest.raises(Faulty, match=r"sum to 0\.03, more than the total 0\.02"):
        splitting.split(Decimal("0.02"), numbers, AS_DECIDED)


def test_whoever_would_pay_less_than_the_least_pays_the_least_and_the_others_share_the_rest() -> None:
    parts = splitting.split(TOTAL, people(2302, 184, 142, 133, 76), Terms(Method.EXACT, minimum=Decimal("2500.00")))
    assert amounts(parts)[2:] == ["2500.00"] * 3
    assert splitting.summed(parts[:2]) == Decimal("38055.00")
    assert amounts(parts)[:2] == amounts(splitting.split(Decimal("38055.00"), {"167": 2302, "276": 184}, EXACT))


def test_a_fixed_part_is_paid_by_each_and_the_rest_by_people() -> None:
    terms = Terms(Method.EXACT, fixed=Decimal("1000.00"))
    parts = splitting.split(Decimal("5000.00"), {"167": 3, "276": 0, "426": 1}, terms)
    assert amounts(parts) == ["2500.00", "1000.00", "1500.00"]


@pytest.mark.parametrize(
    ("total", "numbers", "terms", "field", "sentence"),
    [
        ("-1.00", {"167": 1, "276": 1}, EXACT, "amount", "not negative"),
        ("1.001", {"167": 1, "276": 1}, EXACT, "amount", "two decimals"),
        ("99999999999.00", {"167": 1, "276": 1}, EXACT, "amount", "too large"),
        ("NaN", {"167": 1, "276": 1}, EXACT, "amount", "two decimals"),
        ("1.00", {"167": 1}, EXACT, "people", "at least two"),
        ("1.00", {"167": 1, "276": 0}, EXACT, "people", "276: with 0 people"),
        ("1.00", {"167": 1, "276": -2}, EXACT, "people", "276: a number"),
        ("1.00", {"167": 0, "276": 0}, Terms(Method.EXACT, fixed=Decimal("0.10")), "people", "Nobody"),
        ("1.00", {"426": 1, "276": 1}, EXACT, "lead", "167 is not among"),
        ("1.00", {"426": 1, "276": 1}, Terms(Method.AS_DECIDED), "lead", "which municipality leads"),
        ("1.00", {"426": 1, "276": 1}, Terms("halves"), "method", "exact or as-decided"),
        ("1.00", {"426": 1, "276": 1}, Terms(Method.EXACT, minimum=Decimal("0.51")), "minimum", "2 municipalities"),
    ],
)
def test_what_cannot_be_split_is_refused_at_its_place(
    total: str, numbers: dict[str, int], terms: Terms, field: str, sentence: str
) -> None:
    with pytest.raises(Faulty, match=sentence) as refused:
        splitting.split(Decimal(total), numbers, terms)
    assert refused.value.field == field


YEAR = {"begins_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


def test_a_year_in_which_somebody_joins_is_shared_by_days_and_sums_to_the_whole() -> None:
    before = Phase(date(2026, 1, 1), people(2302, 184, 142, 133, 76), AS_DECIDED)
    after = Phase(date(2026, 7, 1), {**before.people, "607": 40}, AS_DECIDED)
    parts = splitting.split_year(TOTAL, **YEAR, phases=[before, after])
    assert [part.municipality for part in parts] == [*CODES, "607"]
    assert splitting.summed(parts) == TOTAL
    whole = splitting.split(TOTAL, after.people, AS_DECIDED)
    assert 0 < parts[-1].amount < whole[-1].amount
    old = splitting.split(TOTAL, before.people, AS_DECIDED)
    assert all(later.amount <= earlier.amount for earlier, later in zip(old, parts, strict=False))


def test_who_joins_on_the_first_day_is_in_the_whole_year_and_who_joins_later_in_none_of_it() -> None:
    before = Phase(date(2025, 6, 1), people(2302, 184, 142, 133, 76), EXACT)
    at_once = Phase(date(2026, 1, 1), {**before.people, "607": 40}, EXACT)
    assert splitting.split_year(TOTAL, **YEAR, phases=[before, at_once]) == splitting.split(
        TOTAL, at_once.people, EXACT
    )
    later = Phase(date(2027, 1, 1), at_once.people, EXACT)
    assert splitting.split_year(TOTAL, **YEAR, phases=[before, later]) == splitting.split(TOTAL, before.people, EXACT)


def test_random_years_with_joiners_sum_to_the_whole() -> None:
    draw = random.Random(7)
    for _ in range(CASES // 10):
        total, numbers, terms = random_case(draw)
        terms = Terms(Method.EXACT, minimum=terms.minimum, fixed=terms.fixed)
        codes = list(numbers)
        days = sorted(draw.sample(range(1, 365), min(3, len(codes) - 2)))
        phases = [
            Phase(date.fromordinal(date(2026, 1, 1).toordinal() + day), dict.fromkeys(codes, 0) | dict(few), terms)
            for number, day in enumerate([0, *days])
            for few in [list(numbers.items())[: len(codes) - len(days) + number]]
        ]
        phases = [Phase(p.begins_on, {c: n for c, n in p.people.items() if n}, terms) for p in phases]
        parts = splitting.split_year(total, **YEAR, phases=phases)
        assert splitting.summed(parts) == total
        assert all(part.amount >= 0 for part in parts)


def test_a_correction_is_the_difference_of_two_splits_and_sums_to_the_difference_of_the_totals() -> None:
    before = splitting.split(TOTAL, people(2302, 184, 142, 133, 76), AS_DECIDED)
    after = splitting.split(Decimal("45000.00"), people(2302, 184, 142, 133, 76), AS_DECIDED)
    changes = splitting.compared(before, after)
    assert sum(change.difference for change in changes) == Decimal("-555.00")
    assert all(change.difference < 0 for change in changes)
