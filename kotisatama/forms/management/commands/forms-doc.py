"""`kotisatama forms-doc`: docs/how-to/forms-format.md from kotisatama/forms."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kotisatama.forms import format_page


class Command(BaseCommand):
    help = "Write docs/how-to/forms-format.md, the tables of what a form may hold."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page and print where it is."""
        page = settings.ROOT / format_page.PLACE
        page.write_text(format_page.text(), encoding="utf-8")
        self.stdout.write(str(page))
