"""A running OpenID Connect provider for tests: the certified `oidc-provider`, installed by npm into var."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests  # type: ignore[import-untyped,unused-ignore]

from tests import node_programs

HERE = Path(__file__).parent
CLIENT_ID, CLIENT_SECRET = "kotisatama", "a secret between the two"
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
    home = node_programs.installed(HERE, var, "server.mjs")
    environment = node_programs.environment(CLIENT_ID=CLIENT_ID, CLIENT_SECRET=CLIENT_SECRET, REDIRECT_URI=redirect_uri)
    with subprocess.Popen(
        [*node_programs.node(), "server.mjs"],
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
