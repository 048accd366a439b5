"""Witnesses for tests: one that remembers, and a real little server that keeps what it is sent."""

import json
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kotisatama.audit.witnesses import NotTold, Root


class Recording:
    """Remembers what it is told; `fails` so many times first."""

    def __init__(self, *, name: str = "recording", every: timedelta = timedelta(), fails: int = 0) -> None:
        self.name, self.every, self.fails = name, every, fails
        self.told: list[Root] = []

    def tell(self, roots: Sequence[Root]) -> None:
        if self.fails:
            self.fails -= 1
            raise NotTold("deaf")
        self.told += roots


class Keeper(ThreadingHTTPServer):
    """Keeps the JSON bodies posted to it; answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.bodies: list[Any] = []
        self.status = 204

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/roots"


class Conversation(BaseHTTPRequestHandler):
    """One post."""

    server: Keeper

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def keeper() -> Generator[Keeper]:
    """A keeper on a free port of the loopback, in a thread."""
    with Keeper() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
