"""`kotisatama texts-update`: bring new texts of code and templates to the languages' files."""

from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.translation import extraction


class Command(BaseCommand):
    help = "Bring new texts of code and templates to kotisatama/locale, and say how many lack a translation."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        found = extraction.template()
        self.stderr.write(f"{len(list(extraction.messages(found)))} texts found.")
        for language in extraction.LANGUAGES:
            missing = extraction.update(language, found)
            if language != "en":
                self.stderr.write(f"{language}: {missing} without a translation")
