"""Seconds and memory of `kotisatama import-clients` for an old register of 20,000 messy rows, duplicates looked for.

The register holds 20,000 invented persons before. Each round has a fresh database; CSV and workbook alternate; medians
count. Memory is the highest resident set of the command's own process, and of the process that reads the table.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import Any

from kotisatama.kernel import testing
from kotisatama.kernel.live_app import LiveApp, free_port

ROUNDS = 2
ROWS = 20_000
PERSONS_BEFORE = 20_000
MOST_SECONDS = 300
MOST_MEGABYTES = 300
MAPPING = testing.ROOT / "kotisatama" / "people" / "importing" / "example.yaml"
WRITE_FILES = """
import pathlib, sys
from django.utils import timezone
from tests import messy_file
folder = pathlib.Path(sys.argv[2])
table = messy_file.make(int(sys.argv[1]), seed=20, today=timezone.localdate())
(folder / "old.csv").write_bytes(messy_file.to_csv(table))
(folder / "old.xlsx").write_bytes(messy_file.to_workbook(table))
"""


def write_files(app: LiveApp, folder: pathlib.Path) -> None:
    """The same invented table as CSV and as a workbook."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{WRITE_FILES}", str(ROWS), str(folder)]
    subprocess.run(command, env=app.environment, check=True)


def run(app: LiveApp, file: pathlib.Path) -> dict[str, Any]:
    """One import: its seconds, the memory of the command and of its child in MB, and what it made."""
    words = [sys.executable, "-m", "django", "import-clients", str(file), "--mapping", str(MAPPING)]
    began = time.perf_counter()
    with subprocess.Popen(words, env=app.environment, cwd=testing.ROOT, stdout=subprocess.PIPE) as process:
        watch = ChildWatch(process.pid)
        watch.start()
        answer = json.loads(process.stdout.read()) if process.stdout else {}
        _pid, _status, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    watch.ended = True
    return {
        "seconds": time.perf_counter() - began,
        "megabytes": usage.ru_maxrss / 1024,
        "reader_megabytes": watch.highest / 1024,
        "rows": answer["rows_read"],
        "made": answer["made"],
        "proposed": answer["duplicates_proposed"],
        "refused": answer["refused"],
    }


class ChildWatch(threading.Thread):
    """Looks at the highest resident set of a process's child until told to end."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.highest, self.ended = pid, 0, False

    def run(self) -> None:
        while not self.ended:
            for child in self._children():
                self.highest = max(self.highest, self._peak(child))
            time.sleep(0.02)

    def _children(self) -> list[str]:
        try:
            return pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        except OSError:
            return []

    def _peak(self, pid: str) -> int:
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def main(words: Sequence[str] = ()) -> None:
    """Print the medians as JSON; exit code 1 when a bar is missed."""
    found: dict[str, list[dict[str, Any]]] = {"old.csv": [], "old.xlsx": []}
    with tempfile.TemporaryDirectory() as place, testing.server() as server:
        folder = pathlib.Path(place)
        for number in range(ROUNDS):
            for name, rounds in found.items():
                app = LiveApp(server, server.create(f"live_import_{number}_{os.getpid()}"), folder, free_port())
                try:
                    app.command("demo-data", "--persons", str(PERSONS_BEFORE), "--contacts", "0")
                    if not (folder / name).exists():
                        write_files(app, folder)
                    rounds.append(run(app, folder / name))
                finally:
                    server.drop(app.database)
    figures = {name: _medians(rounds) for name, rounds in found.items()}
    sys.stdout.write(json.dumps({"import_clients": figures}, indent=2) + "\n")
    if any(each["seconds"] > MOST_SECONDS or each["megabytes"] > MOST_MEGABYTES for each in figures.values()):
        sys.exit(1)


def _medians(rounds: list[dict[str, Any]]) -> dict[str, float]:
    return {name: round(statistics.median(each[name] for each in rounds), 1) for name in rounds[0]}


if __name__ == "__main__":
    main(sys.argv[1:])
