"""Taking names, numbers and addresses out of a text, in any script."""

import functools
import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

HIDDEN = "…"
# Names shorter than this begin half of all words: they are taken out only where they stand alone.
SHORTEST_BEGINNING = 3
# From here on (Thai, Lao, Chinese, Japanese, Korean) words are not parted by spaces.
FIRST_WITHOUT_SPACES = "\u0e00"
# Soft hyphen, joiners and the stroke that makes Arabic words longer: within a word, and none of its letters.
JOINERS = frozenset("\u00ad\u034f\u0640\u200b\u200c\u200d\u2060\ufeff")
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Telephone numbers, identity codes, account numbers, permit numbers, postal codes: any five digits close together.
NUMBER = re.compile(r"\+?\d(?:[\s().\-/]{0,2}\d){4,}(?:[-+A-Fa-f]\d{3}\w\b)?")
IDENTITY_CODE = re.compile(r"\b\d{6}[-+A-FU-Ya-fu-y]\d{3}\w\b")


def without_identity(text: str, names: Iterable[str]) -> str:
    """The text without the names, in whatever ending or after whatever article, and without numbers and addresses."""
    for pattern in (LINK, ADDRESS, IDENTITY_CODE, NUMBER):
        text = pattern.sub(HIDDEN, text)
    hidden = {word for name in names for word in _words(name)}
    text = _without_parts(text, {word for word in hidden if word >= FIRST_WITHOUT_SPACES})
    return _without_words(text, {word for word in hidden if word < FIRST_WITHOUT_SPACES})


@functools.lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """The sign as it is compared: in small letters, without accents, vowel signs and joiners; empty for these."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    return "".join(each for each in small if unicodedata.category(each) != "Mn" and each not in JOINERS)


def plain(text: str) -> str:
    """The text as it is compared."""
    return "".join(map(_plain, text))


@functools.lru_cache(maxsize=4096)
def _is_of_a_word(sign: str) -> bool:
    """A letter, a digit, or what stands over, under or between letters."""
    return sign.isalnum() or sign in JOINERS or unicodedata.category(sign).startswith("M")


def _words(name: str) -> list[str]:
    """The words of a name as they are compared; numbers are none."""
    found = [plain("".join(signs)) for is_word, signs in groupby(name, _is_of_a_word) if is_word]
    return [word for word in found if word and not word.isdecimal()]


def _without_words(text: str, hidden: set[str]) -> str:
    """The whole word goes, with its article and ending."""
    runs = [(is_word, "".join(signs)) for is_word, signs in groupby(text, _is_of_a_word)]
    return "".join(HIDDEN if is_word and _names_somebody(plain(run), hidden) else run for is_word, run in runs)


def _names_somebody(word: str, hidden: set[str]) -> bool:
    """Fatiman, لفاطمة: a name begins the word, or after one or two letters of an article stands in it."""
    return word in hidden or any(len(name) >= SHORTEST_BEGINNING and 0 <= word.find(name) <= 2 for name in hidden)


def _without_parts(text: str, hidden: set[str]) -> str:
    """Where words are not parted, the name itself goes, wherever it stands."""
    owners = [number for number, sign in enumerate(text) for _ in _plain(sign)]
    compared, gone = plain(text), set[int]()
    for name in hidden:
        start = compared.find(name)
        while start >= 0:
            gone.update(owners[start : start + len(name)])
            start = compared.find(name, start + 1)
    for number, sign in enumerate(text):
        if number - 1 in gone and not _plain(sign):
            gone.add(number)
    runs = groupby(enumerate(text), lambda each: each[0] in gone)
    return "".join(HIDDEN if is_gone else "".join(sign for _number, sign in signs) for is_gone, signs in runs)
