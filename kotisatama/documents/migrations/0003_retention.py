"""The job of retention finds and deletes files that were never sent in."""

from typing import ClassVar

from django.db import migrations

from kotisatama.kernel.row_security import LetRetentionDelete


class Migration(migrations.Migration):
    dependencies: ClassVar = [("documents", "0002_row_security")]
    operations: ClassVar = [
        LetRetentionDelete("documents_document", "controller_id IS NULL"),
        LetRetentionDelete("documents_content", "controller_id IS NULL"),
    ]
