"""`kotisatama demo-data --persons N --contacts M --seed S`: rows by the million for load tests."""

import json
import time
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kotisatama.config.demo import bulk


def whole_number(text: str) -> int:
    """A number from 0 to 100 million."""
    if not text.isdigit() or int(text) > 100_000_000:
        raise ArgumentTypeError(f"{text} is not a whole number from 0 to 100000000")
    return int(text)


class Command(BaseCommand):
    """Fills by COPY; progress goes to standard error, the summary as JSON to standard output."""

    help = "Add invented persons and contacts to the demo region, for load tests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--persons", type=whole_number, required=True)
        parser.add_argument("--contacts", type=whole_number, required=True)
        parser.add_argument("--seed", type=whole_number, default=1, help="the same seed makes the same rows")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Invented persons are refused in production.")
        began = time.monotonic()
        try:
            filled = bulk.fill(persons=options["persons"], contacts_wanted=options["contacts"], seed=options["seed"])
        except bulk.SeedTaken as taken:
            raise CommandError(f"The rows of seed {taken} are there already. Take another seed.") from None
        self.stdout.write(json.dumps({**asdict(filled), "seconds": round(time.monotonic() - began, 1)}))
