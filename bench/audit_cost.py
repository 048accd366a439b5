"""Pages per second with the trail and its sealing, over the same pages without either, side by side.

Two servers of the same application on the same database; the second (`bench.served.without_audit`) has the writing of
lines and the watching of statements taken out, which the package itself offers no way to do. While the first is asked,
lines are sealed every five seconds in a process of its own, as the job worker does. Rounds alternate and never overlap;
each pair of rounds gives a ratio, and the median counts.
"""

import http.client
import itertools
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

from kotisatama.kernel import testing
from kotisatama.kernel.live_app import LiveApp, free_port, wait_until_it_answers

CLIENTS = 4
ROUNDS = 9
SECONDS = 6

PREPARE = """
import json
from django.test import Client
from kotisatama.kernel import row_security
from kotisatama.people import access
from kotisatama.staff.models import Worker
worker = Worker.objects.filter(roles__contains=["counsellor"]).first()
client = Client()
client.force_login(worker)
with row_security.context(controllers=worker.controller_codes):
    people = [str(pk) for pk in access.openable_people(worker).order_by("pk").values_list("pk", flat=True)[:200]]
print(json.dumps({"session": client.cookies["kotisatama_worker"].value, "people": people}))
"""
SEAL = """
import pathlib, sys, time
from kotisatama.audit import sealing
while True:
    if pathlib.Path(sys.argv[1]).exists():
        sealing.seal()
    time.sleep(5)
"""


class Bare(LiveApp):
    """The application of `bench.served.without_audit`, on a port and database like any other."""

    def start(self) -> None:
        """Start granian with the other module."""
        words = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        words += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
        words += ["bench.served.without_audit:application"]
        self.process = subprocess.Popen(
            words, env=self.environment, cwd=testing.ROOT, stdout=subprocess.DEVNULL, start_new_session=True
        )
        wait_until_it_answers(self.port, self.process)


def _script(app: LiveApp, text: str, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", "import django; django.setup()\n" + text, *words]
    return subprocess.Popen(command, env=app.environment, stdout=subprocess.PIPE, text=True)


def paths(people: list[str]) -> list[str]:
    """What a counsellor opens: three persons, a search, the contacts."""
    pages = [[f"/desk/people/{pk}/" for pk in people[start : start + 3]] for start in range(0, len(people), 3)]
    return [path for three in pages for path in (*three, "/desk/people/?q=Olena", "/desk/contacts/")]


def ask(app: LiveApp, session: str, pages: Sequence[str], until: float, count: list[int]) -> None:
    """One worker after another page over one connection; appends how many were answered."""
    line = http.client.HTTPConnection("127.0.0.1", app.port, timeout=30)
    number = 0
    for path in itertools.cycle(pages):
        if time.perf_counter() > until:
            break
        line.request("GET", path, headers={"Cookie": f"kotisatama_worker={session}"})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        number += 1
    count.append(number)


def pages_per_second(app: LiveApp, session: str, pages: Sequence[str], seconds: float) -> float:
    """How many pages a second are answered to all clients together."""
    count: list[int] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=ask, args=(app, session, pages[number * 7 :], until, count))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(count) != CLIENTS:
        raise RuntimeError("a client failed")
    return sum(count) / seconds


def measure(audited: LiveApp, bare: LiveApp, flag: pathlib.Path) -> dict[str, float]:
    """Medians of the rounds, and the median ratio of pairs of rounds."""
    said = json.loads(_script(audited, PREPARE).communicate()[0])
    pages = paths(said["people"])
    for app in (audited, bare):
        pages_per_second(app, said["session"], pages, 3)
    rates: list[tuple[float, float]] = []
    for number in range(ROUNDS):
        pair = {}
        for app in (audited, bare) if number % 2 else (bare, audited):
            if app is audited:
                flag.touch()
            pair[app is audited] = pages_per_second(app, said["session"], pages, SECONDS)
            flag.unlink(missing_ok=True)
        rates.append((pair[True], pair[False]))
    return {
        "pages_per_second_with_trail": round(statistics.median(each for each, _ in rates), 1),
        "pages_per_second_without": round(statistics.median(each for _, each in rates), 1),
        "ratio": round(statistics.median(each / other for each, other in rates), 3),
        "least_ratio": round(min(each / other for each, other in rates), 3),
        "bar": 0.85,
    }


def main(words: Sequence[str] = ()) -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder, testing.server() as server:
        var, name = pathlib.Path(folder), server.create(f"live_bench_{os.getpid()}")
        audited, bare = LiveApp(server, name, var, free_port()), Bare(server, name, var, free_port())
        sealer = None
        try:
            audited.command("collectstatic", "--noinput", "--verbosity", "0")
            audited.command("demo-region")
            audited.start()
            bare.start()
            sealer = _script(audited, SEAL, str(var / "sealing"))
            figures = measure(audited, bare, var / "sealing")
        finally:
            if sealer:
                sealer.terminate()
                sealer.wait()
            audited.stop()
            bare.stop()
            server.drop(name)
    sys.stdout.write(json.dumps({"audit_cost": figures}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
