"""`kotisatama import-clients FILE.xlsx|csv --mapping M.yaml [--dry-run]`: an old register's clients, with a report."""

import json
import pathlib
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kotisatama.kernel import row_security
from kotisatama.people.importing import mapping as mappings
from kotisatama.people.importing import report, running, tables
from kotisatama.people.importing.mapping import BadMapping, ColumnMap
from kotisatama.people.importing.report import Report
from kotisatama.people.importing.rows import NoLayout
from kotisatama.people.importing.running import Importer
from kotisatama.people.importing.tables import Problem, Table
from kotisatama.staff import queries as staff

TOLD_EVERY_SECONDS = 2


class Command(BaseCommand):
    """The report goes to standard output as JSON, progress to standard error; exit code 1 when rows were refused."""

    help = "Import the clients of an old register from a table (.xlsx or CSV); print a report as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=pathlib.Path, help="the table: .xlsx or CSV")
        parser.add_argument("--mapping", type=pathlib.Path, required=True, help="which column is which field (YAML)")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would happen")
        parser.add_argument("--by", metavar="E-MAIL", help="the worker who imports; without it whoever runs the site")
        parser.add_argument("--language", choices=settings.STAFF_LANGUAGES, default="en", help="of the sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        with translation.override(options["language"]):
            found = self._import(options)
        answer = found.to_json() | {"seconds": round(time.monotonic() - began, 1)}
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        if found.refuses:
            sys.exit(1)

    def _import(self, options: dict[str, Any]) -> Report:
        about = {"file": options["file"].name, "dry_run": options["dry_run"]}
        try:
            importer = self._importer(options["by"])
            mapping = mappings.read(_content(options["mapping"], mappings.SHEET))
            content = _content(options["file"], "")
            running.check(mapping, importer)
            self._say("Reading the file ...")
            table = tables.read(content, sheet=mapping.sheet, separator=mapping.separator)
            if table.problems:
                return report.of_problems(table.problems, about)
            about["sha256"] = running.file_hash(content)
            if options["dry_run"]:
                outcome = running.rehearse(table, mapping, importer, tell=self._tell())
                return report.of_rehearsal(outcome, table, about)
            return self._carry_out(table, mapping, importer, about)
        except (BadMapping, NoLayout) as reason:
            return report.of_problems(reason.problems, about)

    def _carry_out(self, table: Table, mapping: ColumnMap, importer: Importer, about: dict[str, Any]) -> Report:
        run = running.begin(table, mapping, importer, file_name=about["file"], digest=about["sha256"])
        if run.position:
            self._say(f"Going on after row {run.position}, where an earlier import was interrupted ...")
        run = running.carry_out(run, table, mapping, importer, tell=self._tell())
        with row_security.context(controllers=importer.controllers):
            return report.of_run(run, about)

    def _importer(self, email: str | None) -> Importer:
        if not email:
            return running.as_operator()
        worker = staff.worker_of(email)
        if worker is None:
            raise CommandError(f"There is no worker {email}.")
        try:
            return running.as_worker(worker)
        except PermissionDenied:
            raise CommandError(f"{email} may not import clients.") from None

    def _say(self, text: str) -> None:
        self.stderr.write(text, style_func=str)  # not in the colour of errors

    def _tell(self) -> running.Tell:
        last = time.monotonic()

        def tell(done: int, wanted: int) -> None:
            nonlocal last
            if time.monotonic() - last >= TOLD_EVERY_SECONDS:
                last = time.monotonic()
                self._say(f"{done:,} of {wanted:,} rows")

        return tell


def _content(path: pathlib.Path, sheet: str) -> bytes:
    found = tables.read_file(path)
    if isinstance(found, Problem):
        raise BadMapping([Problem(sheet, 0, "", f"{path.name}: {found.message}")])
    return found
