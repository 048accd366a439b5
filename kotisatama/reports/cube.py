"""True counts over any crossing of dimensions, margins included; nothing here is hidden yet.

Whoever shows, exports or locks figures asks `count` and then has small counts hidden; nobody reads contacts for a
figure in another way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

TOTAL = "total"
REASONS = ("unknown", "abroad", "secret")


class Dimension(StrEnum):
    """What figures are broken down by. A contact has one value of each, several of TOPIC."""

    MUNICIPALITY = "municipality"  # a code, or one of REASONS, or "elsewhere"
    SERVICE_POINT = "service_point"  # slug
    LANGUAGE = "language"  # in which the person was served
    TOPIC = "topic"
    CHANNEL = "channel"
    GROUND = "ground"  # of stay; "" where nobody knows
    AGE_BAND = "age_band"  # "" where nobody knows
    FUNDING_LINE = "funding_line"
    ASSOCIATION = "association"  # slug of the organisation; "" for the centre's own work
    INTERPRETER = "interpreter"
    OUT_OF_HOURS = "out_of_hours"  # "yes" or "no"
    OWN_LANGUAGE = "own_language"  # served in the mother tongue: "yes", "no", "" where it is not known
    KNOWN = "known"  # "client" or "anonymous"
    YEAR = "year"
    QUARTER = "quarter"  # "2026-1"
    MONTH = "month"  # "2026-01"


class Measure(StrEnum):
    """What is counted: three different things (handbook, 4.5)."""

    CONTACTS = "contacts"
    PERSONS = "persons"  # distinct known clients
    HOUSEHOLDS = "households"  # distinct households of known clients; a client without one counts alone


Key = tuple[str, ...]  # a value, or TOTAL, for each dimension in the order in which it was asked


@dataclass(frozen=True)
class Asked:
    """A table: `begins` and `ends` are first days of months, `ends` is outside; `only` narrows dimensions to values."""

    controllers: tuple[str, ...]
    begins: date
    ends: date
    measure: Measure = Measure.CONTACTS
    dimensions: tuple[Dimension, ...] = ()
    only: Mapping[Dimension, frozenset[str]] = field(default_factory=dict)


# The columns that dimensions are made from, one row a contact (and topic, where topics are asked for).
SOURCE = """
SELECT CASE WHEN c.municipality = ANY (%(places)s) THEN c.municipality ELSE 'elsewhere' END AS municipality,
       point.slug AS service_point, c.service_language AS language, c.channel,
       coalesce(nullif(coalesce(p.ground_of_stay, c.ground_of_stay), 'unknown'), '') AS ground,
       CASE WHEN p.id IS NULL THEN c.age_band
            ELSE CASE WHEN years.old IS NULL OR years.old < 0 THEN '' WHEN years.old < 18 THEN '0-17'
                      WHEN years.old < 30 THEN '18-29' WHEN years.old < 45 THEN '30-44'
                      WHEN years.old < 65 THEN '45-64' ELSE '65-' END END AS age_band,
       c.funding_line, coalesce(association.slug, '') AS association, c.interpreter,
       CASE WHEN c.out_of_hours THEN 'yes' ELSE 'no' END AS out_of_hours,
       CASE WHEN coalesce(p.mother_tongue, c.mother_tongue) = '' THEN ''
            WHEN coalesce(p.mother_tongue, c.mother_tongue) = c.service_language THEN 'yes' ELSE 'no'
       END AS own_language,
       CASE WHEN coalesce(c.person_id, c.counted_as) IS NULL THEN 'anonymous' ELSE 'client' END AS known,
       to_char(c.at AT TIME ZONE %(zone)s, 'YYYY') AS year,
       to_char(c.at AT TIME ZONE %(zone)s, 'YYYY-Q') AS quarter,
       to_char(c.at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,
       c.topics, coalesce(c.person_id, c.counted_as) AS client,
       coalesce(home.household_id, c.person_id, c.counted_as) AS household
FROM "contacts_contact" AS c
JOIN "network_servicepoint" AS point ON point.id = c.service_point_id
LEFT JOIN "network_organisation" AS association ON association.id = c.by_association_id
LEFT JOIN "people_person" AS p ON p.id = c.person_id
LEFT JOIN LATERAL (
    SELECT extract(year FROM age((c.at AT TIME ZONE %(zone)s)::date, p.date_of_birth)) AS old
) AS years ON true
LEFT JOIN LATERAL (
    SELECT m.household_id FROM "people_householdmember" AS m
    WHERE m.person_id = c.person_id
      AND (m.valid_from IS NULL OR m.valid_from <= (c.at AT TIME ZONE %(zone)s)::date)
      AND (m.valid_to IS NULL OR m.valid_to >= (c.at AT TIME ZONE %(zone)s)::date)
    ORDER BY m.household_id LIMIT 1
) AS home ON true
WHERE c.controller_id = ANY (%(controllers)s) AND c.at >= %(begins)s AND c.at < %(ends)s
"""
COUNTED = {
    Measure.CONTACTS: "count(*)",
    Measure.PERSONS: "count(DISTINCT client)",
    Measure.HOUSEHOLDS: "count(DISTINCT household)",
}


def count(asked: Asked) -> dict[Key, int]:
    """Every cell that is not nought, with all margins. Needs the controllers' context of row security."""
    return count_rows(asked)


def count_rows(asked: Asked) -> dict[Key, int]:
    """The same by counting the contacts themselves: what everything quicker has to equal."""
    if not asked.controllers:
        return {}
    found = _crossed(asked, [each for each in asked.dimensions if each is not Dimension.TOPIC], by_topic=False)
    if Dimension.TOPIC in asked.dimensions:
        found |= _crossed(asked, list(asked.dimensions), by_topic=True)
    return found


def _crossed(asked: Asked, dimensions: list[Dimension], *, by_topic: bool) -> dict[Key, int]:
    columns = [f'"{each}"' for each in dimensions]
    shown = [f"coalesce({column}, '{TOTAL}')" for column in columns]
    cube = ", ".join(
        "topic" if each is Dimension.TOPIC else f"CUBE ({column})"
        for each, column in zip(dimensions, columns, strict=True)
    )
    topic = ", unnest(topics) AS topic" if by_topic or Dimension.TOPIC in asked.only else ""
    where, values = _narrowed(asked)
    statement = (
        f"SELECT {', '.join([*shown, COUNTED[asked.measure]])} FROM ({SOURCE}) AS source{topic} WHERE {where}"  # noqa: S608
        + (f" GROUP BY {cube}" if cube else "")
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, _bounds(asked) | values)
        rows = cursor.fetchall()
    return {_key(asked, dimensions, row[:-1]): row[-1] for row in rows if row[-1]}


def _narrowed(asked: Asked) -> tuple[str, dict[str, list[str]]]:
    conditions = [f'"{each}" = ANY (%(only_{each})s)' for each in asked.only]
    return " AND ".join(conditions) or "true", {f"only_{each}": sorted(codes) for each, codes in asked.only.items()}


def _bounds(asked: Asked) -> dict[str, Any]:
    zone = timezone.get_default_timezone()
    begins, ends = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (asked.begins, asked.ends))
    return {
        "controllers": list(asked.controllers),
        "places": [*asked.controllers, *REASONS],
        "zone": settings.TIME_ZONE,
        "begins": begins,
        "ends": ends,
    }


def _key(asked: Asked, dimensions: list[Dimension], values: tuple[str, ...]) -> Key:
    found = dict(zip(dimensions, values, strict=True))
    return tuple(found.get(each, TOTAL) for each in asked.dimensions)
