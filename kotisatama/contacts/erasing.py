"""A contact without its person: what figures count stays as it was on that day, whatever names anybody goes."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection

from kotisatama.contacts.models import Contact

# One random key for each person, made in the statement and known to nobody: distinct persons stay countable.
# The register's facts become those that an anonymous visitor tells, as they were on the day of the contact.
# Citizenship is left out: no figure counts it, and it would tell most about whom a contact was with.
FORGET_SQL = """
WITH erased AS MATERIALIZED (
    SELECT person_id AS id, gen_random_uuid() AS counted_as
    FROM (SELECT DISTINCT person_id FROM "contacts_contact"
          WHERE id = ANY (%(keys)s) AND person_id IS NOT NULL) AS known
), fact AS (
    SELECT c.id, erased.counted_as, p.gender, p.mother_tongue, p.ground_of_stay,
           extract(year FROM age(c.day, p.date_of_birth)) AS years,
           extract(year FROM age(c.day, p.moved_to_finland_on)) AS here
    FROM (SELECT id, person_id, (at AT TIME ZONE %(zone)s)::date AS day
          FROM "contacts_contact" WHERE id = ANY (%(keys)s)) AS c
    JOIN erased ON erased.id = c.person_id
    JOIN "people_person" AS p ON p.id = c.person_id
)
UPDATE "contacts_contact" AS contact SET
    person_id = NULL, submission_id = NULL, counted_as = fact.counted_as, note = '', referred_to = '',
    gender = CASE WHEN fact.gender = 'unknown' THEN '' ELSE fact.gender END,
    mother_tongue = fact.mother_tongue,
    ground_of_stay = CASE WHEN fact.ground_of_stay = 'unknown' THEN '' ELSE fact.ground_of_stay END,
    age_band = CASE WHEN fact.years IS NULL OR fact.years < 0 THEN '' WHEN fact.years < 18 THEN '0-17'
                    WHEN fact.years < 30 THEN '18-29' WHEN fact.years < 45 THEN '30-44'
                    WHEN fact.years < 65 THEN '45-64' ELSE '65-' END,
    time_in_finland = CASE WHEN fact.here IS NULL OR fact.here < 0 THEN '' WHEN fact.here < 1 THEN '0-1'
                           WHEN fact.here < 3 THEN '1-3' ELSE '3-' END
FROM fact WHERE contact.id = fact.id
"""


def forget_persons(keys: Sequence[UUID]) -> None:
    """Make contacts those of nobody; persons that were counted once are counted once afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_SQL, {"keys": list(keys), "zone": settings.TIME_ZONE})


def erase_free_text(keys: Sequence[UUID]) -> None:
    """Empty what was written in own words; the contact and its person stay."""
    Contact.objects.filter(pk__in=keys).update(note="", referred_to="")
