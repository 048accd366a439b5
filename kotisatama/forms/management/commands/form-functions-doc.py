"""`kotisatama form-functions-doc`: the list of functions in docs/how-to/forms-expressions.md from the signatures."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kotisatama.forms import functions_page


class Command(BaseCommand):
    help = "Bring the list of functions in docs/how-to/forms-expressions.md up to date."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page and print where it is."""
        page = settings.ROOT / functions_page.PLACE
        page.write_text(functions_page.text(page.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(str(page))
