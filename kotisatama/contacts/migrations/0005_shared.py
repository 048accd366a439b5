"""What another municipality shares of a client is readable while its page is open."""

from typing import ClassVar

from django.db import migrations
from kotisatama.kernel.row_security import AlsoRead


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contacts", "0004_erased_persons")]
    operations: ClassVar = [AlsoRead("contacts_contact", "person_id", part="contacts")]
