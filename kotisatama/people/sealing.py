"""Codes of authorities as the database holds them: sealed for one row, found by a keyed index.

The keys stand in the settings and nowhere in the database: the current one first, older ones only to read what has not
been sealed anew yet (`kotisatama keys-rotate`). A sealed value names its key.
"""

import hmac
import secrets
import uuid
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Format 1 named no key; it is read with each one until `keys-rotate` has been run.
WITHOUT_KEY, WITH_KEY = b"\x01", b"\x02"
NONCE_BYTES, KEY_ID_BYTES = 12, 4
NOT_THIS_ROWS = "the sealed identity code is not this row's"


def secrets_in_use() -> list[str]:
    """The secrets of the settings, the current one first."""
    return [settings.IDENTITY_CODE_KEY, *settings.IDENTITY_CODE_OLDER_KEYS]


@lru_cache(maxsize=32)
def _key(secret: str, purpose: str, length: int = 32) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=length, salt=b"kotisatama", info=f"identity code: {purpose}".encode())
    return derived.derive(secret.encode())


def _key_id(secret: str) -> bytes:
    return _key(secret, "name of the key", KEY_ID_BYTES)


def _associated(row: uuid.UUID, controller: str) -> bytes:
    """What a sealed code is bound to: moved to another row, column or controller it does not open."""
    return f"people_identifier|sealed|{row}|{controller}".encode()


def current_prefix() -> bytes:
    """How a value begins that is sealed with the current key."""
    return WITH_KEY + _key_id(settings.IDENTITY_CODE_KEY)


def seal(code: str, *, row: uuid.UUID, controller: str) -> bytes:
    """Encrypt a code for one row with the current key: format, name of the key, nonce, AES-256-GCM."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(_key(settings.IDENTITY_CODE_KEY, "seal"))
    return current_prefix() + nonce + cipher.encrypt(nonce, code.encode(), _associated(row, controller))


def unseal(sealed: bytes | memoryview, *, row: uuid.UUID, controller: str) -> str:
    """Decrypt the code of one row; ValueError when it is not this row's, was tampered with or no key is its own."""
    content = bytes(sealed)
    if content[:1] == WITHOUT_KEY:
        fitting, content = secrets_in_use(), content[1:]
    elif content[:1] == WITH_KEY:
        named, content = content[1 : 1 + KEY_ID_BYTES], content[1 + KEY_ID_BYTES :]
        fitting = [secret for secret in secrets_in_use() if _key_id(secret) == named]
    else:
        raise ValueError("unknown format of a sealed identity code")
    for secret in fitting:
        try:
            cipher = AESGCM(_key(secret, "seal"))
            return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], _associated(row, controller)).decode()
        except InvalidTag:
            continue
    raise ValueError(NOT_THIS_ROWS)


def blind_index(code: str) -> bytes:
    """The same 32 bytes for the same code, telling nothing without the key; with the current key."""
    return _indexed(code, settings.IDENTITY_CODE_KEY)


def blind_indexes(code: str) -> list[bytes]:
    """The index of a code by each key: what a search looks for while rows are being sealed anew."""
    return [_indexed(code, secret) for secret in secrets_in_use()]


def _indexed(code: str, secret: str) -> bytes:
    return hmac.new(_key(secret, "find"), code.encode(), sha256).digest()
