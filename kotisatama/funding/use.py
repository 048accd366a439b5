"""Who uses the joint service, and who pays: contacts by home municipality and funding line beside the agreed parts.

Interpreter hours, group sessions and bookings have their columns; until other apps record them nothing stands there,
which is not nought. Counts below the threshold are hidden, and so is what would tell them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count
from django.utils import timezone

from kotisatama.contacts.models import Contact
from kotisatama.funding import calculating, project_queries, splitting
from kotisatama.funding.amounts import CENT, NOTHING, cents
from kotisatama.funding.claim_queries import Counted
from kotisatama.funding.models import Claim, Cost, Project
from kotisatama.kernel import dated_rules
from kotisatama.staff.models import Worker

INSIDE_THE_REGION = "inside the region"  # the target of the dated rule
OTHER = "other"  # every line that is not the project's

Counts = dict[tuple[str, str], int]


def agreed_parts(project: Project, *, on: date) -> dict[str, Fraction]:
    """Each municipality's part of one whole, by the people that were typed in; empty while there are none.

    `on` is the day for which the parts are asked: typed-in numbers hold for the whole project.
    """
    people = dict(project.partners.order_by("municipality_id").values_list("municipality_id", "people"))
    whole = sum(people.values())
    return {code: Fraction(number, whole) for code, number in people.items()} if whole else {}


def agreed_percentages(project: Project) -> dict[str, Decimal]:
    """The agreed parts in percent with two decimals, for reading."""
    parts = agreed_parts(project, on=timezone.localdate())
    return {code: cents(Decimal(part.numerator) * 100 / part.denominator) for code, part in parts.items()}


def shared(total: Decimal, parts: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """The total in cents by the parts: whole cents first, then one each to the largest remainders, ties by code."""
    if not any(parts.values()):
        return {}
    return {
        code: splitting.euros(number)
        for code, number in splitting.by_largest_remainder(int(total / CENT), parts).items()
    }


def years(project: Project) -> list[int]:
    """The years that the project touches until today, the latest first."""
    last = min(project.ends_on.year, timezone.localdate().year)
    return list(range(last, project.begins_on.year - 1, -1))


def until(project: Project, year: int) -> Counted | None:
    """All costs until a year's end, counted as one claim without earlier ones; None without terms."""
    terms = project_queries.terms_of(project)
    if not terms:
        return None
    last = min(date(year, 12, 31), project.ends_on)
    fields = ("pk", "kind", "on", "amount", "voucher", "line", "text")
    found = Cost.objects.filter(project=project, on__lte=last).order_by("on", "voucher", "line")
    rows = [calculating.Row(*values) for values in found.values_list(*fields)]
    claim = Claim(project=project, number=0, begins_on=project.begins_on, ends_on=last)
    calculation = calculating.calculate(rows, terms, ends_on=last, granted_before=NOTHING)
    return Counted(claim, calculation, rows, terms, code=f"until.{year}")


def own_part(project: Project, year: int) -> Decimal:
    """What the municipalities pay of a year's costs: until its end, without what they paid until the last one's."""
    now, before = until(project, year), until(project, year - 1)
    return (now.calculation.own if now else NOTHING) - (before.calculation.own if before else NOTHING)


@dataclass(frozen=True)
class Shown:
    """A count as it may be shown; `mark` says why it is not.

    small; other: it would tell a small one; unseen: of a municipality that the viewer does not serve; unrecorded.
    """

    value: int | None
    mark: str = ""


UNRECORDED = Shown(None, "unrecorded")


@dataclass(frozen=True)
class UseLine:
    """One municipality: its agreed part, its contacts under the project's funding line and under others."""

    municipality: str
    percent: Decimal
    contacts: Shown
    others: Shown


def threshold(year: int) -> int:
    """The smallest count that is shown, by the rule in force at the end of the year or today."""
    today = timezone.localdate()
    try:
        return dated_rules.number("suppression.min_count", target=INSIDE_THE_REGION, on=min(date(year, 12, 31), today))
    except dated_rules.NoSuchRule:  # years before the rule was written down
        return dated_rules.number("suppression.min_count", target=INSIDE_THE_REGION, on=today)


def counted(viewer: Worker, project: Project, year: int, places: Iterable[str]) -> Counts:
    """True counts by municipality and line (the project's, or OTHER). Needs the viewer's row security. One query."""
    zone = timezone.get_default_timezone()
    begins_on = max(date(year, 1, 1), project.begins_on)
    after = min(date(year + 1, 1, 1), date.fromordinal(project.ends_on.toordinal() + 1))
    begins, ends = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (begins_on, after))
    rows = (
        Contact.objects.filter(controller_id__in=viewer.controller_codes, at__gte=begins, at__lt=ends)
        .filter(municipality__in=list(places))
        .order_by()
        .values_list("municipality", "funding_line")
        .annotate(number=Count("pk"))
    )
    found: Counts = {}
    for place, line, number in rows:
        key = (place, line if line == project.funding_line else OTHER)
        found[key] = found.get(key, 0) + number
    return found


def hidden(
    counts: Mapping[tuple[str, str], int], places: Iterable[str], line: str, least: int
) -> dict[tuple[str, str], str]:
    """Which counts are hidden, and why.

    A small count hides itself and the other count of its municipality, because both together stand elsewhere; and one
    more municipality's, when it would be the only one hidden in its column, because so does the column's sum.
    """
    marks: dict[tuple[str, str], str] = {}
    places = sorted(places)
    for place in places:
        pair = [(place, line), (place, OTHER)]
        for key in pair:
            if 0 < counts.get(key, 0) < least:
                marks |= {each: marks.get(each, "other") for each in pair} | {key: "small"}
    alone = {place for place, _line in marks}
    if len(alone) == 1:
        rest = [
            place for place in places if place not in alone and any(counts.get((place, each)) for each in (line, OTHER))
        ]
        for place in sorted(rest, key=lambda each: (counts.get((each, line), 0), each))[:1]:
            marks |= {(place, line): "other", (place, OTHER): "other"}
    return marks


def lines(viewer: Worker, project: Project, year: int) -> list[UseLine]:
    """Each partner with its part and its use, small counts hidden; another controller's use is not seen."""
    percentages = agreed_percentages(project)
    seen = [code for code in percentages if code in viewer.controller_codes]
    counts = counted(viewer, project, year, seen)
    if not counts:  # nobody recorded contacts then, which is not nought
        return [UseLine(code, percent, UNRECORDED, UNRECORDED) for code, percent in _by_part(percentages)]
    marks = hidden(counts, seen, project.funding_line, threshold(year))

    def shown(place: str, line: str) -> Shown:
        if place not in seen:
            return Shown(None, "unseen")
        mark = marks.get((place, line), "")
        return Shown(None if mark else counts.get((place, line), 0), mark)

    return [
        UseLine(code, percent, shown(code, project.funding_line), shown(code, OTHER))
        for code, percent in _by_part(percentages)
    ]


def _by_part(percentages: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    return sorted(percentages.items(), key=lambda each: (-each[1], each[0]))
