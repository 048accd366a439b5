"""Searching persons under row security: p95 of a large register over p95 of a small one, side by side.

Two databases on one server, filled by demo-data, asked the same questions as the application's role, in turns: names in
several spellings and scripts (the commonest of the mix among them), beginnings of names, birthdays, nobody at all. What
counts is a whole search, from the text to the persons in order; the part spent in the database is told apart.

    python bench/people_search.py [SMALL] [LARGE]      (10000 and 1000000 persons by default)
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

from kotisatama.kernel import testing
from kotisatama.kernel.live_app import LiveApp, free_port

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 4

MEASURE = """
import json, statistics, sys, time
import django; django.setup()
from django.db import connection, transaction
from kotisatama.kernel import row_security
from kotisatama.people import queries
from kotisatama.staff.models import Worker

TEXTS = [
    "Olena Shevchenko", "Олена Шевченко", "Shevchenko Olena 1991", "Elena Schewtschenko", "Mohammed Hussein",
    "محمد حسين", "Maxamed Cali", "Ahmed", "Olena", "Nguyen Van Duc", "Nuwan Perera", "පෙරේරා", "Shev", "Oleksandr Kov",
    "Haile Gebremeskel", "Yılmaz Mehmet", "Ivanova Anna", "Rezaei", "1991-03-14", "Olena 14.3.1991", "Petra Nobody",
    "+358400000001", "somebody@example.org", "Kateryna Hryhorivna Bondarenko",
]
worker = Worker.objects.get(email="aino.niemi@demo.example")

class Clock:
    seconds = 0.0
    def __call__(self, execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began

whole, inside = [], []
for _round in range(1 + int(sys.argv[1])):
    for text in TEXTS:
        clock = Clock()
        with row_security.context(controllers=worker.controller_codes), connection.execute_wrapper(clock):
            began = time.perf_counter()
            queries.search(worker, text)
            took = time.perf_counter() - began
        if _round:
            whole.append((took, text)); inside.append(clock.seconds)
print(json.dumps({"whole": whole, "inside": inside}))
"""


def fill(app: LiveApp, persons: int) -> None:
    """The demo region and so many further persons, with the planner told about them."""
    app.command("demo-region")
    app.command("demo-data", "--persons", str(persons), "--contacts", "0")
    environment = app.environment | {"KOTISATAMA_AS_OWNER": "1"}
    statement = "import django; django.setup()\nfrom django.db import connection\n"
    statement += "connection.cursor().execute('VACUUM ANALYZE')"
    subprocess.run([sys.executable, "-c", statement], env=environment, check=True)


def ask(app: LiveApp) -> dict[str, Any]:
    """Seconds of each search, whole and in the database."""
    command = [sys.executable, "-c", MEASURE, str(ROUNDS)]
    done = subprocess.run(command, env=app.environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return round(1000 * sorted(seconds)[int(0.95 * len(seconds))], 1)


def figures(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """p95 of all turns, and the slowest text."""
    whole = [each for turn in found for each in turn["whole"]]
    return {
        "p95_milliseconds": p95([seconds for seconds, _text in whole]),
        "p95_in_the_database": p95([seconds for turn in found for seconds in turn["inside"]]),
        "slowest": max(whole)[1],
    }


def measure(small: LiveApp, large: LiveApp) -> dict[str, Any]:
    """Turns alternate, so that what else the machine does falls on both."""
    turns = [(ask(small), ask(large)) for _turn in range(3)]
    found = {"small": figures([turn[0] for turn in turns]), "large": figures([turn[1] for turn in turns])}
    return found | {
        "ratio": round(found["large"]["p95_milliseconds"] / found["small"]["p95_milliseconds"], 2),
    }


def main(words: Sequence[str] = ()) -> None:
    """Print the figures as JSON."""
    sizes = [int(word) for word in words] or [SMALL, LARGE]
    with tempfile.TemporaryDirectory() as folder, testing.server() as server:
        names = [server.create(f"live_search{number}_{os.getpid()}") for number in range(2)]
        apps = [LiveApp(server, name, pathlib.Path(folder), free_port()) for name in names]
        try:
            for app, persons in zip(apps, sizes, strict=True):
                fill(app, persons)
            found = measure(*apps)
        finally:
            for name in names:
                server.drop(name)
    sys.stdout.write(json.dumps({"people_search": {"persons": sizes, **found}}, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
