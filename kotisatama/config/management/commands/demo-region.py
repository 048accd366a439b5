"""`kotisatama demo-region`: the five municipalities of the demo, once."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kotisatama.config.demo import load, region


class Command(BaseCommand):
    """Loads the demo region if it is not there; the summary on standard output is JSON."""

    help = "Load the demo region (five municipalities, 445 clients, two years of contacts) unless it is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="the same seed on the same day makes the same rows")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo region is refused in production: it opens accounts with a public password.")
        is_new = not region.is_loaded()
        loaded = load.load(options["seed"]) if is_new else load.Loaded()
        self.stderr.write("The demo region is loaded." if is_new else "The demo region is there already.")
        self.stdout.write(json.dumps({"is_new": is_new, **asdict(loaded)}))
