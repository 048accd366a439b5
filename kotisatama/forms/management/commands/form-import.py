"""`kotisatama form-import FILE.xlsx [--publish]`: reads an XLSForm, prints JSON, exits 1 with problems."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kotisatama.forms import actions


class Command(BaseCommand):
    help = "Read an XLSForm workbook into a new version of its form; print what was found as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the workbook (.xlsx)")
        parser.add_argument("--publish", action="store_true", help="visitors fill in this version from now on")

    def handle(self, *args: Any, **options: Any) -> None:
        imported = actions.import_form(options["file"], publish=options["publish"])
        self.stdout.write(json.dumps(imported.to_json(), ensure_ascii=False, indent=2))
        if imported.problems:
            sys.exit(1)
