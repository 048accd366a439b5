"""Finnish personal identity codes: checked, read, masked; `sealing` keeps them.

Form `ddmmyyCZZZQ` (Decree 128/2010, 2 §; new signs from 1.1.2023). Individual numbers 900–999 are artificial and
never given to anyone.
"""

import re
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people.sealing import blind_index, blind_indexes, seal, unseal

__all__ = [
    "birthday",
    "blind_index",
    "blind_indexes",
    "check",
    "looks_like_one",
    "masked",
    "normalised",
    "seal",
    "unseal",
]

CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
FIRST_ARTIFICIAL = 900
PATTERN = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([-+A-FU-Y])([0-9]{3})([0-9A-Y])")


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
