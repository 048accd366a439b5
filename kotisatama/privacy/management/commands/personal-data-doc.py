"""`kotisatama personal-data-doc`: docs/personal-data.md from what the apps declare."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kotisatama.privacy import personal_data_page


class Command(BaseCommand):
    help = "Write docs/personal-data.md, the table of personal data held."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page and print where it is."""
        page = settings.ROOT / personal_data_page.PLACE
        page.write_text(personal_data_page.text(), encoding="utf-8")
        self.stdout.write(str(page))
