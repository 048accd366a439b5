"""How a name sounds: readings of a word in which one name, spelled by several passport offices, becomes the same.

A reading is a line of sounds: capital letters are classes of consonants, small letters vowels. Where letters have two
values (`c` is silent in Somali, `j` in Turkish; `w` is a vowel in Arabic and `v` in Polish) a word has several.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

MOST_READINGS = 6
SHORTEST_KEY = 2
VOWELS = "aeiouyE"

# Consonants written in several ways, longest first; capital letters stand for classes.
CONSONANTS = [
    (r"schtsch|shch|tsch|tch|tsh|sch|sh|ch|cz|sz", "X"),
    (r"dzh|dj|zh", "J"),
    (r"kh|gh|g|h", "H"),
    (r"ph|f", "F"),
    (r"ts|tz|tc", "S"),
    (r"bh|b", "B"),
    (r"th|dt|t", "T"),
    (r"dh|d", "D"),
    (r"c(?=[eiy])", "S"),
    (r"ck|cq|q|k|c", "K"),
    (r"x", "KS"),
    (r"z|s", "S"),
    (r"v|w", "V"),
]
GLIDES_AND_VOWELS = [
    (r"^(?:[yj]|i(?=[aeou]))", "J"),
    (r"(?<=[aeiou])j(?![aeiou])", "i"),
    (r"(?<=[^aeiouy])(?:i[iy]?|y)(?=[aeou])", "y"),
    (r"j", "J"),
    (r"ou|oo|uu|ue", "u"),
    (r"oe", "o"),
    (r"aa+", "a"),
    (r"[ae][iy]+(?![aeou])", "E"),
    (r"a[uo]", "o"),
    (r"ee|ie|[iy]{2,}|y(?![aeou])", "i"),
    (r"([aeiouyE])\1+", r"\1"),
]

Change = Callable[[str], str]
# Second values of letters. Each makes a further reading where it changes something.
SECOND_VALUES: tuple[Change, ...] = (
    lambda word: word[:1].replace("w", "v") + re.sub(r"w", "u", word[1:]),
    lambda word: re.sub(r"^[yji]e", "e", word),
    lambda word: re.sub(r"x", "h", re.sub(r"^c(?=[aeiou])|c$", "", word)),  # Somali
    lambda word: re.sub(r"c(?=[aeiou])", "j", word),  # Turkish
    lambda word: word[:1] + re.sub(r"c(?![heiykq])", "ts", word[1:]),  # Slavic, in Latin letters of its own
    lambda word: word.replace("bh", "v"),  # Bengali
    lambda word: word[:1] + re.sub(r"j(?!')", "y", word[1:]),  # Slavic, Estonian
    lambda word: word.replace("dh", "z").replace("th", "s").replace("q", "gh"),  # Persian and Turkish
    lambda word: re.sub(r"^h'?(?=[aeiou])", "", word),
    lambda word: re.sub(r"^[ae]l(?=[^aeiou'].{2})", "", word) if len(word) > 5 else word,  # the article written on
)


def readings(spellings: Iterable[str]) -> tuple[str, ...]:
    """The readings of a word given in Latin letters (apostrophes keep letters apart), the plainest first."""
    found = dict.fromkeys(spellings)
    for change in SECOND_VALUES:
        found |= dict.fromkeys(change(each) for each in list(found))
    made = dict.fromkeys(sound for each in found if (sound := _sound(each)))
    return tuple(made)[:MOST_READINGS]


def _sound(word: str) -> str:
    word = re.sub(r"^abd'?[aeiou]'?(?:l'?(?=.{3})|(?=[rsnzdt]))", "abd", word)  # Abdul Rahman, Abdurrahman, Abdirahman
    word = re.sub(r"(?<=[aeiouyw'])h'?$", "", word)
    for pattern, sound in CONSONANTS:
        word = re.sub(pattern, sound, word)
    word = word.replace("'", "")
    for pattern, vowel in GLIDES_AND_VOWELS:
        word = re.sub(pattern, vowel, word)
    letters = "".join(each if each in VOWELS else each.upper() for each in word)
    return re.sub(r"([A-Z])\1+", r"\1", letters)


HARD_AT_THE_END = {"D": "T", "B": "P", "V": "F"}  # Ahmed and Ahmet, Ivanov and Ivanoff


def key(reading: str) -> str:
    """What two spellings of a name share: the consonants, an initial vowel as A; empty when that says too little."""
    first = "A" if reading[:1] in VOWELS else reading[:1]
    made = first + re.sub(r"[aeiouyE]", "", reading[1:])
    made = re.sub(r"(.)\1+", r"\1", made)
    made = made[:-1] + HARD_AT_THE_END.get(made[-1:], made[-1:])
    return made if len(made) >= SHORTEST_KEY else ""


SOMEWHAT_NEAR = frozenset(map(frozenset, ("eu", "eo", "Ei", "oy", "uy")))
NEAR_VOWELS = frozenset(map(frozenset, ("ae", "ao", "ei", "ou", "iE", "eE", "iy", "Ey")))
RELATED = frozenset(map(frozenset, ("TD", "BP", "BV", "FP", "FV", "KH", "SX", "XJ", "SJ", "NM", "HJ")))
FAINT = frozenset("HJ")
NEAR, MIDDLE, FAR = 0.15, 0.3, 0.6
UNWRITTEN, LOST_VOWEL, LOST_LONG_VOWEL = 0.08, 0.3, 0.5
LOST_FAINT, RELATED_COST = 0.3, 0.5


@lru_cache(maxsize=20_000)
def likeness(one: str, other: str, lost_of_one: float = LOST_VOWEL, lost_of_other: float = LOST_VOWEL) -> float:
    """How alike two readings are, 0 to 1: consonants weigh most, vowels that are often taken for each other least.

    `lost_of_one`: what a vowel of the one costs that the other has not.
    """
    above = [0.0]
    for letter in other:
        above.append(above[-1] + _missing(letter, lost_of_other))
    for row, letter in enumerate(one, start=1):
        current = [above[0] + _missing(letter, lost_of_one)]
        for column, against in enumerate(other, start=1):
            at_the_end = row == len(one) and column == len(other)
            current.append(
                min(
                    above[column - 1] + _exchanged(letter, against, at_the_end=at_the_end),
                    above[column] + _missing(letter, lost_of_one),
                    current[-1] + _missing(against, lost_of_other),
                )
            )
        above = current
    weight = max(sum(each not in VOWELS for each in line) for line in (one, other))
    return max(0.0, 1 - above[-1] / max(weight, 2))


def _missing(letter: str, lost_vowel: float) -> float:
    if letter in VOWELS:
        return min(NEAR, lost_vowel) if letter == "y" else lost_vowel
    return LOST_FAINT if letter in FAINT else 1.0


def _exchanged(one: str, other: str, *, at_the_end: bool) -> float:
    if one == other:
        return 0.0
    pair = frozenset((one, other))
    if one in VOWELS and other in VOWELS:
        return NEAR if pair in NEAR_VOWELS else MIDDLE if pair in SOMEWHAT_NEAR else FAR
    if pair in RELATED:
        return NEAR if at_the_end else RELATED_COST
    return 1.0
