"""Row security."""

from typing import ClassVar

from django.db import migrations
from kotisatama.kernel.row_security import BY_CONTROLLER, BY_HOLDER, Protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("documents", "0001_initial"),
    ]
    operations: ClassVar = [
        Protect("documents_document", BY_CONTROLLER, BY_HOLDER),
        Protect("documents_content", BY_CONTROLLER, BY_HOLDER),
    ]
