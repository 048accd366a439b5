"""Row security."""

from typing import ClassVar

from django.db import migrations
from kotisatama.kernel.row_security import Protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0001_initial"),
    ]
    operations: ClassVar = [
        Protect("people_person"),
        Protect("people_personname"),
        Protect("people_searchtoken"),
        Protect("people_channel"),
        Protect("people_identifier"),
    ]
