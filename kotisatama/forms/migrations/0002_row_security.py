"""Row security."""

from typing import ClassVar

from django.db import migrations
from kotisatama.kernel.row_security import BY_CONTROLLER, BY_HOLDER, Protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("forms", "0001_initial"),
    ]
    operations: ClassVar = [
        Protect("forms_draft", BY_HOLDER),
        Protect("forms_submission", BY_CONTROLLER, may_read=BY_HOLDER),
    ]
