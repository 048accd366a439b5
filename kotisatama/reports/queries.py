"""Figures of a year: one statement reads the contacts once; everything that shows or exports figures starts here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from kotisatama.contacts.models import Contact
from kotisatama.kernel import dated_rules
from kotisatama.reports import access, suppression
from kotisatama.reports.counting import ELSEWHERE, REASONS, Counted, count
from kotisatama.reports.suppression import TOTAL, Mark, Measure
from kotisatama.staff.models import Worker

INSIDE_THE_REGION = "inside the region"  # the target of the dated rule
NAMED = 3  # languages, topics and channels named per line, the most common first
YEAR = "year"
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Figure:
    """One count; `value` is None when it is hidden, `mark` says why."""

    value: int | None
    mark: Mark | None = None

    @property
    def is_hidden(self) -> bool:
        return self.mark is not None


@dataclass(frozen=True)
class Line:
    """One place in one quarter (None: the whole year). `place` is a municipality code, a reason without one, or TOTAL.

    Languages, topics and channels are codes, the most common first, none that was counted less often than the
    threshold; they are empty where the number of contacts is hidden.
    """

    place: str
    quarter: int | None
    contacts: Figure
    persons: Figure
    anonymous: Figure
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True)
class ChannelLine:
    """The year's contacts of one place by channel."""

    place: str
    counts: dict[str, Figure]


@dataclass(frozen=True)
class Yearly:
    """A year's figures as they may be shown: the year's line of each place, its quarters, the total's last."""

    year: int
    least: int
    counted_at: datetime
    controllers: tuple[str, ...]
    lines: tuple[Line, ...]
    channels: tuple[ChannelLine, ...]

    def of_years(self) -> list[Line]:
        """The year's line of each place, without the total."""
        return [line for line in self.lines if line.quarter is None and line.place != TOTAL]

    def of_quarters(self, place: str) -> list[Line]:
        """The four quarters of one place."""
        return [line for line in self.lines if line.place == place and line.quarter is not None]

    def total(self) -> Line:
        """The year of all places together."""
        return next(line for line in self.lines if line.place == TOTAL and line.quarter is None)


def bounds(year: int, quarter: int | None = None) -> tuple[datetime, datetime]:
    """The first moment of the year or quarter, and the first after it, in local time."""
    first = date(year, 1 if quarter is None else quarter * 3 - 2, 1)
    after = date(year + 1, 1, 1) if quarter in (None, 4) else date(year, (quarter or 1) * 3 + 1, 1)
    zone = timezone.get_default_timezone()
    begins, ends = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, after))
    return begins, ends


def yearly(viewer: Worker, *, year: int) -> Yearly:
    """The figures of a year that the viewer may see, small counts hidden."""
    return yearly_of(access.counted_controllers(viewer), year=year)


def yearly_of(controllers: list[str], *, year: int) -> Yearly:
    """The figures of these controllers, small counts hidden. Needs their context of row security."""
    least = threshold(year)
    counted = count(controllers, *bounds(year), least=least)
    hidden = suppression.protect(table_of(counted, least))
    lines = [_line(counted, hidden, place, quarter) for place in counted.places for quarter in (None, *QUARTERS)]
    totals = [_line(counted, hidden, TOTAL, quarter) for quarter in (None, *QUARTERS)]
    return Yearly(
        year=year,
        least=least,
        counted_at=timezone.now(),
        controllers=tuple(controllers),
        lines=(*lines, *totals),
        channels=tuple(_channel_line(counted, hidden, place) for place in (*counted.places, TOTAL)),
    )


def threshold(year: int) -> int:
    """The smallest count that is shown, by the rule in force at the end of the year or today."""
    on = min(date(year, 12, 31), timezone.localdate())
    try:
        return dated_rules.number("suppression.min_count", target=INSIDE_THE_REGION, on=on)
    except dated_rules.NoSuchRule:  # years before the rule was written down
        return dated_rules.number("suppression.min_count", target=INSIDE_THE_REGION, on=timezone.localdate())


def table_of(counted: Counted, least: int) -> suppression.Table:
    """The counts as the suppression reads them."""
    channels = sorted({channel for _place, channel in counted.by_channel})
    floors: dict[suppression.Cell, int] = {}
    for (place, quarter), names in counted.channels.items():
        for name in names[:NAMED] if quarter is not None else ():
            floors[Measure.CHANNEL, place, name] = floors.get((Measure.CHANNEL, place, name), 0) + least
    return suppression.Table(
        values=counted.values(channels),
        rows=list(counted.places),
        quarters=[str(quarter) for quarter in QUARTERS],
        channels=channels,
        least=least,
        floors=floors,
    )


def _line(counted: Counted, hidden: dict[suppression.Cell, Mark], place: str, quarter: int | None) -> Line:
    column = TOTAL if quarter is None else str(quarter)
    marks = {measure: hidden.get((measure, place, column)) for measure in Measure}
    counts = counted.counts(place, quarter)
    named = marks[Measure.CONTACTS] is None
    at = (place, quarter)
    return Line(
        place=place,
        quarter=quarter,
        contacts=_figure(counts.contacts, marks[Measure.CONTACTS]),
        persons=_figure(counts.persons, marks[Measure.PERSONS]),
        anonymous=_figure(counts.anonymous, marks[Measure.ANONYMOUS]),
        languages=counted.languages.get(at, ())[:NAMED] if named else (),
        topics=counted.topics.get(at, ())[:NAMED] if named else (),
        channels=counted.channels.get(at, ())[:NAMED] if named and quarter is not None else (),
    )


def _channel_line(counted: Counted, hidden: dict[suppression.Cell, Mark], place: str) -> ChannelLine:
    names = sorted({channel for _place, channel in counted.by_channel})
    return ChannelLine(
        place,
        {
            name: _figure(counted.by_channel.get((place, name), 0), hidden.get((Measure.CHANNEL, place, name)))
            for name in names
        },
    )


def _figure(value: int, mark: Mark | None) -> Figure:
    return Figure(None if mark else value, mark)


def years(viewer: Worker) -> list[int]:
    """Years with contacts that the viewer's figures count, the latest first; this year always. Two index look-ups."""
    controllers, this_year = access.counted_controllers(viewer), timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(first) FROM unnest(%s::text[]) AS code,"
            ' LATERAL (SELECT at AS first FROM "contacts_contact"'
            " WHERE controller_id = code ORDER BY at LIMIT 1) AS found",
            [controllers],
        )
        (first,) = cursor.fetchone() or (None,)
    first_year = timezone.localtime(first).year if first else this_year
    return list(range(this_year, min(first_year, this_year) - 1, -1))


def is_fresh(figures: Yearly) -> bool:
    """Whether the figures are counted just now; they always are, until a year is folded into tables of its own."""
    return timezone.now() - figures.counted_at < timedelta(minutes=1)


@dataclass(frozen=True)
class AskedRows:
    """One figure whose rows are asked for: `count` is contacts, anonymous or persons (contacts with a known client)."""

    year: int
    quarter: int | None
    place: str
    count: str


def rows(viewer: Worker, asked: AskedRows) -> QuerySet[Contact]:
    """The contacts that a figure counts and the viewer may see, the latest first."""
    begins, ends = bounds(asked.year, asked.quarter)
    found = access.visible_rows(viewer).filter(at__gte=begins, at__lt=ends)
    if asked.place == ELSEWHERE:
        found = found.exclude(municipality__in=[*viewer.controller_codes, *REASONS])
    elif asked.place != TOTAL:
        found = found.filter(municipality=asked.place)
    if asked.count != "contacts":
        anonymous = Q(person__isnull=True, counted_as__isnull=True)
        found = found.filter(anonymous if asked.count == "anonymous" else ~anonymous)
    return found.select_related("person", "worker").order_by("-at", "pk")
