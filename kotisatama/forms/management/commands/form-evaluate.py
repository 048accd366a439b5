"""`kotisatama form-evaluate VECTORS.json`: the value of each expression over one instance, as JSON."""

import json
import pathlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kotisatama.forms import expressions
from kotisatama.forms.expressions.vectors import MOST_BYTES, BadVectors


class Command(BaseCommand):
    help = "Evaluate expressions of XLSForm over an instance; print [expression, value] for each as JSON."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="JSON with instance, secondary_instances, timezone and vectors; - reads stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the values; what has none is null, and its reason stands on standard error."""
        try:
            found = list(expressions.outcomes(_content(options["file"]), timezone.now()))
        except BadVectors as reason:
            raise CommandError(str(reason)) from None
        for outcome in found:
            if outcome.value is None:
                self.stderr.write(f"{json.dumps(outcome.expression)}: {outcome.reason}")
        values = [[outcome.expression, outcome.value] for outcome in found]
        self.stdout.write(json.dumps(values, indent=2))


def _content(place: str) -> Any:
    try:
        with pathlib.Path("/dev/stdin" if place == "-" else place).open("rb") as file:
            written = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{place}: {error.strerror}") from None
    if len(written) > MOST_BYTES:
        raise CommandError(f"{place} is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        return json.loads(written)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{place} is not JSON: {error}") from None
