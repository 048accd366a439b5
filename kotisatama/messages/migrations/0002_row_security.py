"""Row security."""

from typing import ClassVar

from django.db import migrations

from kotisatama.kernel.row_security import Protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("kotisatama_messages", "0001_initial"),
    ]
    operations: ClassVar = [
        Protect("kotisatama_messages_message"),
    ]
