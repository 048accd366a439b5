"""What an undecided row says, sealed for the database; and keyed hashes by which a row is known again.

The keys are derived from the site's key of identity codes, each for one purpose.
"""

import hmac
import json
import secrets
import uuid
import zlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FORMAT_VERSION = b"\x01"
NONCE_BYTES = 12
DAYS = frozenset({"date_of_birth", "ground_ends_on", "moved_to_finland_on"})


@lru_cache(maxsize=4)
def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"kotisatama", info=f"import: {purpose}".encode())
    return derived.derive(secret.encode())


def seal(content: bytes, *, table: str, row: uuid.UUID, controller: str) -> bytes:
    """Compress and encrypt for one row of one table: version, nonce, AES-256-GCM."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(_key(settings.IDENTITY_CODE_KEY, "seal"))
    return FORMAT_VERSION + nonce + cipher.encrypt(nonce, zlib.compress(content), _bound(table, row, controller))


def unseal(sealed: bytes | memoryview, *, table: str, row: uuid.UUID, controller: str) -> bytes:
    """What `seal` was given; ValueError when it is not this row's or was tampered with."""
    content = bytes(sealed)
    if content[:1] != FORMAT_VERSION:
        raise ValueError("unknown format of a sealed row")
    nonce, text = content[1 : 1 + NONCE_BYTES], content[1 + NONCE_BYTES :]
    cipher = AESGCM(_key(settings.IDENTITY_CODE_KEY, "seal"))
    try:
        return zlib.decompress(cipher.decrypt(nonce, text, _bound(table, row, controller)))
    except InvalidTag as reason:
        raise ValueError("the sealed content is not this row's") from reason


def _bound(table: str, row: uuid.UUID, controller: str) -> bytes:
    return f"{table}|sealed|{row}|{controller}".encode()


def to_bytes(given: Mapping[str, Any]) -> bytes:
    """The values of a row; the same bytes for the same values."""
    return json.dumps(given, sort_keys=True, ensure_ascii=False, default=date.isoformat).encode()


def from_bytes(content: bytes) -> dict[str, Any]:
    """What `to_bytes` was given, days as text: see `with_days`."""
    found: dict[str, Any] = json.loads(content)
    return found


def with_days(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row with days as days again."""
    return {name: date.fromisoformat(value) if name in DAYS else value for name, value in given.items()}


def fingerprint(given: Mapping[str, Any]) -> bytes:
    """The same 32 bytes for the same values, telling nothing without the key."""
    return hmac.new(_key(settings.IDENTITY_CODE_KEY, "find"), to_bytes(given), sha256).digest()
