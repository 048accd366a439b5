"""Finnish personal identity codes: checked, sealed for the database, found by a keyed index.

Form `ddmmyyCZZZQ` (Decree 128/2010, 2 §; new signs from 1.1.2023). Individual numbers 900–999 are artificial and
never given to anyone.
"""

import hmac
import re
import secrets
import uuid
from datetime import date
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed

CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
FIRST_ARTIFICIAL = 900
PATTERN = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([-+A-FU-Y])([0-9]{3})([0-9A-Y])")
FORMAT_VERSION = b"\x01"
NONCE_BYTES = 12


def normalised(text: str) -> str:
    """The code as it is stored: capital letters, no spaces, a plain hyphen."""
    return re.sub(r"\s", "", text).upper().replace("–", "-").replace("−", "-")


def looks_like_one(text: str) -> bool:
    """Whether a text has the form of a code, right or wrong."""
    return bool(PATTERN.fullmatch(normalised(text)))


def check(text: str) -> str:
    """Return the code as it is stored; NotAllowed with a sentence when there is no such code, or none for the demo."""
    code = normalised(text)
    match = PATTERN.fullmatch(code)
    if not match or birthday(code) is None:
        raise NotAllowed(_("This is not a personal identity code. It looks like 010594Y9032."))
    day, month, year, _sign, individual, last = match.groups()
    if CHECK_CHARACTERS[int(day + month + year + individual) % len(CHECK_CHARACTERS)] != last:
        raise NotAllowed(_("The last character of the identity code does not fit. Check what was typed."))
    if int(individual) < 2:
        raise NotAllowed(_("This is not a personal identity code. It looks like 010594Y9032."))
    if settings.DEMO and int(individual) < FIRST_ARTIFICIAL:
        raise NotAllowed(_("This is a demonstration: only artificial identity codes (900–999) may be used."))
    return code


def birthday(code: str) -> date | None:
    """The date of birth that a code tells, None when there is no such day."""
    match = PATTERN.fullmatch(code)
    if not match:
        return None
    day, month, year, sign = match.groups()[:4]
    try:
        return date(CENTURIES[sign] + int(year), int(month), int(day))
    except ValueError:
        return None


def masked(code: str) -> str:
    """The code with what identifies left out: `010594•••••`."""
    return code[:6] + "•" * (len(code) - 6)


@lru_cache(maxsize=4)
def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"kotisatama", info=f"identity code: {purpose}".encode())
    return derived.derive(secret.encode())


def _associated(row: uuid.UUID, controller: str) -> bytes:
    """What a sealed code is bound to: moved to another row, column or controller it does not open."""
    return f"people_identifier|sealed|{row}|{controller}".encode()


def seal(code: str, *, row: uuid.UUID, controller: str) -> bytes:
    """Encrypt a code for one row: version, nonce, AES-256-GCM."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(_key(settings.IDENTITY_CODE_KEY, "seal"))
    return FORMAT_VERSION + nonce + cipher.encrypt(nonce, code.encode(), _associated(row, controller))


def unseal(sealed: bytes | memoryview, *, row: uuid.UUID, controller: str) -> str:
    """Decrypt the code of one row; ValueError when it is not this row's or was tampered with."""
    content = bytes(sealed)
    if content[:1] != FORMAT_VERSION:
        raise ValueError("unknown format of a sealed identity code")
    nonce, text = content[1 : 1 + NONCE_BYTES], content[1 + NONCE_BYTES :]
    cipher = AESGCM(_key(settings.IDENTITY_CODE_KEY, "seal"))
    try:
        return cipher.decrypt(nonce, text, _associated(row, controller)).decode()
    except InvalidTag as reason:
        raise ValueError("the sealed identity code is not this row's") from reason


def blind_index(code: str) -> bytes:
    """The same 32 bytes for the same code, telling nothing without the key."""
    return hmac.new(_key(settings.IDENTITY_CODE_KEY, "find"), code.encode(), sha256).digest()
