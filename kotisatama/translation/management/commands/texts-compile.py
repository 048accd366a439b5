"""`kotisatama texts-compile`: make the files that Django reads from those that people write."""

from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.translation import extraction


class Command(BaseCommand):
    help = "Compile kotisatama/locale/*/LC_MESSAGES/django.po; part of make setup."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        for language in extraction.LANGUAGES:
            extraction.compile_language(language)
