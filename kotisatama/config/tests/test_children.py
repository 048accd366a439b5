"""Processes that `serve` starts end with it, whenever it is told to stop."""

import os
import pathlib
import signal
import subprocess
import sys

# A parent that is told to stop while it starts a child, at a moment that moves on by a tenth of a millisecond a round.
PARENT = """
import os, signal, sys, threading, time
from kotisatama.config.children import Child

class Stopped(BaseException): ...

def stopped(*_):
    raise Stopped

def tell(after):
    time.sleep(after)
    os.kill(os.getpid(), signal.SIGTERM)

signal.signal(signal.SIGTERM, stopped)
for number in range(int(sys.argv[2])):
    child = Child("sleeper", ["sleep", sys.argv[1]], dict(os.environ))
    teller = threading.Thread(target=tell, args=(number / 10_000,))
    try:
        teller.start()
        child.start()
        while True:
            time.sleep(0.05)
    except Stopped:
        teller.join()
        child.stop()
print("all rounds", flush=True)
signal.pause()
"""


def sleeping(seconds: str) -> list[str]:
    """Processes of ours that sleep so long."""
    return [
        path.parent.name
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline")
        if path.is_file() and path.read_bytes().split(b"\0")[:2] == [b"sleep", seconds.encode()]
    ]


def test_a_child_whose_start_is_interrupted_by_a_stop_is_ended_with_the_others() -> None:
    seconds = f"{600 + os.getpid()}.5"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, seconds, "60"], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout
        assert parent.stdout.readline() == "all rounds\n"
        assert sleeping(seconds) == []
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        for left in sleeping(seconds):
            os.kill(int(left), signal.SIGKILL)
