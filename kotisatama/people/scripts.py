"""Other scripts in Latin letters, as far as a passport writer would go: enough to find a name, not to print it.

Small alphabets have tables of their own. The scripts of India and the Ethiopic syllables are laid out alike and named
by their sound in Unicode, so their names are the table. Chinese characters stay as they are: a reading of them would
need a dictionary, and a Chinese passport carries the Latin name.
"""

import re
import unicodedata
from functools import lru_cache

# Russian and Ukrainian as the names stand in passports, roughly; what differs between the two, the sounds level.
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
HEBREW = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "w", "ז": "z", "ח": "kh", "ט": "t", "י": "y", "כ": "k",
    "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p", "ף": "f", "צ": "ts",
    "ץ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
# Latin letters whose base letter alone would mislead.
LATIN = {
    "š": "sh", "ş": "sh", "ș": "sh", "č": "ch", "ç": "ch", "ž": "zh", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
    "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ğ": "g",
}  # fmt: skip


def _alphabet(letters: str, sounds: str) -> dict[str, str]:
    return dict(zip(letters, sounds.split(), strict=True))


GREEK = _alphabet(
    "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋ",
    "a v g d e z i th i k l m n x o p r s t y f kh ps o s a e i i o y o i y",
)
GEORGIAN = _alphabet(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h",
)
ARMENIAN = _alphabet(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev",
)
SINHALA = {
    "අ": "a", "ආ": "a", "ඇ": "a", "ඈ": "a", "ඉ": "i", "ඊ": "i", "උ": "u", "ඌ": "u", "එ": "e", "ඒ": "e", "ඓ": "ai",
    "ඔ": "o", "ඕ": "o", "ඖ": "au", "ා": "a", "ැ": "a", "ෑ": "a", "ි": "i", "ී": "i", "ු": "u", "ූ": "u", "ෘ": "ru",
    "ෙ": "e", "ේ": "e", "ෛ": "ai", "ො": "o", "ෝ": "o", "ෞ": "au", "්": "", "ං": "n", "ඃ": "h", "ක": "k", "ඛ": "kh",
    "ග": "g", "ඝ": "gh", "ඞ": "n", "ඟ": "ng", "ච": "ch", "ඡ": "ch", "ජ": "j", "ඣ": "j", "ඤ": "n", "ඥ": "gn",
    "ඦ": "nj", "ට": "t", "ඨ": "t", "ඩ": "d", "ඪ": "d", "ණ": "n", "ඬ": "nd", "ත": "th", "ථ": "th", "ද": "d", "ධ": "dh",
    "න": "n", "ඳ": "nd", "ප": "p", "ඵ": "ph", "බ": "b", "භ": "bh", "ම": "m", "ඹ": "mb", "ය": "y", "ර": "r", "ල": "l",
    "ව": "w", "ශ": "sh", "ෂ": "sh", "ස": "s", "හ": "h", "ළ": "l", "ෆ": "f",
}  # fmt: skip
THAI = {
    "ก": "k", "ข": "kh", "ฃ": "kh", "ค": "kh", "ฅ": "kh", "ฆ": "kh", "ง": "ng", "จ": "j", "ฉ": "ch", "ช": "ch",
    "ซ": "s", "ฌ": "ch", "ญ": "y", "ฎ": "d", "ฏ": "t", "ฐ": "th", "ฑ": "th", "ฒ": "th", "ณ": "n", "ด": "d", "ต": "t",
    "ถ": "th", "ท": "th", "ธ": "th", "น": "n", "บ": "b", "ป": "p", "ผ": "ph", "ฝ": "f", "พ": "ph", "ฟ": "f",
    "ภ": "ph", "ม": "m", "ย": "y", "ร": "r", "ฤ": "ru", "ล": "l", "ว": "w", "ศ": "s", "ษ": "s", "ส": "s", "ห": "h",
    "ฬ": "l", "อ": "o", "ฮ": "h", "ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue",
    "ุ": "u", "ู": "u", "เ": "e", "แ": "ae", "โ": "o", "ใ": "ai", "ไ": "ai",
}  # fmt: skip
# At the end of a syllable Thai knows few sounds, and passports write those.
THAI_ENDS = {"kh": "k", "j": "t", "ch": "t", "s": "t", "d": "t", "th": "t", "b": "p", "ph": "p", "r": "n", "l": "n"}
BURMESE = {
    "က": "k", "ခ": "kh", "ဂ": "g", "ဃ": "g", "င": "ng", "စ": "s", "ဆ": "s", "ဇ": "z", "ဈ": "z", "ဉ": "ny", "ည": "ny",
    "ဋ": "t", "ဌ": "t", "ဍ": "d", "ဎ": "d", "ဏ": "n", "တ": "t", "ထ": "ht", "ဒ": "d", "ဓ": "d", "န": "n", "ပ": "p",
    "ဖ": "ph", "ဗ": "b", "ဘ": "b", "မ": "m", "ယ": "y", "ရ": "y", "လ": "l", "ဝ": "w", "သ": "th", "ဟ": "h", "ဠ": "l",
    "အ": "", "ဣ": "i", "ဤ": "i", "ဥ": "u", "ဦ": "u", "ဧ": "e", "ဩ": "aw", "ဪ": "aw", "ျ": "y", "ြ": "y", "ွ": "w",
    "ှ": "", "ာ": "a", "ါ": "a", "ိ": "i", "ီ": "i", "ု": "u", "ူ": "u", "ေ": "e", "ဲ": "e", "ံ": "an",
}  # fmt: skip
BURMESE_RIMES = (
    ("ောင်", "aung"), ("ိုင်", "aing"), ("ိုက်", "aik"), ("ောက်", "auk"), ("ွန်", "un"), ("ုန်", "on"), ("ိန်", "ein"),
    ("ုတ်", "ok"), ("ိတ်", "eik"), ("င်", "in"), ("န်", "an"), ("မ်", "an"), ("က်", "et"), ("တ်", "at"), ("ပ်", "at"),
    ("စ်", "it"), ("ည်", "i"), ("ဉ်", "in"), ("ယ်", "e"), ("ော်", "aw"), ("ော", "aw"), ("ို", "o"),
)  # fmt: skip

LETTERS = CYRILLIC | ARABIC | HEBREW | LATIN | GREEK | GEORGIAN | ARMENIAN
INDIC = frozenset({"bengali", "devanagari", "gurmukhi", "gujarati", "oriya", "tamil", "telugu", "kannada", "malayalam"})
LEAVE_VOWELS_OUT = frozenset({"arabic", "hebrew", "thai"})
WRITE_SILENT_VOWELS = INDIC | {"sinhala", "myanmar"}
ETHIOPIC_VOWELS = (("AA", "a"), ("EE", "e"), ("A", "e"), ("E", ""), ("I", "i"), ("U", "u"), ("O", "o"))


def script(text: str) -> str:
    """The script of the first letter: `latin`, `cyrillic`, `arabic`; another script by its Unicode name, or empty."""
    for letter in text:
        if letter.isalpha():
            return unicodedata.name(letter, "").split(" ")[0].lower()
    return ""


@lru_cache(maxsize=20_000)
def spelled(word: str) -> str:
    """A lower-case word in Latin letters; an apostrophe after each letter of Arabic, so that z and h stay two."""
    written_in = script(word)
    if written_in in {"latin", "cyrillic"}:
        return _plain("".join(LETTERS.get(letter, letter) for letter in word))
    if written_in == "arabic":
        return _plain("".join(f"{ARABIC[each]}'" if each in ARABIC else LETTERS.get(each, each) for each in word))
    if written_in == "ethiopic":
        return "".join(map(_ethiopic, word))
    if written_in in INDIC:
        return _indic(word)
    further = {"sinhala": _sinhala, "thai": _thai, "myanmar": _burmese}.get(written_in)
    return further(word) if further else _plain("".join(LETTERS.get(letter, letter) for letter in word))


def _plain(text: str) -> str:
    """Latin text without marks: é to e, ö to o."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def without_marks(word: str) -> str:
    """A Latin word as a keyboard without the letter writes it: ş to s, ö to o; another script as `spelled`."""
    return _plain(word) if script(word) == "latin" else spelled(word)


def _ethiopic(letter: str) -> str:
    """One syllable by its name: ETHIOPIC SYLLABLE GAA is `ga`, the sixth row (GE) has no vowel."""
    sound = unicodedata.name(letter, "").removeprefix("ETHIOPIC SYLLABLE ")
    sound = re.sub(r"^(?:GLOTTAL|PHARYNGEAL) ", "", sound)
    for name, vowel in ETHIOPIC_VOWELS:
        if sound.endswith(name):
            consonant = sound.removesuffix(name)
            consonant = {"HH": "H", "X": "H", "SZ": "S", "C": "CH", "CH": "CH", "TH": "T", "PH": "P", "TZ": "TS"}.get(
                consonant, consonant
            )
            return (consonant.lower() + vowel) or "a"
    return letter


def _indic(word: str) -> str:
    """A word of a script of India by the names of its letters; a consonant is followed by `a` unless a sign says else.

    The `a` after the last consonant is not spoken.
    """
    made: list[str] = []
    open_consonant = False
    for letter in unicodedata.normalize("NFD", word):
        name = unicodedata.name(letter, "")
        sound = name.split(" ")[-1]
        if "VOWEL SIGN" in name:
            made.append(_indic_vowel(sound))
            open_consonant = False
        elif name.endswith("VIRAMA"):
            open_consonant = False
        elif name.endswith("NUKTA") and made:
            made[-1] = {"d": "r", "dh": "r", "j": "z", "ph": "f"}.get(made[-1], made[-1])
        elif " LETTER " in name and sound.endswith("A") and sound not in {"A", "AA"}:
            made += ["a"] if open_consonant else []
            made.append(_indic_consonant(sound, name))
            open_consonant = True
        else:
            made += ["a"] if open_consonant else []
            made.append(_indic_other(name, sound))
            open_consonant = False
    return "".join(made)


def _indic_vowel(sound: str) -> str:
    return {"AA": "a", "II": "i", "UU": "u", "EE": "e", "OO": "o", "R": "ri"}.get(sound, sound.lower())


def _indic_consonant(sound: str, name: str) -> str:
    consonant = sound.removesuffix("A").lower()
    if name == "BENGALI LETTER YA":
        return "j"
    levelled = {"c": "ch", "ch": "ch", "tt": "t", "tth": "th", "dd": "d", "ddh": "dh", "nn": "n", "ny": "n", "ng": "n"}
    return (levelled | {"ss": "sh", "rr": "r", "ll": "l", "lll": "l", "nnn": "n", "yy": "y"}).get(consonant, consonant)


def _indic_other(name: str, sound: str) -> str:
    if " LETTER " in name:
        return "t" if sound == "TA" else _indic_vowel(sound)
    return "n" if sound in {"ANUSVARA", "CANDRABINDU", "BINDI", "TIPPI"} else ""


def _sinhala(word: str) -> str:
    made = []
    for letter, following in zip(word, [*word[1:], ""], strict=True):
        is_open = "ක" <= letter <= "ෆ" and (not following or "ක" <= following <= "ෆ" or following in "ංඃ")
        made.append(SINHALA.get(letter, "") + ("a" if is_open else ""))
    return "".join(made)


def _thai(word: str) -> str:
    """Letters that are silenced go; a vowel written before its consonant comes after it."""
    word = re.sub(r".[\u0e31-\u0e3a]?\u0e4c", "", word)
    word = re.sub(r"([เแโใไ])([ก-ฮ])", r"\2\1", word)
    sounds = [THAI[letter] for letter in word if letter in THAI]
    if len(sounds) > 1:
        sounds[-1] = THAI_ENDS.get(sounds[-1], sounds[-1])
    return "".join(sounds)


def _burmese(word: str) -> str:
    for rime, sound in BURMESE_RIMES:
        word = word.replace(rime, sound)
    return "".join(BURMESE.get(letter, letter if letter.isascii() else "") for letter in word)
