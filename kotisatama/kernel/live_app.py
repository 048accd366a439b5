"""The real application on a port, for tests: granian, the restricted role, a database of its own."""

import dataclasses
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from kotisatama.kernel.testing import ROOT, TestServer

ANSWER_SECONDS = 30


@dataclasses.dataclass
class LiveApp:
    """A running server; `kill` and `start` again keep the port and the database."""

    server: TestServer
    database: str
    var: pathlib.Path
    port: int
    workers: str = "1"
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return self.server.app(self.database)

    @property
    def owner_database_url(self) -> str:
        return self.server.owner(self.database)

    @property
    def environment(self) -> dict[str, str]:
        return self.server.environment(self.database) | {"KOTISATAMA_VAR": str(self.var), "PORT": str(self.port)}

    def command(self, *words: str, as_owner: bool = False) -> "subprocess.CompletedProcess[str]":
        """Run a `kotisatama` command against the same database; a failure raises with what it said."""
        environment = self.environment | ({"KOTISATAMA_AS_OWNER": "1"} if as_owner else {})
        line = [sys.executable, "-m", "django", *words]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            raise RuntimeError(f"kotisatama {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done

    def start(self) -> None:
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
        words += ["--workers", self.workers, "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
        words += ["kotisatama.config.wsgi:application"]
        with (self.var / "live_app.log").open("ab") as log:
            self.process = subprocess.Popen(
                words,
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until_it_answers(self.port, self.process)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As when the machine loses power: no process gets to say goodbye."""
        self._end(signal.SIGKILL)

    def _end(self, word: signal.Signals) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, word)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        _wait_until_gone(self.process.pid)
        self.process = None


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _wait_until_gone(group: int) -> None:
    """The server's workers end a moment after it."""
    ends = time.monotonic() + 5
    with suppress(ProcessLookupError):
        while time.monotonic() < ends:
            os.killpg(group, 0)
            time.sleep(0.01)


def wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return when / answers anything at all; raise RuntimeError when the process ends or it takes too long."""
    ends = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        try:
            line.request("GET", "/")
            line.getresponse()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            line.close()
    raise RuntimeError(f"The server on port {port} did not answer (exit code {process.poll()}).")
