"""The dated rules of the packaged table."""

from typing import Any, ClassVar

from django.db import migrations

from kotisatama.kernel import reference_data


def load_rules(apps: Any, editor: Any) -> None:
    """Add every row; an empty end means until further notice."""
    rule = apps.get_model("kernel", "Rule")
    for row in reference_data.rows("kotisatama.kernel", "rules.csv"):
        values = {**row, "valid_to": row["valid_to"] or None, "confirmed": row["confirmed"] == "yes"}
        rule.objects.create(**values)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(load_rules, migrations.RunPython.noop)]
