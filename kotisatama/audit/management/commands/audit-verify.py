"""Does the trail still say what it said?"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kotisatama.audit import verifying
from kotisatama.audit.witnesses import Root


class Command(BaseCommand):
    help = "Verify the audit trail. Prints JSON; exits with 1 when anything was changed, removed, added or torn off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--roots", type=Path, help="the file of roots that a witness outside kept")
        parser.add_argument("--stopped", action="store_true", help="the service is stopped: no fresh batch is expected")

    def handle(self, *args: Any, **options: Any) -> None:
        roots = _read(options["roots"]) if options["roots"] else None
        report = verifying.verify(roots=roots, is_running=not options["stopped"])
        self.stdout.write(json.dumps(report.as_dict(), indent=1))
        if report.faults_found:
            sys.exit(1)


def _read(path: Path) -> Iterator[Root]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                yield _root(line, f"{path}, line {number}")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def _root(line: str, where: str) -> Root:
    try:
        return Root(**json.loads(line))
    except (ValueError, TypeError):
        raise CommandError(f"{where}: this is not a root as a witness keeps it.") from None
