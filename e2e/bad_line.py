"""A line between a visitor and the application that is slow, breaks, and may be cut altogether. Loopback only."""

import random
import select
import socket
import struct
import threading
import time
from contextlib import suppress

PIECE = 1024
LOOK_SECONDS = 0.05
LATE_SECONDS = 4
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


class BadLine:
    """Carries connections from `port` to the application's; `share` of them break at a random place in either way.

    `delay` seconds pass before what comes from a side begins to arrive at the other. `is_down`: nothing gets through.
    What the visitor sends with the bytes `late` in it is held for LATE_SECONDS.
    """

    def __init__(self, target: int, *, delay: float = 0.0, share: float = 0.0, seed: int = 0, port: int = 0) -> None:
        self.target, self.delay, self.share, self.is_down = target, delay, share, False
        self.late, self.held = b"", threading.Event()
        self.chance = random.Random(seed)
        self.broken = {"there": 0, "back": 0}
        self._open: set[threading.Event] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", port), backlog=256)
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """No network from now on; what is under way breaks."""
        self.is_down = True
        with self._lock:
            for over in self._open:
                over.set()

    def mend(self) -> None:
        self.is_down = False

    def close(self) -> None:
        self._door.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self._door.accept()
                threading.Thread(target=self._carry, args=(line,), daemon=True).start()

    def _carry(self, line: socket.socket) -> None:
        if self.is_down:
            _reset(line)
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=60)
        except OSError:
            _reset(line)
            return
        over = threading.Event()
        with self._lock:
            self._open.add(over)
            breaks = self.chance.random() < self.share
            way = self.chance.choice(["there", "back"])
            after = self.chance.choice([0, self.chance.randrange(200), self.chance.randrange(20_000)])
        there_after, back_after = (after if breaks and way == each else -1 for each in ("there", "back"))
        there = threading.Thread(target=self._pump, args=(line, far, over, there_after, "there"))
        there.start()
        self._pump(far, line, over, back_after, "back")
        there.join()
        with self._lock:
            self._open.discard(over)
        for each in (line, far):
            if over.is_set():
                _reset(each)
            each.close()

    def _pump(self, source: socket.socket, sink: socket.socket, over: threading.Event, breaks: int, way: str) -> None:
        """Carry bytes one way until an end or `over`; after `breaks` bytes the line breaks for both."""
        carried, heard_at = 0, 0.0
        with suppress(OSError):
            while not over.is_set():
                if not select.select([source], [], [], LOOK_SECONDS)[0]:
                    continue
                piece = source.recv(PIECE)
                if time.monotonic() - heard_at > self.delay:
                    time.sleep(self.delay)
                heard_at = time.monotonic()
                if way == "there" and self.late and self.late in piece:
                    self.held.set()
                    time.sleep(LATE_SECONDS)
                if 0 <= breaks <= carried + len(piece):
                    sink.sendall(piece[: breaks - carried])
                    self.broken[way] += 1
                    over.set()
                    return
                if not piece:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(piece)
                carried += len(piece)
            return
        over.set()


def _reset(line: socket.socket) -> None:
    """Close so that the other end is told of a break, not of an end."""
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    line.close()
