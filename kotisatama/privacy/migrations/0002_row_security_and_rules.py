"""Row security, and the first retention rules."""

from typing import Any, ClassVar

from django.db import migrations

from kotisatama.kernel import reference_data
from kotisatama.kernel.row_security import Protect


def load_rules(apps: Any, editor: Any) -> None:
    """Add every row; an empty end means until further notice."""
    rule = apps.get_model("privacy", "RetentionRule")
    for row in reference_data.rows("kotisatama.privacy", "retention.csv"):
        rule.objects.create(**{**row, "valid_to": row["valid_to"] or None, "confirmed": row["confirmed"] == "yes"})


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0001_initial")]
    operations: ClassVar = [
        Protect("privacy_hold"),
        Protect("privacy_lastactivity"),
        Protect("privacy_tombstone"),
        migrations.RunPython(load_rules, migrations.RunPython.noop),
    ]
