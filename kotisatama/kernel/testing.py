"""Databases for tests: migrated once by the owner, copied for each run, used by the application's restricted role.

The migrated database is kept as a template under a name made of the migrations' content, so that a second run starts in
well under a second.
"""

import dataclasses
import fcntl
import hashlib
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from kotisatama.kernel import database_url, embedded_postgres

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# What decides how a freshly migrated database looks.
INGREDIENTS = (
    "kotisatama/*/migrations/**/*",
    "kotisatama/*/data/**/*",
    "kotisatama/kernel/row_security.py",
    "kotisatama/kernel/reference_data.py",
    "kotisatama/kernel/embedded_postgres.py",
    "requirements/run.txt",
)


@dataclasses.dataclass(frozen=True)
class TestServer:
    """A server that test databases can be made on; the urls' database names do not matter."""

    __test__ = False  # not a class of tests

    app_url: str
    owner_url: str
    var: pathlib.Path

    def app(self, name: str) -> str:
        return database_url.with_name(self.app_url, name)

    def owner(self, name: str) -> str:
        return database_url.with_name(self.owner_url, name)

    def environment(self, name: str) -> dict[str, str]:
        """The environment in which commands and servers use this database as the application does."""
        outer = {k: v for k, v in os.environ.items() if k != "KOTISATAMA_AS_OWNER"}
        return outer | {
            "DATABASE_URL": self.app(name),
            "KOTISATAMA_OWNER_DATABASE_URL": self.owner(name),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "kotisatama.config.settings"),
            "PYTHONPATH": str(ROOT),
        }

    def create(self, name: str) -> str:
        """Make a database as a fresh copy of the migrated template, replacing one of that name; give its name."""
        self.drop(name)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(self.template())
        )
        with self._maintenance() as connection:
            connection.execute(statement)
        return name

    def drop(self, name: str) -> None:
        """Remove the database, ending its connections."""
        with self._maintenance() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self) -> str:
        """The name of the migrated database that others are copied from, made when missing."""
        name = f"template_{_digest()}"
        with (self.var / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if name not in self._names("template_"):
                for old in self._names("template_"):
                    with suppress(psycopg.errors.ObjectInUse):
                        self.drop(old)
                self._migrate(name)
        return name

    def _migrate(self, name: str) -> None:
        unfinished = f"unfinished_{name}"
        self.drop(unfinished)
        with self._maintenance() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        words = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        environment = self.environment(unfinished) | {"KOTISATAMA_AS_OWNER": "1"}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            raise RuntimeError(f"The test database could not be migrated:\n{done.stdout}{done.stderr}")
        with self._maintenance() as connection:
            names = sql.Identifier(unfinished), sql.Identifier(name)
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))

    def drop_abandoned(self) -> None:
        """Remove the databases of test runs that ended without doing so; names end in the run's process id."""
        for name in self._names("test_") + self._names("live_"):
            pid = name.rpartition("_")[2]
            if not (pid.isdigit() and _alive(int(pid))):
                self.drop(name)

    def _names(self, prefix: str) -> list[str]:
        with self._maintenance() as connection:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            return [name for (name,) in connection.execute(query, [prefix])]

    def _maintenance(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(self.owner("postgres"), autocommit=True)


def var() -> pathlib.Path:
    """Where the embedded server of the tests lives: KOTISATAMA_VAR, else var/test."""
    return pathlib.Path(os.environ.get("KOTISATAMA_VAR") or ROOT / "var" / "test")


@contextmanager
def server() -> Iterator[TestServer]:
    """The site's server when DATABASE_URL and KOTISATAMA_OWNER_DATABASE_URL name one, else the embedded one."""
    place = var()
    place.mkdir(parents=True, exist_ok=True)
    app_url, owner_url = os.environ.get("DATABASE_URL"), os.environ.get("KOTISATAMA_OWNER_DATABASE_URL")
    if app_url and owner_url:
        yield TestServer(app_url, owner_url, place)
        return
    embedded = embedded_postgres.ensure_running(place)
    try:
        yield TestServer(embedded.app_url, embedded.owner_url, place)
    finally:
        embedded_postgres.release(embedded)


def _digest() -> str:
    content = hashlib.sha256(sys.version.encode())
    for pattern in INGREDIENTS:
        for file in sorted(ROOT.glob(pattern)):
            if file.is_file() and file.suffix != ".pyc":
                content.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return content.hexdigest()[:16]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
