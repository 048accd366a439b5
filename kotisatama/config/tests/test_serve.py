"""`kotisatama serve` brings everything up, keeps it up, and takes everything down."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from kotisatama.kernel import embedded_postgres, live_app

pytestmark = pytest.mark.slow


class Serving:
    """One run of `serve` in a var directory of its own."""

    def __init__(self, var: pathlib.Path) -> None:
        self.var, self.port = var, live_app.free_port()
        self.log = var.parent / "serve.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                _WORDS,
                env=_environment(var, PORT=str(self.port)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def until(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        ends = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < ends, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def ready(self) -> bool:
        return "Ctrl-C stops everything" in self.log.read_text()

    def others(self) -> list[int]:
        """Processes of this run beside the supervisor, told by the environment or the words they were started with."""
        mark = f"KOTISATAMA_VAR={self.var}".encode()
        found = []
        for place in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                told = [*(place / "environ").read_bytes().split(b"\0"), (place / "cmdline").read_bytes()]
            except OSError:
                continue
            if int(place.name) != self.process.pid and (mark in told or str(self.var).encode() in told[-1]):
                found.append(int(place.name))
        return found

    def named(self, word: bytes) -> list[int]:
        return [pid for pid in self.others() if word in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]


_WORDS = [sys.executable, "-m", "kotisatama.config.commandline", "serve"]


def _environment(var: pathlib.Path, **more: str) -> dict[str, str]:
    outer = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KOTISATAMA_OWNER_DATABASE_URL")}
    return {**outer, "KOTISATAMA_VAR": str(var), **more}


@pytest.fixture(name="serving")
def serving_fixture() -> Iterator[Serving]:
    with tempfile.TemporaryDirectory(prefix="kotisatama-test-", ignore_cleanup_errors=True) as name:
        pathlib.Path(name).chmod(0o755)
        var = pathlib.Path(name) / "var"
        serving = Serving(var)
        yield serving
        serving.process.terminate()
        serving.process.wait(20)
        embedded_postgres.stop(var)


def test_it_serves_survives_deaths_and_leaves_nothing(serving: Serving) -> None:
    serving.until(serving.ready)
    assert serving.answers()

    for pid in serving.named(b"granian"):
        os.kill(pid, signal.SIGKILL)
    serving.until(lambda: "Pages: ended unexpectedly" in serving.log.read_text())
    serving.until(serving.answers)

    os.kill(serving.named(b"embedded_keeper")[0], signal.SIGKILL)
    serving.until(lambda: "its keeper ended unexpectedly" in serving.log.read_text())
    serving.until(lambda: bool(serving.named(b"embedded_keeper")))

    began = time.monotonic()
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(15) == 0, serving.log.read_text()
    assert time.monotonic() - began < 10
    assert serving.others() == []


def test_everything_ends_when_the_supervisor_is_killed(serving: Serving) -> None:
    serving.until(serving.ready)
    serving.process.kill()
    serving.process.wait()
    serving.until(lambda: serving.others() == [], 15)


def _fails(**more: str) -> "subprocess.CompletedProcess[str]":
    with tempfile.TemporaryDirectory() as var:
        environment = _environment(pathlib.Path(var), **more)
        return subprocess.run(_WORDS, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_a_port_in_use_is_told_with_what_to_do() -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        done = _fails(PORT=str(line.getsockname()[1]))
    assert done.returncode == 1
    assert "make run PORT=8001" in done.stderr


def test_a_port_that_is_no_number_is_refused() -> None:
    assert "give a number from 1 to 65535" in _fails(PORT="eight").stderr


def test_unsafe_production_is_refused_before_anything_starts() -> None:
    done = _fails(PORT=str(live_app.free_port()), KOTISATAMA_MODE="production", KOTISATAMA_HOSTS="*")
    assert done.returncode == 1
    for sentence in ("KOTISATAMA_SECRET_KEY must be", "KOTISATAMA_HOSTS has a wildcard", "DATABASE_URL is missing"):
        assert sentence in done.stderr
