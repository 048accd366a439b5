"""The dated rule of the overlap after a transfer, for a database whose rules were loaded before it was in the table."""

from typing import Any, ClassVar

from django.db import migrations

from kotisatama.kernel import reference_data


def load_rule(apps: Any, editor: Any) -> None:
    """Add the rows of the code that are not there yet."""
    rule = apps.get_model("kernel", "Rule")
    for row in reference_data.rows("kotisatama.kernel", "rules.csv"):
        if row["code"] == "case.overlap":
            key = {name: row.pop(name) for name in ("code", "target", "valid_from")}
            values = {**row, "valid_to": row["valid_to"] or None, "confirmed": row["confirmed"] == "yes"}
            rule.objects.get_or_create(**key, defaults=values)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0002_rules")]
    operations: ClassVar = [migrations.RunPython(load_rule, migrations.RunPython.noop)]
