"""`kotisatama form-export CODE [--version N] FILE.xlsx`: writes a version of a form as an XLSForm workbook."""

import json
import pathlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kotisatama.forms import version_pages, workbench_queries


class Command(BaseCommand):
    help = "Write a version of a form into an XLSForm workbook; print which one as JSON."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """`--version` is the form's here, not Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the form's code")
        parser.add_argument("file", help="the workbook to write (.xlsx)")
        parser.add_argument("--version", dest="number", default="", help="its number, else the published or newest one")

    def handle(self, *args: Any, **options: Any) -> None:
        version = workbench_queries.version_to_export(options["code"], options["number"])
        if version is None:
            raise CommandError(f"There is no such version of the form “{options['code']}”.")
        try:
            pathlib.Path(options["file"]).write_bytes(version_pages.workbook(version))
        except OSError as reason:
            raise CommandError(f"The file cannot be written: {reason.strerror}.") from reason
        said = {"form": version.form.code, "version": version.number, "state": version.state, "sha256": version.sha256}
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
