"""Sealing what a non-disclosure hides: AES-256-GCM under a key of its own, bound to row and controller.

A seal begins with the mark of its key, so that a former key still opens it until `keys-rotate` has sealed it anew.
"""

import json
import secrets
import uuid
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FORMAT_VERSION = b"\x01"
MARK_BYTES = 4
NONCE_BYTES = 12
HEAD_BYTES = len(FORMAT_VERSION) + MARK_BYTES


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"kotisatama", info=b"non-disclosure: seal").derive(secret.encode())


def _mark(key: bytes) -> bytes:
    return sha256(b"mark of " + key).digest()[:MARK_BYTES]


def _keys() -> list[bytes]:
    """The key that seals, then the former ones that may still open."""
    return [_key(secret) for secret in (settings.PROTECTION_KEY, *settings.PROTECTION_FORMER_KEYS)]


def _associated(table: str, row: uuid.UUID, controller: str) -> bytes:
    """What a seal is bound to: moved to another table, row or controller it does not open."""
    return f"{table}|sealed|{row}|{controller}".encode()


def seal(content: Mapping[str, Any], *, table: str, row: uuid.UUID, controller: str) -> bytes:
    """Seal values that JSON can keep for one row of a table."""
    key, nonce = _keys()[0], secrets.token_bytes(NONCE_BYTES)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return FORMAT_VERSION + _mark(key) + nonce + AESGCM(key).encrypt(nonce, text, _associated(table, row, controller))


def unseal(sealed: bytes | memoryview, *, table: str, row: uuid.UUID, controller: str) -> dict[str, Any]:
    """Open the seal of one row; ValueError when it is not this row's, was tampered with or no key of ours fits."""
    content = bytes(sealed)
    key = next((each for each in _keys() if content[:HEAD_BYTES] == FORMAT_VERSION + _mark(each)), None)
    if key is None:
        raise ValueError("no key of a non-disclosure opens this seal")
    nonce, text = content[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], content[HEAD_BYTES + NONCE_BYTES :]
    try:
        opened: dict[str, Any] = json.loads(AESGCM(key).decrypt(nonce, text, _associated(table, row, controller)))
    except InvalidTag as reason:
        raise ValueError("the seal of a non-disclosure is not this row's") from reason
    return opened


def is_current(sealed: bytes | memoryview) -> bool:
    """Whether the key in use made this seal; one of a former key waits for `reseal`."""
    return bytes(sealed)[:HEAD_BYTES] == FORMAT_VERSION + _mark(_keys()[0])
