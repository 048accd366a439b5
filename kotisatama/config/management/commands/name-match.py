"""`kotisatama name-match FILE.csv`: how well the search finds names across scripts and spellings."""

import csv
import pathlib
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from kotisatama.config.demo import name_match

COLUMNS = ("name_a", "name_b")


class Command(BaseCommand):
    """Writes `name_a,name_b,rank,score` for each pair to standard output; rank and score empty when not found."""

    help = (
        "Index every name_b of a CSV file and 10,000 other names of the demo's mix, search for every name_a, and write "
        "name_a,name_b,rank,score. Nothing is kept in the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=pathlib.Path, help="CSV in UTF-8 with the columns name_a and name_b")

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = self._pairs(options["file"])
        self._make_tables()
        matches = name_match.match(pairs)
        out = csv.writer(self.stdout, lineterminator="\n")
        out.writerow([*COLUMNS, "rank", "score"])
        for each in matches:
            score = "" if each.score is None else f"{each.score:.3f}"
            out.writerow([each.name_a, each.name_b, each.rank or "", score])

    def _make_tables(self) -> None:
        """A database that was never used gets its tables first, by the owner in a process of its own."""
        if connection.introspection.table_names():
            return
        self.stderr.write("The database has no tables yet: making them ...", style_func=str)
        command = [sys.executable, "-m", "kotisatama.config.commandline", "migrate", "--verbosity", "0", "--no-input"]
        if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
            raise CommandError("The tables could not be made. Run `kotisatama prepare` and look at what it says.")

    def _pairs(self, path: pathlib.Path) -> list[tuple[str, str]]:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
        except OSError as reason:
            raise CommandError(f"{path} cannot be read: {reason.strerror}.") from None
        except (UnicodeDecodeError, csv.Error):
            raise CommandError(f"{path} is not a CSV file in UTF-8.") from None
        if not rows or any(column not in rows[0] for column in COLUMNS):
            raise CommandError(f"{path} needs rows with the columns name_a and name_b.")
        for number, row in enumerate(rows, start=2):
            if not all((row[column] or "").strip() for column in COLUMNS):
                raise CommandError(f"{path}, row {number}: both names are needed.")
        return [(row["name_a"].strip(), row["name_b"].strip()) for row in rows]
