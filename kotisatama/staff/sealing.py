"""Sealing the secrets of authenticator apps: AES-256-GCM; the key stays outside the database."""

import base64
import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_PURPOSE = b"kotisatama.staff.second-factor"
_NONCE_BYTES = 12


def seal(text: str) -> str:
    """Return the sealed text: nonce, text and tag in URL-safe base64."""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + AESGCM(_key()).encrypt(nonce, text.encode(), _PURPOSE)).decode()


def unseal(sealed: str) -> str:
    """Return the text; raises cryptography.exceptions.InvalidTag when it was changed or sealed with another key."""
    raw = base64.urlsafe_b64decode(sealed)
    return AESGCM(_key()).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _PURPOSE).decode()


def _key() -> bytes:
    return hashlib.sha256(_PURPOSE + (settings.STAFF_SECOND_FACTOR_KEY or settings.SECRET_KEY).encode()).digest()
