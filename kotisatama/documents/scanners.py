"""Virus scanners: who is asked about the bytes of a file, and what may go wrong on the way."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

CHUNK = 64 * 1024
MOST_BYTES = 32_000_000  # more than the door lets in; clamd's own limit (StreamMaxLength) is 25 MB unless changed
MOST_ANSWERED = 4_096
CONNECT_SECONDS = 5
SECONDS = 60  # altogether, for one file
DEFAULT_PORT = 3310
NAME_LENGTH = 120
UNSEEN = "Heuristics.Limits.Exceeded"  # no virus: with AlertExceedsMax clamd says so of what it did not look at


class NotScanned(Exception):
    """There is no verdict; `str()` is a code for the log, without anything of the file."""


class TryLater(NotScanned):
    """The scanner is away, busy or too slow: another try may help."""


class Refused(NotScanned):
    """The scanner cannot judge this file: the same try ends the same."""


class Scanner(Protocol):
    """Whoever knows viruses."""

    def scan(self, data: bytes) -> str:
        """The name of the virus found in the bytes, empty when there is none. Raises TryLater or Refused."""


@dataclass(frozen=True)
class Clamd:
    """ClamAV's daemon, by its INSTREAM command: `address` is host:port or the path of a socket."""

    address: str
    connect_seconds: float = CONNECT_SECONDS
    seconds: float = SECONDS

    def scan(self, data: bytes) -> str:
        if len(data) > MOST_BYTES:
            raise Refused("too_large")
        try:
            with self._line() as line:
                answer = self._exchange(line, data, time.monotonic() + self.seconds)
        except TimeoutError:
            raise TryLater("too_slow") from None
        except OSError as error:
            raise TryLater(f"unreachable: {type(error).__name__}") from None
        return _verdict(answer)

    @contextmanager
    def _line(self) -> Iterator[socket.socket]:
        if self.address.startswith("/"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(self.connect_seconds)
                line.connect(self.address)
                yield line
        else:
            with socket.create_connection(_host_and_port(self.address), timeout=self.connect_seconds) as line:
                yield line

    def _exchange(self, line: socket.socket, data: bytes, ends: float) -> bytes:
        # clamd may answer and hang up while we still send, when its limit is lower than ours: its answer counts.
        with suppress(BrokenPipeError, ConnectionResetError):
            _send(line, b"zINSTREAM\0", ends)
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                _send(line, struct.pack("!I", len(chunk)) + chunk, ends)
            _send(line, struct.pack("!I", 0), ends)
        return _receive(line, ends)


def _host_and_port(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not colon:
        return address, DEFAULT_PORT
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise TryLater("address")
    return host.strip("[]"), int(port)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send(line: socket.socket, data: bytes, ends: float) -> None:
    line.settimeout(_left(ends))
    line.sendall(data)


def _receive(line: socket.socket, ends: float) -> bytes:
    """What clamd answers, to its end mark; raises TryLater when it hangs up before, or says more than it should."""
    answer = b""
    while b"\0" not in answer:
        line.settimeout(_left(ends))
        part = line.recv(MOST_ANSWERED)
        answer += part
        if not part or len(answer) > MOST_ANSWERED:
            raise TryLater("half_an_answer")
    return answer.partition(b"\0")[0]


def _verdict(answer: bytes) -> str:
    """`stream: OK`, `stream: <name> FOUND`, or a sentence that ends with ERROR."""
    text = "".join(each for each in answer.decode("utf-8", "replace").strip() if each.isprintable())
    if text == "stream: OK":
        return ""
    if text.startswith(f"stream: {UNSEEN}"):
        raise Refused("limits")
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return text.removeprefix("stream: ").removesuffix(" FOUND")[:NAME_LENGTH] or "?"
    if "size limit exceeded" in text:
        raise Refused("too_large")
    raise TryLater("error")


def scanner() -> Scanner | None:
    """The scanner that the site has set up; None: files are kept without a scan."""
    return Clamd(settings.CLAMD) if settings.CLAMD else None
