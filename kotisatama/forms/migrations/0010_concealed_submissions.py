"""A submission says itself that a non-disclosure hides it; the seals tell which ones are hidden now."""

from typing import ClassVar

from django.db import migrations, models

from kotisatama.kernel.row_security import CONTROLLERS

# The owner is bound by the policies too.
EVERY_CONTROLLER = f"SELECT set_config('{CONTROLLERS}', (SELECT string_agg(code, ',') FROM network_municipality), true)"
HIDDEN_NOW = """
    UPDATE forms_submission SET is_concealed = true WHERE id IN (
        SELECT "row" FROM people_concealedpart WHERE source = 'forms_submission'
    )
"""
NO_CONTROLLER = f"SELECT set_config('{CONTROLLERS}', '', true)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("forms", "0009_form_clocks"), ("people", "0010_protection")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="submission",
            name="is_concealed",
            field=models.BooleanField(default=False, help_text="a non-disclosure keeps the answers under its seal"),
        ),
        migrations.RunSQL([EVERY_CONTROLLER, HIDDEN_NOW, NO_CONTROLLER], migrations.RunSQL.noop),
    ]
