"""A child process that reads a stranger's file: it is told neither keys nor the database's address."""

import json
import pathlib
import subprocess
import sys
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
# All that the child process is told.
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


def ask(module: str, *arguments: str, content: bytes, seconds: float) -> Any:
    """The JSON that the module answers about the content; raises TimeoutExpired, OSError or ValueError."""
    command = [sys.executable, "-m", module, *arguments]
    child = subprocess.run(
        command, input=content, capture_output=True, timeout=seconds, cwd=ROOT, env=ENVIRONMENT, check=False
    )
    return json.loads(child.stdout)
