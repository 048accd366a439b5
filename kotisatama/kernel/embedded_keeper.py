"""The process that owns a running embedded PostgreSQL: it starts it again when it dies and ends it with its last user.

Run as a script, by `embedded_postgres`, with Python's `-I -S` (standard library only, so that it stays at a few MB):

    python -I -S embedded_keeper.py HOME BINARIES DATA SOCKETS UID GID

Whoever uses the server holds a shared lock on HOME/users.lock; the kernel drops it when the process ends, however it
ends. When nobody holds one any more the keeper stops the server and goes. UID -1 means: as whoever we are.
"""

import ctypes
import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

POLL_SECONDS = 0.2
# After a hard kill the old backends keep the shared memory for a moment, and PostgreSQL refuses to start meanwhile.
START_AGAIN_SECONDS = 30
STOP_SECONDS = 8
PR_SET_PDEATHSIG = 1

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "io_method": "sync",  # no three extra processes for reading ahead
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "logging_collector": "off",
}


class Stop(Exception):
    """A signal asked us to end."""


def end_with_parent(word: int) -> Callable[[], None] | None:
    """For Popen's preexec_fn: Linux sends `word` to the child when we die. Elsewhere None: the next start cleans up.

    The call comes after the change of user, which would clear it.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, word, 0, 0, 0)
        if os.getppid() != parent:  # we died in between
            os.kill(os.getpid(), signal.SIGKILL)

    return arm


def credentials(uid: int, gid: int) -> dict[str, Any]:
    """Popen's arguments for running as another user; uid -1: none."""
    return {} if uid < 0 else {"user": uid, "group": gid, "extra_groups": []}


def running_postmaster(data: pathlib.Path) -> int | None:
    """The process id of a live server on this data directory that another keeper left behind, else None.

    A postmaster.pid whose number now belongs to some other program is removed: PostgreSQL would refuse to start.
    """
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    process = pathlib.Path("/proc") / str(pid)
    try:
        ours = not process.parent.joinpath("self").exists() or os.path.samefile(process / "cwd", data)
    except OSError:
        ours = False
    if not ours:
        file.unlink(missing_ok=True)
    return pid if ours else None


def end_leftover(data: pathlib.Path) -> None:
    """Stop a server without a keeper: politely, at once, by force."""
    for word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        ends = time.monotonic() + 4
        if pid := running_postmaster(data):
            os.kill(pid, word)
        while time.monotonic() < ends and running_postmaster(data):
            time.sleep(0.05)


def start(binaries: pathlib.Path, data: pathlib.Path, sockets: str, uid: int, gid: int) -> "subprocess.Popen[bytes]":
    end_leftover(data)
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(binaries / "postgres"), "-D", str(data), "-k", sockets, *settings],
        stdin=subprocess.DEVNULL,
        cwd=data,
        umask=0o077,
        preexec_fn=end_with_parent(signal.SIGINT),
        **credentials(uid, gid),
    )


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on the disk."""
    for word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(word)
        try:
            server.wait(STOP_SECONDS if word == signal.SIGINT else 3)
        except subprocess.TimeoutExpired:
            continue


def nobody_uses(lock: int) -> bool:
    """Take users.lock alone, if nobody holds it, and keep it, so that a newcomer waits for the end of this server."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep(begin: "Callable[[], subprocess.Popen[bytes]]", lock: int) -> int:
    """Run the server until nobody uses it. Exit code 1 when it could not be started for START_AGAIN_SECONDS."""
    server, began, gives_up = begin(), time.monotonic(), time.monotonic() + START_AGAIN_SECONDS
    try:
        while not nobody_uses(lock):
            try:
                server.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            if time.monotonic() - began > START_AGAIN_SECONDS:
                gives_up = time.monotonic() + START_AGAIN_SECONDS
            if time.monotonic() > gives_up:
                return 1
            time.sleep(0.1)
            server, began = begin(), time.monotonic()
    except Stop:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(server)
    return 0


def _stop(*_: object) -> None:
    raise Stop


def main(home: str, binaries: str, data: str, sockets: str, uid: str, gid: str) -> int:
    own = os.open(pathlib.Path(home) / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 3  # somebody else keeps it already
    os.ftruncate(own, 0)
    os.pwrite(own, f"{os.getpid()}\n".encode(), 0)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    lock = os.open(pathlib.Path(home) / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    place = pathlib.Path(data)
    try:
        return keep(lambda: start(pathlib.Path(binaries), place, sockets, int(uid), int(gid)), lock)
    except Stop:
        return 0
    finally:  # told to stop while it was still ending the server of a keeper that was killed
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_leftover(place)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Stop:
        sys.exit(0)
