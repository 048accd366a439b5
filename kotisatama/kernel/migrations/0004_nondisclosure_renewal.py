"""The longest renewal of a non-disclosure: a row that the packaged table got later."""

import datetime
from typing import Any, ClassVar

from django.db import migrations


def add_rule(apps: Any, editor: Any) -> None:
    """Add the row where the packaged table was loaded before it had it."""
    apps.get_model("kernel", "Rule").objects.get_or_create(
        code="nondisclosure.renewal_max",
        target="all",
        valid_from=datetime.date(2010, 3, 1),
        defaults={
            "value": "2",
            "unit": "years",
            "legal_source": "661/2009 36 §",
            "confirmed": True,
            "note": "each time that it is renewed",
        },
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0003_overlap_of_cases")]
    operations: ClassVar = [migrations.RunPython(add_rule, migrations.RunPython.noop)]
