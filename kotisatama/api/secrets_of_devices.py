"""The secret in a device's address: made of letters and digits that are read and typed without mistakes."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

# No 0 O, 1 I L, 2 Z, 5 S, 8 B, and of U and V only V.
# 24 signs of 24 are 110 bits: nobody finds one by guessing, so a plain hash is kept.
ALPHABET = "34679ACDEFGHJKMNPQRTVWXY"
LENGTH, GROUP = 24, 4


def new_secret(worker: int, key: UUID) -> str:
    """A secret such as `3KXQ-9TRA-…`: the same for the same worker and page, so that sending twice makes one."""
    seed = hmac.digest(settings.SECRET_KEY.encode(), f"device key:{worker}:{key}".encode(), "sha256")
    number, letters = int.from_bytes(seed, "big"), ""
    for _place in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return "-".join(letters[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def hashed(typed: str) -> str:
    """What is kept of the secret, in whichever case it was typed; empty when it cannot be one."""
    signs = typed[:100].upper().replace("-", "")
    fits = len(signs) == LENGTH and set(signs) <= set(ALPHABET)
    return hashlib.sha256(signs.encode()).hexdigest() if fits else ""
