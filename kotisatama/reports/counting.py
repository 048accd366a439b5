"""Counting the contacts of a period in one pass over the rows."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection

from kotisatama.network import queries as network_queries
from kotisatama.reports.suppression import TOTAL, Cell, Measure

ELSEWHERE = "elsewhere"  # lives in a municipality that is not among the viewer's
REASONS = ("unknown", "abroad", "secret")

# Four groupings share one scan; nothing is counted DISTINCT before the rows have shrunk to one per person and quarter.
# A client who was erased is counted on by the random key that the contacts then carry.
COUNT_SQL = """
WITH contact AS (
    SELECT CASE WHEN municipality = ANY (%(places)s) THEN municipality ELSE 'elsewhere' END AS place,
           extract(quarter FROM at AT TIME ZONE %(zone)s)::int AS quarter,
           service_language, channel, topics, coalesce(person_id, counted_as) AS client
    FROM "contacts_contact"
    WHERE controller_id = ANY (%(controllers)s) AND at >= %(begins)s AND at < %(ends)s
), cell AS MATERIALIZED (
    SELECT place, quarter, service_language, channel, topics, client, count(*) AS n,
           GROUPING(service_language, channel, topics, client) AS grouping
    FROM contact
    GROUP BY GROUPING SETS (
        (place, quarter, service_language), (place, quarter, channel), (place, quarter, topics),
        (place, quarter, client)
    )
)
SELECT 'language', place, quarter, service_language, n FROM cell WHERE grouping = 7
UNION ALL
SELECT 'channel', place, quarter, channel, n FROM cell WHERE grouping = 11
UNION ALL
SELECT 'topic', place, quarter, topic, sum(n)::bigint FROM cell, unnest(topics) AS topic
WHERE grouping = 13 GROUP BY place, quarter, topic
UNION ALL
SELECT 'anonymous', place, quarter, NULL, n FROM cell WHERE grouping = 14 AND client IS NULL
UNION ALL
SELECT 'person', coalesce(place, 'total'), quarter, NULL, count(DISTINCT client)
FROM cell WHERE grouping = 14 AND client IS NOT NULL
GROUP BY GROUPING SETS ((place, quarter), (place), (quarter), ())
"""

Place = tuple[str, int | None]  # place or TOTAL, quarter or None for the year


@dataclass(frozen=True)
class Counts:
    """True counts of one place and time."""

    contacts: int
    persons: int
    anonymous: int


@dataclass
class Counted:
    """What one pass found, totals included. Names are sorted by how often they were counted, the rare ones left out."""

    places: tuple[str, ...]
    contacts: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    anonymous: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    persons: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    by_channel: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    languages: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    topics: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    channels: dict[Place, tuple[str, ...]] = field(default_factory=dict)

    def counts(self, place: str, quarter: int | None) -> Counts:
        """The true counts of a place (or TOTAL) in a quarter (or the year)."""
        at = (place, quarter)
        return Counts(self.contacts.get(at, 0), self.persons.get(at, 0), self.anonymous.get(at, 0))

    def values(self, channels: list[str]) -> dict[Cell, int]:
        """Every published count as the suppression reads it."""
        found: dict[Cell, int] = {}
        for place in (*self.places, TOTAL):
            for quarter in (None, 1, 2, 3, 4):
                counts, column = self.counts(place, quarter), TOTAL if quarter is None else str(quarter)
                found[Measure.CONTACTS, place, column] = counts.contacts
                found[Measure.ANONYMOUS, place, column] = counts.anonymous
                found[Measure.PERSONS, place, column] = counts.persons
            for channel in channels:
                found[Measure.CHANNEL, place, channel] = self.by_channel.get((place, channel), 0)
        return found


def count(controllers: list[str], begins: datetime, ends: datetime, *, least: int) -> Counted:
    """Count contacts from `begins` until before `ends`; names counted less often than `least` are left out."""
    counted = Counted(_places(controllers))
    names: dict[str, dict[Place, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for what, place, quarter, name, n in _rows(controllers, begins, ends):
        if what == "person":
            counted.persons[place, quarter] = n
            continue
        for at in ((place, quarter), (place, None), (TOTAL, quarter), (TOTAL, None)):
            if what == "anonymous":
                counted.anonymous[at] += n
            else:
                names[what][at][name] += n
    _fold_names(counted, names, least)
    return counted


def _rows(controllers: list[str], begins: datetime, ends: datetime) -> list[tuple[str, str, int | None, str, int]]:
    if not controllers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_SQL,
            {
                "controllers": controllers,
                "places": [*controllers, *REASONS],
                "zone": settings.TIME_ZONE,
                "begins": begins,
                "ends": ends,
            },
        )
        found: list[tuple[str, str, int | None, str, int]] = cursor.fetchall()
    return found


def _places(controllers: list[str]) -> tuple[str, ...]:
    """The lines of the table: the municipalities by name, then contacts without one of them."""
    codes = [municipality.code for municipality in network_queries.municipalities(controllers)]
    return (*codes, *REASONS, ELSEWHERE) if codes else ()


def _fold_names(counted: Counted, names: dict[str, dict[Place, dict[str, int]]], least: int) -> None:
    for (place, quarter), channels in names["channel"].items():
        counted.contacts[place, quarter] = sum(channels.values())
        if quarter is None:
            counted.by_channel.update({(place, channel): n for channel, n in channels.items()})
    for what, target in (("language", counted.languages), ("topic", counted.topics), ("channel", counted.channels)):
        for at, found in names[what].items():
            often = sorted((name for name, n in found.items() if n >= least), key=lambda name: (-found[name], name))
            target[at] = tuple(often)
