"""The job of retention finds and deletes visitors' drafts."""

from typing import ClassVar

from django.db import migrations

from kotisatama.kernel.row_security import LetRetentionDelete


class Migration(migrations.Migration):
    dependencies: ClassVar = [("forms", "0002_row_security")]
    operations: ClassVar = [LetRetentionDelete("forms_draft")]
