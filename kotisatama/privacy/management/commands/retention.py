"""`kotisatama retention [--dry-run] [--on DATE] [--format text|json]`: end what is due, or say what would end."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kotisatama.privacy import actions, queries


class Command(BaseCommand):
    """Counts by controller, retention class and table; nothing of anybody."""

    help = "Erase data whose time is over, or with --dry-run say what would be erased."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="erase nothing")
        parser.add_argument("--on", type=date.fromisoformat, default=timezone.localdate(), help="a day, YYYY-MM-DD")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--batch", type=int, default=500, help="rows for each transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, then print one line for each class and table."""
        on, is_dry = options["on"], options["dry_run"]
        if on > timezone.localdate() and not is_dry:
            raise CommandError("Nothing is erased before its day. Use --dry-run to look ahead.")
        lines = queries.due(on=on) if is_dry else actions.run_retention(on=on, batch=options["batch"])
        if options["format"] == "json":
            found = {"on": on.isoformat(), "dry_run": is_dry, "lines": [asdict(line) for line in lines]}
            self.stdout.write(json.dumps(found, indent=1))
            return
        for line in lines:
            self.stdout.write(f"{line.controller or '-'} {line.retention} {line.what}: {line.count}")
        self.stdout.write(f"{sum(line.count for line in lines)} rows {'would be' if is_dry else 'were'} erased.")
