"""Keys of rows and references that people read aloud."""

import secrets
import time
import uuid

# No 0/O, 1/I/L: a reference is read aloud and typed on a phone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_id() -> uuid.UUID:
    """Return a UUID of version 7 (RFC 9562): grows with time, tells no count of rows."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def new_reference() -> str:
    """Return a reference such as `K7QF-29XM`: 31^8 possibilities, unique by the table's constraint."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
