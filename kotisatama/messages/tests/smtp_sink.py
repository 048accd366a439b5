"""A mail server that keeps what it gets: enough of RFC 5321 for smtplib, on the loopback."""

import socketserver
import threading
from collections.abc import Generator
from contextlib import contextmanager


class Sink(socketserver.ThreadingTCPServer):
    """`letters` are the bodies received; `answers` the replies to RCPT that come first, e.g. [b"450 later"]."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[bytes] = []
        self.answers: list[bytes] = []


class Conversation(socketserver.StreamRequestHandler):
    """One client's commands."""

    server: Sink

    def handle(self) -> None:
        self._say(b"220 sink")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"QUIT":
                return self._say(b"221 bye")
            if word == b"RCPT":
                self._say(self.server.answers.pop(0) if self.server.answers else b"250 ok")
            elif word == b"DATA":
                self._say(b"354 go on")
                self._keep_letter()
            else:
                self._say(b"250 ok")

    def _keep_letter(self) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        self.server.letters.append(b"".join(lines))
        self._say(b"250 kept")

    def _say(self, text: bytes) -> None:
        self.wfile.write(text + b"\r\n")


@contextmanager
def running() -> Generator[Sink]:
    """A sink on a free port of the loopback, in a thread."""
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield sink
        sink.shutdown()
        thread.join()
