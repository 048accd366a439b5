"""`kotisatama keys-rotate`: seal identity codes anew with the current key (docs/how-to/change-keys.md)."""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.people import rotation


class Command(BaseCommand):
    """May be run again and while people work; the summary on standard output is JSON, 1 when a code cannot be read."""

    help = "Seal identity codes anew with KOTISATAMA_IDENTITY_CODE_KEY; the older keys may be taken away afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        done = rotation.rotate()
        self.stdout.write(json.dumps({**asdict(done), "seconds": round(time.monotonic() - began, 1)}))
        if done.unreadable:
            self.stderr.write("Some codes were sealed with a key that is not in KOTISATAMA_IDENTITY_CODE_OLDER_KEYS.")
            sys.exit(1)
