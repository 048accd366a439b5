"""What another municipality shares of a client is readable while its page is open."""

from typing import ClassVar

from django.db import migrations
from kotisatama.kernel.row_security import AlsoRead


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0003_caseload")]
    operations: ClassVar = [AlsoRead("cases_case", "person_id", part="cases")]
