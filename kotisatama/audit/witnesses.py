"""Witnesses: whoever outside the database is told the roots of the chain, and so can contradict it later.

A root pins every line and batch before it: one root in a place that nobody here can change is enough.
"""

import json
import os
import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core import mail

from kotisatama.audit.models import Batch

HTTP_SECONDS = 5


class NotTold(Exception):
    """The witness could not be told; `str()` is a code for the log, without address or content. Later may help."""


@dataclass(frozen=True)
class Root:
    """What a witness is told of one batch."""

    number: int
    epoch: int
    root: str
    lines: int
    sealed_at: str

    def as_json(self) -> str:
        """One line of JSON, as the file has it and as `audit-verify --roots` reads it."""
        return json.dumps(self.__dict__, sort_keys=True)


def root(batch: Batch) -> Root:
    """What is told of this batch."""
    return Root(batch.number, batch.epoch, bytes(batch.root).hex(), batch.lines, batch.sealed_at.isoformat())


class Witness(Protocol):
    """Somebody outside who keeps roots."""

    name: str
    every: timedelta

    def tell(self, roots: Sequence[Root]) -> None:
        """Hand over roots in rising order; the same root twice does no harm. Raises NotTold."""


class File:
    """Appends to a file, on a disk of its own if the site is wise; `audit-verify --roots` reads it."""

    name = "file"
    every = timedelta()

    def __init__(self, path: Path) -> None:
        self.path = path

    def tell(self, roots: Sequence[Root]) -> None:
        content = "".join(f"{each.as_json()}\n" for each in roots).encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, content)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise NotTold(f"file-{error.errno}") from None


class Letter:
    """Sends the latest root by e-mail, at most once an hour."""

    name = "mail"
    every = timedelta(hours=1)

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = list(addresses)

    def tell(self, roots: Sequence[Root]) -> None:
        latest = roots[-1]
        subject = f"{settings.SITE_NAME}: audit root {latest.number}"
        try:
            mail.send_mail(subject, f"{latest.as_json()}\n", None, self.addresses)
        except (OSError, smtplib.SMTPException) as error:
            raise NotTold(f"mail-{type(error).__name__}") from None


class Server:
    """Posts roots as JSON to another server, which answers with 2xx when it has kept them."""

    name = "http"
    every = timedelta()

    def __init__(self, address: str) -> None:
        self.address = address

    def tell(self, roots: Sequence[Root]) -> None:
        body = json.dumps({"site": settings.SITE_NAME, "roots": [each.__dict__ for each in roots]}).encode()
        request = urllib.request.Request(  # noqa: S310 - production.py and _addressed() allow http and https alone
            self.address, data=body, headers={"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=HTTP_SECONDS):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            raise NotTold(f"http-{error.code}") from None
        except OSError:
            raise NotTold("http-connection") from None


def configured() -> Iterator[Witness]:
    """The witnesses that the settings name."""
    if settings.AUDIT_ROOTS_FILE:
        yield File(Path(settings.AUDIT_ROOTS_FILE))
    if settings.AUDIT_ROOTS_MAIL:
        yield Letter(settings.AUDIT_ROOTS_MAIL)
    if settings.AUDIT_ROOTS_URL.startswith(("http://", "https://")):
        yield Server(settings.AUDIT_ROOTS_URL)
