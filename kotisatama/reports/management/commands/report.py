"""`kotisatama report yearly --year Y --format csv|xlsx|json -o FILE`: the yearly figures of the whole region."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from kotisatama.kernel import row_security
from kotisatama.network import queries as network
from kotisatama.reports import exporting, queries, sheet


class Command(BaseCommand):
    """Writes the same table as the screen, small counts hidden; nothing else goes to standard output."""

    help = "Write a report to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", choices=["yearly"])
        parser.add_argument("--year", type=int, default=timezone.localdate().year)
        parser.add_argument("--format", choices=sorted(exporting.WRITERS), default="csv")
        parser.add_argument("--language", choices=settings.STAFF_LANGUAGES, default="fi")
        parser.add_argument("-o", "--output", default="-", help="a file, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = [place.code for place in network.served_municipalities(on=timezone.localdate())]
        with row_security.context(controllers=codes), translation.override(options["language"]):
            found = sheet.of(queries.yearly_of(codes, year=options["year"]), options["language"])
            content = exporting.WRITERS[options["format"]][0](found)
        if options["output"] == "-":
            sys.stdout.buffer.write(content)
        else:
            Path(options["output"]).write_bytes(content)
            self.stderr.write(f"{len(found.rows)} rows written to {options['output']}.")
