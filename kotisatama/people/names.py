"""Names in any script as pieces that are found by equality: a Latin skeleton, and keys of how it sounds.

Row security lets PostgreSQL use an index only for leakproof operators (equality, order); so the likeness of names is
worked out here, when a name is stored and when one is searched for, and never by the database.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from kotisatama.people import scripts, sounds
from kotisatama.people.scripts import script

LONGEST_TOKEN = 80
MOST_WORDS = 8
SHORTEST_BEGINNING = 3
APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʹ`´ʻ"))
ARTICLE = "ال"
ARTICLES = frozenset({"al", "el", "ul"})
# "Servant of" is half a name, which goes on in the next word; "of God" is the end of the one before.
SERVANTS = frozenset({"abd", "abdul", "abdel", "abdal", "abdol", "abdur", "abdi"})
OF_GOD = frozenset({"allh", "allah", "ullah", "ollah"})
# Letters that Persian reads otherwise than Arabic.
PERSIAN = str.maketrans({"ض": "ز", "ذ": "ز", "ث": "س", "ق": "غ", "و": "ڤ"})

# Words of a name written as one or as two are the same; only short beginnings are written on (Gebre, Aung).
LONGEST_WRITTEN_ON = 6
BEGUN, ALMOST, NOT_PLAIN, OTHER_GENDER, WORD_TOO_MANY = 0.65, 0.97, 0.03, 0.75, 0.93


def words(text: str) -> list[str]:
    """The words of a text in their own script: one width, lower case, no apostrophes."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)
    folded = unicodedata.normalize("NFC", folded).replace("\u0640", "").replace("\u200d", "")
    folded = re.sub(r"[\u064b-\u065f\u0670]", "", folded)  # vowel points
    return "".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in folded).split()


def latin(word: str) -> str:
    """A word of `words` in plain Latin letters: `шевченко` to `shevchenko`, `فاطمة` to `fatma`."""
    return scripts.spelled(word).replace("'", "")


@dataclass(frozen=True)
class Piece:
    """One word of a name: its Latin skeleton, how it may be spelled and read, and in which script it stood."""

    skeleton: str
    spellings: tuple[str, ...]
    readings: tuple[str, ...]
    script: str

    @property
    def keys(self) -> tuple[str, ...]:
        """What it shares with other spellings of the word, the plainest first; none when the word is too short."""
        return tuple(dict.fromkeys(key[:LONGEST_TOKEN] for key in map(sounds.key, self.readings) if key))


@lru_cache(maxsize=20_000)
def pieces(text: str) -> tuple[Piece, ...]:
    """The words of a name as they are stored and searched; the Arabic article is taken off, alone it is no word."""
    made: list[Piece] = []
    for word in words(text):
        piece = _piece(word.removeprefix(ARTICLE) if len(word) > len(ARTICLE) + 2 else word)
        if not piece.skeleton or piece.skeleton in ARTICLES:
            continue
        if made and (made[-1].skeleton in SERVANTS or piece.skeleton in OF_GOD):
            piece = _joined(made.pop(), piece)
        made.append(piece)
    return tuple(made)


def _piece(word: str) -> Piece:
    spelled = [scripts.spelled(word), scripts.spelled(word.translate(PERSIAN)), scripts.without_marks(word)]
    return _of_spellings(dict.fromkeys(spelled), script(word))


def _of_spellings(spelled: Iterable[str], written_in: str) -> Piece:
    spellings = tuple(spelled)
    skeleton = spellings[0].replace("'", "")[:LONGEST_TOKEN]
    return Piece(skeleton, spellings, sounds.readings(spellings), written_in)


def written_on(given: Sequence[Piece]) -> list[Piece]:
    """Neighbouring words as one, where the first is short: Gebre Meskel is also Gebremeskel."""
    return [_joined(one, other) for one, other in pairwise(given) if len(one.skeleton) <= LONGEST_WRITTEN_ON]


@lru_cache(maxsize=10_000)
def _joined(one: Piece, other: Piece) -> Piece:
    spelled = dict.fromkeys(first + second for first in one.spellings for second in other.spellings)
    return _of_spellings(spelled, one.script)


@lru_cache(maxsize=20_000)
def likeness(wanted: str, given: str) -> float:
    """How alike a searched and a stored name are, 0 to 1, in any order of the words and any script.

    The worst word weighs most: who shares only the surname is somebody else. Words that were not asked for cost
    little; a word too many in the search, a patronymic say, costs little too.
    """
    ours, theirs = pieces(wanted)[:MOST_WORDS], pieces(given)[:MOST_WORDS]
    if not ours or not theirs:
        return 0.0
    best = _aligned(ours, theirs)
    if best >= ALMOST:
        return best
    for one in _other_divisions(ours):
        best = max(best, _aligned(one, theirs))
    for other in _other_divisions(theirs):
        best = max(best, _aligned(ours, other))
    return best


def _other_divisions(given: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    return [
        (*given[:place], _joined(given[place], given[place + 1]), *given[place + 2 :])
        for place in range(len(given) - 1)
        if len(given[place].skeleton) <= LONGEST_WRITTEN_ON
    ]


def _aligned(ours: Sequence[Piece], theirs: Sequence[Piece]) -> float:
    """Each word against the one most like it, no word twice."""
    cells = product(enumerate(ours), enumerate(theirs))
    scores = sorted(
        ((word_likeness(one, other), row, column) for (row, one), (column, other) in cells),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    rows: dict[int, float] = {}
    columns: set[int] = set()
    for score, row, column in scores:
        if row not in rows and column not in columns:
            rows[row] = score
            columns.add(column)
    found = list(rows.values())
    extra = len(ours) - len(found)
    unasked = 0.99 ** max(0, len(theirs) - len(ours))
    mean = sum(found) / len(found)
    return float(mean * (0.5 + 0.5 * min(found)) * WORD_TOO_MANY**extra * unasked)


@lru_cache(maxsize=20_000)
def word_likeness(one: Piece, other: Piece) -> float:
    """How alike two words are; `one` may be the beginning of `other`, typed so far."""
    if one.skeleton == other.skeleton:
        return 1.0
    lost = _lost_vowel(one, other), _lost_vowel(other, one)
    ends_are_spoken = not {one.script, other.script} & scripts.WRITE_SILENT_VOWELS
    alike = [
        (sounds.likeness(ours, theirs, *lost) - (NOT_PLAIN if row or column else 0))
        * (OTHER_GENDER if ends_are_spoken and _differ_in_gender(ours, theirs) else 1)
        for row, ours in enumerate(one.readings)
        for column, theirs in enumerate(other.readings)
    ]
    is_beginning = len(one.skeleton) >= SHORTEST_BEGINNING and other.skeleton.startswith(one.skeleton)
    return max(0.0, ALMOST * max(alike, default=0.0), BEGUN if is_beginning else 0.0)


def _lost_vowel(one: Piece, other: Piece) -> float:
    """What a vowel of the one word costs that the other has not."""
    if one.script in scripts.WRITE_SILENT_VOWELS:
        return sounds.UNWRITTEN
    if one.script in scripts.LEAVE_VOWELS_OUT:  # what it does write is long
        return sounds.LOST_LONG_VOWEL
    return sounds.UNWRITTEN if other.script in scripts.LEAVE_VOWELS_OUT else sounds.LOST_VOWEL


def _differ_in_gender(one: str, other: str) -> bool:
    """Oleksandr and Oleksandra, Valerii and Valeriia, Karim and Karima: one reading ends in `a`, the other does not."""
    ends = {one[-1], other[-1]}
    return "a" in ends and not ends <= set("aeou")


def sort_key(name: str) -> str:
    """Where a name stands in Finnish order: å, ä and ö after z, other letters by their Latin skeleton."""
    order = {"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c"}
    spelled = ("".join(order.get(letter) or latin(letter) for letter in word) for word in words(name))
    return " ".join(spelled)[:200]


# Languages met in the service that write names in the script.
_LANGUAGES_OF = {
    "cyrillic": ("uk", "ru"),
    "arabic": ("ar", "fa", "prs", "ps", "ckb", "ur"),
    "bengali": ("bn",),
    "sinhala": ("si",),
    "thai": ("th",),
    "ethiopic": ("ti",),
    "myanmar": ("my",),
}


def language_of(text: str, spoken: Iterable[str]) -> str:
    """The language of a spelling: one that the person speaks and that is written so; empty when unclear."""
    candidates = _LANGUAGES_OF.get(script(text), ())
    fitting = [language for language in spoken if language in candidates]
    return fitting[0] if fitting else candidates[0] if len(candidates) == 1 else ""
