"""After a restore."""

from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.audit import months


class Command(BaseCommand):
    help = (
        "After a restore from a copy, before the service starts, as the owner: transactions are numbered anew, and "
        "lines of the new numbering must not be taken for old ones."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The audit trail is in epoch {months.begin_epoch()}.")
