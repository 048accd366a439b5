"""Partitions of the audit trail for the coming year."""

from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.audit import months


class Command(BaseCommand):
    help = "Make the months of the audit trail for the coming year, as the owner. Can be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{months.add_months()} months were made.")
