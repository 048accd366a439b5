"""The recording twin of clamd: speaks its wire protocol on loopback, and knows one virus."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The industry's harmless test file, in two halves so that no scanner takes this source for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class RecordingClamd:
    """Keeps what it is sent; `behaviours` are played first, one a scan: a sentence to answer, or a word below."""

    def __init__(self, line: socket.socket, address: str) -> None:
        self.line, self.address = line, address
        self.received: list[bytes] = []
        self.chunks: list[int] = []
        self.behaviours: list[str] = []
        self.limit = 25_000_000
        self.marks = [EICAR]

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                talk, _peer = self.line.accept()
                with talk, contextlib.suppress(OSError):
                    self._answer(talk)

    def _answer(self, talk: socket.socket) -> None:
        behaviour = self.behaviours.pop(0) if self.behaviours else ""
        if behaviour == "hang up":
            return
        with talk.makefile("rb") as reader:
            assert reader.read(10) == b"zINSTREAM\0"
            data = b""
            while size := struct.unpack("!I", reader.read(4))[0]:
                self.chunks.append(size)
                data += reader.read(size)
                if len(data) > self.limit:
                    talk.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
            self.received.append(data)
            if behaviour == "be silent":
                time.sleep(1)
            elif behaviour:
                talk.sendall(behaviour.encode())
            else:
                found = any(mark in data for mark in self.marks)
                talk.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


@contextmanager
def running(path: Path | None = None) -> Iterator[RecordingClamd]:
    """A twin on a free port of loopback, or on a socket at this path."""
    with socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM) as line:
        line.bind(str(path) if path else ("127.0.0.1", 0))
        line.listen()
        twin = RecordingClamd(line, str(path) if path else f"127.0.0.1:{line.getsockname()[1]}")
        thread = threading.Thread(target=twin.serve, daemon=True)
        thread.start()
        try:
            yield twin
        finally:
            line.shutdown(socket.SHUT_RDWR)
            thread.join(2)
