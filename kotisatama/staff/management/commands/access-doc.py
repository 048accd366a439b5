"""`kotisatama access-doc`: docs/access.md from staff/permissions.py."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kotisatama.staff import access_page


class Command(BaseCommand):
    help = "Write docs/access.md, the table of roles and permissions."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page and print where it is."""
        page = settings.ROOT / access_page.PLACE
        page.write_text(access_page.text(), encoding="utf-8")
        self.stdout.write(str(page))
