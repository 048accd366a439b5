"""Processes that `serve` starts, starts again when they die, and ends with itself."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from kotisatama.kernel import embedded_keeper

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 4
LONGEST_PAUSE_SECONDS = 10.0
LONG_ENOUGH_SECONDS = 30  # having lived so long, a death is not part of a series


class Child:
    """One process with its own group, so that Ctrl-C reaches it only through us and in our order."""

    def __init__(self, name: str, words: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.last_code: int | None = None
        self._words, self._environment = words, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._next = 0.0
        self._pause = 0.0

    def start(self) -> None:
        """Start the process. A word to stop waits until we know the process: else nobody would end it."""
        self._began = time.monotonic()
        with _told_later():
            self._process = subprocess.Popen(
                self._words,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                process_group=0,
                preexec_fn=embedded_keeper.end_with_parent(signal.SIGTERM),
            )

    def lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def revive(self) -> bool:
        """Start the process again if it died, after a pause that doubles while it keeps dying; True when started."""
        if self._process is None or self.lives():
            return False
        now = time.monotonic()
        if not self._next:
            self._end_group(self._process.pid)
            self.last_code = self._process.returncode
            again = now - self._began < LONG_ENOUGH_SECONDS
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS) if again and self._pause else 0.5
            self._next = now + self._pause
        if now < self._next:
            return False
        self._next = 0.0
        self.start()
        return True

    def stop(self) -> None:
        """Ask to end, wait, then force it and whatever it started."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self._end_group(self._process.pid)
        self._process.wait()
        self._process = None

    @staticmethod
    def _end_group(group: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


@contextmanager
def _told_later() -> Iterator[None]:
    """Signals that say stop are answered when the block is over, by whoever answers them now."""
    told: list[int] = []
    answers = {word: signal.signal(word, lambda number, _frame: told.append(number)) for word in STOP_SIGNALS}
    try:
        yield
    finally:
        for word, answer in answers.items():
            signal.signal(word, answer or signal.SIG_DFL)
    if told:
        signal.raise_signal(told[0])
