"""`kotisatama serve`, which is `make run`: the database, the pages and the jobs, until Ctrl-C.

It imports no Django, so that watching over the others costs a few MB. Everything it starts ends with it, even when
it is killed: children get a signal from the kernel, the embedded PostgreSQL loses its last user.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from kotisatama.config import commandline, prepared
from kotisatama.config.children import STOP_SIGNALS, Child
from kotisatama.kernel import database_url, embedded_postgres

HOST = "127.0.0.1"
ANSWER_SECONDS = 60
USAGE = """usage: kotisatama serve

Starts the database, the pages and the jobs, and stops them on Ctrl-C. From the environment:
  PORT              where the pages answer (8000)
  DATABASE_URL      a PostgreSQL of your own: postgresql://user:password@host1,host2/name?target_session_attrs=read-write
  KOTISATAMA_OWNER_DATABASE_URL   the same as the role that owns the tables, for migrations
  KOTISATAMA_MODE   demo, or production
"""


class CannotServe(Exception):
    """A step failed; the text says what to do."""


class Stopped(BaseException):
    """Ctrl-C or SIGTERM; not an Exception, so that nothing on the way takes it for a failure."""


def main(words: list[str]) -> int:
    """Serve until told to stop. Exit code 0 after Ctrl-C or SIGTERM, 1 when a step failed, 2 for unknown words."""
    if words:
        sys.stderr.write(USAGE)
        return 0 if words[0] in ("-h", "--help") else 2
    _answer_signals(_stopped)
    service = Service()
    try:
        service.start()
        service.watch()
    except (CannotServe, embedded_postgres.EmbeddedPostgresFailed, database_url.BadDatabaseUrl) as reason:
        say(f"Could not start. {reason}")
        return 1
    except Stopped:
        return 0
    finally:
        _answer_signals(signal.SIG_IGN)
        service.stop()


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _answer_signals(handler: Callable[..., object] | signal.Handlers) -> None:
    for word in STOP_SIGNALS:
        signal.signal(word, handler)


def _stopped(*_: object) -> NoReturn:
    _answer_signals(signal.SIG_IGN)  # a second one must not interrupt the stopping
    raise Stopped


class Service:
    """What `serve` runs, in the order in which it starts; it stops in the opposite order."""

    def __init__(self) -> None:
        self.var = commandline.var_directory()
        self.server: embedded_postgres.Server | None = None
        self.children: list[Child] = []
        self.port = 0

    def start(self) -> None:
        self.port = _port()
        environment = self._database()
        accounts = self._prepare(environment)
        say("Pages: starting the web server ...")
        self.children = [self._web(environment), self._jobs(environment)]
        self.children[0].start()
        self._wait_for_pages()
        say("Jobs: starting the worker ...")
        self.children[1].start()
        say(f"\nKotisatama answers at http://{HOST}:{self.port}/\n{accounts}\nCtrl-C stops everything.")

    def watch(self) -> NoReturn:
        """Start again what dies. PostgreSQL has a keeper that does so; here only the keeper is looked after."""
        while True:
            for child in self.children:
                if child.revive():
                    say(f"{child.name}: ended unexpectedly (exit code {child.last_code}), starting again ...")
            if self.server and not embedded_postgres.is_kept(self.server):
                say("Database: its keeper ended unexpectedly, starting again ...")
                lost, self.server = self.server, embedded_postgres.ensure_running(self.var)
                os.close(lost.users_lock)
            time.sleep(0.3)

    def stop(self) -> None:
        if self.children or self.server:
            say("\nStopping ...")
        for child in self.children:
            child.stop()
        if self.server:
            embedded_postgres.release(self.server)
            say("Stopped: pages, jobs, database.")

    def _database(self) -> dict[str, str]:
        """Find the database, starting the embedded one if need be; the environment of everything else."""
        environment = {**os.environ, "PORT": str(self.port), "KOTISATAMA_VAR": str(self.var), "PYTHONUNBUFFERED": "1"}
        environment.pop("KOTISATAMA_AS_OWNER", None)
        if address := environment.get("DATABASE_URL"):
            say("Database: using the one that DATABASE_URL names.")
            environment.setdefault("KOTISATAMA_OWNER_DATABASE_URL", address)
        elif not commandline.is_production():
            say(f"Database: starting the embedded PostgreSQL in {self.var / 'postgres'} ...")
            self.server = embedded_postgres.ensure_running(self.var)
            environment["DATABASE_URL"] = self.server.app_url
            environment["KOTISATAMA_OWNER_DATABASE_URL"] = self.server.owner_url
        return environment

    def _prepare(self, environment: dict[str, str]) -> str:
        """Migrate and load the demo region; give the text about the demo accounts."""
        stamp = prepared.Stamp.of(self.server) if self.server else None
        if stamp and (accounts := stamp.read()) is not None:
            say("Database: nothing has changed since the last start.")
            return accounts
        done = subprocess.run(_command("prepare"), env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise CannotServe("The database could not be prepared; the lines above say why.")
        if stamp:
            stamp.write(done.stdout)
        return done.stdout

    def _web(self, environment: dict[str, str]) -> Child:
        words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port)]
        words += ["--workers", os.environ.get("KOTISATAMA_WEB_WORKERS", "2"), "--no-ws", "--log-level", "warning"]
        words += ["--blocking-threads", os.environ.get("KOTISATAMA_WEB_THREADS", "4")]
        words += ["--respawn-failed-workers", "--workers-kill-timeout", "3s"]
        return Child("Pages", [*words, "kotisatama.config.wsgi:application"], _restricted(environment))

    def _jobs(self, environment: dict[str, str]) -> Child:
        words = ["procrastinate", "worker", "--shutdown-graceful-timeout", "3"]
        return Child("Jobs", _command(*words), _restricted(environment))

    def _wait_for_pages(self) -> None:
        ends = time.monotonic() + ANSWER_SECONDS
        while not _listens(self.port):
            if not self.children[0].lives():
                raise CannotServe("The web server ended at once; the lines above say why.")
            if time.monotonic() > ends:
                raise CannotServe(f"The web server did not answer within {ANSWER_SECONDS} seconds.")
            time.sleep(0.03)


def _restricted(environment: dict[str, str]) -> dict[str, str]:
    """Servers never learn the owner's address."""
    return {name: value for name, value in environment.items() if name != "KOTISATAMA_OWNER_DATABASE_URL"}


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "kotisatama.config.commandline", *words]


def _port() -> int:
    """The port asked for, if it is free."""
    text = os.environ.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CannotServe(f"PORT is {text!r}; give a number from 1 to 65535: make run PORT=8001")
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((HOST, int(text)))
        except OSError as error:
            raise CannotServe(
                f"Port {text} cannot be used ({error.strerror}). Choose another: make run PORT=8001"
            ) from None
    return int(text)


def _listens(port: int) -> bool:
    """Whether a whole answer comes, whatever it says."""
    try:
        with socket.create_connection((HOST, port), timeout=ANSWER_SECONDS) as line:
            line.sendall(f"HEAD / HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
            return line.recv(12).startswith(b"HTTP/1.1")
    except OSError:
        return False
