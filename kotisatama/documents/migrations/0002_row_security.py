"""Row security."""

from typing import ClassVar

from django.db import migrations
from kotisatama.kernel.row_security import BY_CONTROLLER, BY_HOLDER, Protect


# Until it is handed over to a controller a file is its visitor's; afterwards the visitor may only read it.
STILL_THE_VISITORS = f"controller_id IS NULL AND {BY_HOLDER}"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("documents", "0001_initial"),
    ]
    operations: ClassVar = [
        Protect("documents_document", BY_CONTROLLER, STILL_THE_VISITORS, may_read=BY_HOLDER),
        Protect("documents_content", BY_CONTROLLER, STILL_THE_VISITORS, may_read=BY_HOLDER),
    ]
