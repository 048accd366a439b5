"""The arithmetic of the seals: a line as bytes, its authentication code, and the root of a batch.

Whoever writes into the database does not know the key; whoever knows the key cannot change what witnesses outside hold.
"""

import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from kotisatama.audit.models import Batch

# What a line's code covers; the transaction is not known yet when the line is written, the batch's digest covers it.
CONTENT = (
    "id",
    "at",
    "worker_id",
    "organisation_id",
    "action",
    "controllers",
    "subject_type",
    "subject_id",
    "person_id",
    "details",
)
BEGINNING = bytes(32)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def canonical(values: Sequence[Any]) -> bytes:
    """The same bytes for the same line, written and read back: `values` in the order of CONTENT."""
    plain = [_plain(value) for value in values]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@lru_cache(maxsize=8)
def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"kotisatama", info=f"audit: {purpose}".encode())
    return derived.derive(secret.encode())


def _code(purpose: str, content: bytes, secret: str) -> bytes:
    return hmac.digest(_key(secret, purpose), content, "sha256")


def _is_authentic(purpose: str, content: bytes, code: bytes) -> bool:
    secrets = (settings.AUDIT_KEY, *settings.AUDIT_OLD_KEYS)
    return any(hmac.compare_digest(_code(purpose, content, secret), code) for secret in secrets)


def line_code(content: bytes) -> bytes:
    """The authentication code of a line's canonical bytes, by today's key."""
    return _code("line", content, settings.AUDIT_KEY)


def is_authentic_line(content: bytes, code: bytes) -> bool:
    """Whether today's key or an earlier one made the code."""
    return _is_authentic("line", content, code)


def batch_code(root: bytes) -> bytes:
    """The authentication code of a batch's root, by today's key."""
    return _code("batch", root, settings.AUDIT_KEY)


def is_authentic_batch(root: bytes, code: bytes) -> bool:
    """Whether today's key or an earlier one made the code."""
    return _is_authentic("batch", root, code)


class Digest:
    """The digest of a batch: lines in the order of transaction and id, each with transaction and code."""

    def __init__(self) -> None:
        self.lines = 0
        self._hash = sha256()

    def add(self, content: bytes, *, epoch: int, txid: int, code: bytes) -> None:
        """Take in one more line."""
        whole = b"%d %d %s %s" % (epoch, txid, code.hex().encode(), content)
        self._hash.update(len(whole).to_bytes(8, "big") + whole)
        self.lines += 1

    def value(self) -> bytes:
        """32 bytes."""
        return self._hash.digest()


def root_of(batch: Batch) -> bytes:
    """The hash over everything that a batch says, the root before it included."""
    said = [
        batch.number,
        batch.epoch,
        batch.txid_from,
        batch.txid_before,
        batch.lines,
        bytes(batch.digest).hex(),
        bytes(batch.previous).hex(),
        _plain(batch.sealed_at),
    ]
    return sha256(json.dumps(said).encode()).digest()
