"""`kotisatama after-restore`: erase again what was erased after the backup was made. Prints JSON."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.privacy import actions


class Command(BaseCommand):
    help = "Erase again what the file of erasures names and a restored database still has."

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply the file, then say what was done."""
        self.stdout.write(json.dumps(asdict(actions.apply_erasures_again())))
