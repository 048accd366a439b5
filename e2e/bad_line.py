"""A line between a visitor and the application that is slow, breaks, and may be cut altogether. Loopback only."""

import random
import socket
import struct
import threading
import time
from contextlib import suppress

PIECE = 1024
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


class BadLine:
    """Carries connections from `port` to the application's; `share` of them break at a random place in either way.

    `delay` seconds pass before what comes from a side begins to arrive at the other. `is_down`: nothing gets through.
    """

    def __init__(self, target: int, *, delay: float = 0.0, share: float = 0.0, seed: int = 0, port: int = 0) -> None:
        self.target, self.delay, self.share, self.is_down = target, delay, share, False
        self.chance = random.Random(seed)
        self.broken = {"there": 0, "back": 0}
        self._open: set[socket.socket] = set()
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
            opened = list(self._open)
        for line in opened:
            self._reset(line)

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
            self._reset(line)
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=60)
        except OSError:
            self._reset(line)
            return
        with self._lock:
            self._open |= {line, far}
            breaks = self.chance.random() < self.share
            way = self.chance.choice(["there", "back"])
            after = self.chance.choice([0, self.chance.randrange(200), self.chance.randrange(20_000)])
        there = threading.Thread(
            target=self._pump, args=(line, far, after if breaks and way == "there" else -1, "there")
        )
        there.start()
        self._pump(far, line, after if breaks and way == "back" else -1, "back")
        there.join()
        with self._lock:
            self._open -= {line, far}
        line.close()
        far.close()

    def _pump(self, source: socket.socket, sink: socket.socket, breaks_after: int, way: str) -> None:
        """Carry bytes one way; at `breaks_after` bytes both ends are reset."""
        carried, quiet_since = 0, 0.0
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if time.monotonic() - quiet_since > self.delay:
                    time.sleep(self.delay)
                quiet_since = time.monotonic()
                if 0 <= breaks_after <= carried + len(piece):
                    sink.sendall(piece[: breaks_after - carried])
                    self.broken[way] += 1
                    self._reset(source)
                    self._reset(sink)
                    return
                sink.sendall(piece)
                carried += len(piece)
            sink.shutdown(socket.SHUT_WR)

    @staticmethod
    def _reset(line: socket.socket) -> None:
        with suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            line.shutdown(socket.SHUT_RDWR)
        line.close()
