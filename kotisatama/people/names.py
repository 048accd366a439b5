"""Names in any script as pieces that are found by equality: a Latin skeleton, and a key of how it sounds.

Row security lets PostgreSQL use an index only for leakproof operators (equality, order); so the likeness of names is
worked out here, when a name is stored and when one is searched for, and never by the database.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST_TOKEN = 80
SHORTEST_KEY = 2

# Russian and Ukrainian as the names stand in passports, roughly; what differs between the two, the phonetic key levels.
CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o",
    "ү": "u", "ұ": "u", "һ": "h", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dzh",
}  # fmt: skip
# Arabic, Persian, Dari, Pashto, Sorani and Urdu letters. Short vowels are not written; ʿayn and hamza count as a vowel.
ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ء": "", "ؤ": "u", "ئ": "i", "ب": "b", "پ": "p", "ت": "t",
    "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s",
    "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ک": "k",
    "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ة": "a", "ۀ": "a", "ە": "a", "و": "w", "ۆ": "o",
    "ی": "y", "ي": "y", "ى": "a", "ې": "e", "ێ": "e", "ڵ": "l", "ڕ": "r", "ټ": "t", "ډ": "d", "ړ": "r", "ڼ": "n",
    "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "e", "ھ": "h", "ہ": "h",
}  # fmt: skip
# Latin letters whose base letter alone would mislead.
LATIN = {
    "š": "sh", "ş": "sh", "ș": "sh", "č": "ch", "ç": "ch", "ž": "zh", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
    "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ğ": "g",
}  # fmt: skip
LETTERS = CYRILLIC | ARABIC | LATIN
APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʹ`´ʻ"))
ARTICLE = "ال"
ARTICLES = frozenset({"al", "el", "ul"})

# Sounds written in several ways, longest first; capital letters stand for classes.
SOUNDS = [
    (r"shch|sch|tsch|tch|tsh|sh|ch", "X"),
    (r"dzh|dj|zh", "J"),
    (r"kh|gh|g|h", "H"),
    (r"ph|f", "F"),
    (r"th|dt|t", "T"),
    (r"dh|d", "D"),
    (r"ck|cq|q|k|c", "K"),
    (r"x", "KS"),
    (r"z|s", "S"),
    (r"v", "V"),
]


def _stripped(text: str) -> str:
    """Latin text without marks: é to e, ö to o."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text in their own script: one width, lower case, no apostrophes."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)
    folded = unicodedata.normalize("NFC", folded).replace("\u0640", "").replace("\u200c", " ")
    return [word for word in re.split(r"[\W_]+", _without_vowel_points(folded)) if word]


def _without_vowel_points(text: str) -> str:
    return re.sub(r"[\u064b-\u065f\u0670]", "", text)


def latin(word: str) -> str:
    """A word of `words` in plain Latin letters: `шевченко` to `shevchenko`, `فاطمة` to `fatma`."""
    return _stripped("".join(LETTERS.get(letter, letter) for letter in word))


@dataclass(frozen=True)
class Piece:
    """One word of a name: its Latin skeleton, and one or two keys of how it sounds."""

    skeleton: str
    keys: frozenset[str]


def pieces(text: str) -> list[Piece]:
    """The words of a name as they are stored and searched; the Arabic article is taken off, alone it is no word."""
    found = [word.removeprefix(ARTICLE) if len(word) > len(ARTICLE) + 2 else word for word in words(text)]
    made = (Piece(latin(word)[:LONGEST_TOKEN], phonetic_keys(word)) for word in found)
    return [piece for piece in made if piece.skeleton and piece.skeleton not in ARTICLES]


def phonetic_keys(word: str) -> frozenset[str]:
    """How a word sounds: consonant classes, an initial vowel as A; two keys where a letter has two readings.

    `w` is a vowel in Arabic and a `v` in Polish; an initial `ye` is often written `e`.
    """
    # Arabic letters stay apart: ز before ه is no "zh".
    spelled = _stripped("".join(f"{LETTERS[each]}'" if each in ARABIC else LETTERS.get(each, each) for each in word))
    readings = {spelled.replace("w", "v"), spelled[:1] + spelled[1:].replace("w", "")}
    if spelled[:2] in {"ye", "je"}:
        readings |= {reading[1:] for reading in readings}
    return frozenset(key[:LONGEST_TOKEN] for key in map(_key, readings) if len(key) >= SHORTEST_KEY)


def _key(word: str) -> str:
    word = re.sub(r"^(?:[yj]|i(?=[aeou]))", "Y", word)
    word = re.sub(r"(?<=.)[hy]'?$", "", word)
    word = re.sub(r"(?<=[aeiou])j(?![aeiou'])", "", word)
    for pattern, sound in SOUNDS:
        word = re.sub(pattern, sound, word)
    first, rest = word[:1], re.sub(r"[aeiouy']", "", word[1:])
    first = "A" if first in "aeiouy" else first
    return re.sub(r"(.)\1+", r"\1", (first + rest).upper().replace("Y", "J"))


def likeness(one: str, other: str) -> float:
    """How alike two texts are word by word, 0 to 1, in any order of the words and any script."""
    wanted, given = pieces(one), pieces(other)
    if not wanted or not given:
        return 0.0
    return sum(max(_word_likeness(word, each) for each in given) for word in wanted) / len(wanted)


def _word_likeness(one: Piece, other: Piece) -> float:
    if one.skeleton == other.skeleton:
        return 1.0
    if other.skeleton.startswith(one.skeleton):
        return 0.9
    same_sound = 0.85 if one.keys & other.keys else 0.0
    return max(same_sound, 0.9 * SequenceMatcher(None, one.skeleton, other.skeleton).ratio())


def sort_key(name: str) -> str:
    """Where a name stands in Finnish order: å, ä and ö after z, other letters by their Latin skeleton."""
    order = {"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c"}
    spelled = ("".join(order.get(letter) or latin(letter) for letter in word) for word in words(name))
    return " ".join(spelled)[:200]


def script(text: str) -> str:
    """The script of the first letter: `latin`, `cyrillic`, `arabic`; another script by its Unicode name, or empty."""
    for letter in text:
        if letter.isalpha():
            return unicodedata.name(letter, "").split(" ")[0].lower()
    return ""


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
