"""Open cases learn when their clients were met last; from now on each contact tells it (`cases.actions`)."""

from typing import ClassVar

from django.db import migrations

from kotisatama.kernel.row_security import CONTROLLERS

# The owner is bound by the policies too.
EVERY_CONTROLLER = f"SELECT set_config('{CONTROLLERS}', (SELECT string_agg(code, ',') FROM network_municipality), true)"
LAST_CONTACTS = """
    UPDATE cases_case SET last_contact_on = latest.day FROM (
        SELECT person_id, max((at AT TIME ZONE 'Europe/Helsinki')::date) AS day FROM contacts_contact
        WHERE person_id IS NOT NULL GROUP BY person_id
    ) latest WHERE latest.person_id = cases_case.person_id AND closed_on IS NULL
"""
NO_CONTROLLER = f"SELECT set_config('{CONTROLLERS}', '', true)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contacts", "0002_row_security_and_topics"), ("cases", "0003_caseload")]
    operations: ClassVar = [
        migrations.RunSQL([EVERY_CONTROLLER, LAST_CONTACTS, NO_CONTROLLER], migrations.RunSQL.noop),
    ]
