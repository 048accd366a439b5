"""Every command finds its database, says to standard output only what belongs there, and leaves nothing running."""

import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kotisatama.kernel import embedded_postgres

QUESTION = (
    "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone()[0])"
)


@pytest.fixture(name="var", scope="module")
def var_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pathlib.Path]:
    var = tmp_path_factory.mktemp("commands") / "var"
    for directory in (var.parent, var.parent.parent, var.parent.parent.parent):
        directory.chmod(directory.stat().st_mode | 0o011)  # PostgreSQL's account passes through
    yield var
    embedded_postgres.stop(var)


def _run(var: pathlib.Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    outer = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "KOTISATAMA_OWNER_DATABASE_URL")}
    line = [sys.executable, "-m", "kotisatama.config.commandline", *words]
    return subprocess.run(
        line,
        env={**outer, "KOTISATAMA_VAR": str(var), **more},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def _runs(var: pathlib.Path) -> bool:
    return (var / "postgres" / "data" / "postmaster.pid").exists()


def test_a_command_starts_the_database_uses_it_as_the_application_and_stops_it(var: pathlib.Path) -> None:
    done = _run(var, "shell", "--no-imports", "-c", QUESTION)
    assert (done.stdout, done.returncode) == ("kotisatama_app\n", 0), done.stderr
    assert not _runs(var)


def test_only_what_changes_the_schema_runs_as_the_owner(var: pathlib.Path) -> None:
    done = _run(var, "shell", "--no-imports", "-c", QUESTION, KOTISATAMA_AS_OWNER="1")
    assert done.stdout == "kotisatama_owner\n", done.stderr
    done = _run(var, "migrate", "contenttypes", "--verbosity", "0")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_command_uses_the_server_that_runs_and_leaves_it_running(var: pathlib.Path) -> None:
    server = embedded_postgres.ensure_running(var)
    done = _run(var, "shell", "--no-imports", "-c", QUESTION)
    assert done.stdout == "kotisatama_app\n", done.stderr
    assert _runs(var)
    embedded_postgres.release(server)
    assert not _runs(var)


def test_a_failing_command_passes_its_code_on_and_stops_what_it_started(var: pathlib.Path) -> None:
    done = _run(var, "shell", "--no-imports", "-c", "raise SystemExit(7)")
    assert done.returncode == 7
    assert done.stdout == ""
    assert not _runs(var)


def test_help_needs_no_database(tmp_path: pathlib.Path) -> None:
    done = _run(tmp_path / "var", "migrate", "--help")
    assert done.returncode == 0
    assert not (tmp_path / "var" / "postgres" / "data").exists()


def test_a_broken_address_is_refused_in_a_sentence_on_standard_error(tmp_path: pathlib.Path) -> None:
    done = _run(tmp_path, "check", DATABASE_URL="mysql://root:secret@db/x")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("kotisatama: DATABASE_URL: A database address starts with postgresql://")
    assert "secret" not in done.stderr
