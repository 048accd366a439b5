"""The municipalities of the packaged table; none takes part before the region is set up."""

from typing import Any, ClassVar

from django.db import migrations

from kotisatama.kernel import reference_data


def load_municipalities(apps: Any, editor: Any) -> None:
    """Add every municipality by its code."""
    municipality = apps.get_model("network", "Municipality")
    for row in reference_data.rows("kotisatama.network", "municipalities.csv"):
        municipality.objects.create(
            code=row["code"], name_fi=row["name_fi"], name_sv=row["name_sv"], region_code=row["region_code"]
        )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("network", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(load_municipalities, migrations.RunPython.noop)]
