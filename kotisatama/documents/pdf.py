"""A PDF of a stranger, written anew: its pages stay, what could run, lead elsewhere or tell too much goes.

It is read in a child process with little memory and time, which is told neither keys nor the database's address.
"""

import pathlib
import subprocess
import sys

from django.conf import settings
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed

MARK = b"%PDF-"
MEMORY = 900_000_000  # bytes of address space; a letter needs about 100 MB of it
CPU_SECONDS = 15
WALL_SECONDS = 40
GROWTH = 2  # how many times the limit at the door the written file may be

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


def clean(data: bytes) -> bytes:
    """Return the PDF without scripts, actions, attachments and metadata; raises NotAllowed with a sentence."""
    answer, written = _read_apart(data)
    if answer == "cleaned" and 0 < len(written) <= GROWTH * settings.UPLOAD_MAX_BYTES:
        return written
    raise NotAllowed(_sentence(answer))


def _read_apart(data: bytes) -> tuple[str, bytes]:
    try:
        child = _child(data, "-m", "kotisatama.documents.pdf_reader", str(MEMORY), str(CPU_SECONDS))
    except (subprocess.TimeoutExpired, OSError):
        return "large", b""
    answer, _line_end, written = child.stdout.partition(b"\n")
    return (answer.decode("ascii", "replace"), written) if child.returncode == 0 else ("large", b"")


def _child(data: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run Python with these words apart from all that this process knows."""
    return subprocess.run(
        [sys.executable, *words],
        input=data,
        capture_output=True,
        timeout=WALL_SECONDS,
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
    )


def _sentence(answer: str) -> str:
    if answer == "locked":
        return _("This PDF is locked with a password. Send it without the password, or send photographs of its pages.")
    if answer == "damaged":
        return _("This PDF is damaged and cannot be opened. Save it again, or send photographs of its pages.")
    return _("This PDF is too complicated to be checked. Send photographs of its pages, or a smaller PDF.")
