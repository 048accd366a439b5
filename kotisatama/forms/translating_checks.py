"""What may not come in with a translation: a lost reference, markup, signs that nobody sees."""

import re
import unicodedata
from collections import Counter

from django.utils.translation import gettext as _

from kotisatama.forms.xlsform import MOST_CHARACTERS

_REFERENCE = re.compile(r"\$\{[^{}]*\}")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>?")
_JOINERS = "\u200c\u200d"
# Scripts whose words are written with joiners: Arabic for Persian and its neighbours, those of India, Sinhala, Burmese.
_JOINED = ("ARABIC", "DEVANAGARI", "BENGALI", "SINHALA", "TAMIL", "TELUGU", "MALAYALAM", "MYANMAR", "GURMUKHI", "KHMER")
# Letters that show nothing although Unicode counts them among letters and marks.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def cleaned(written: str) -> str:
    """The words as they are kept: in Unicode's composed form, line ends alike, nothing around them."""
    return unicodedata.normalize("NFC", written.replace("\r\n", "\n").replace("\r", "\n")).strip()


def complaints(source: str, target: str) -> list[str]:
    """What is wrong with a translation of the source, as sentences; empty words are nobody's fault."""
    if not target:
        return []
    found = [*_references(source, target), *_tags(source, target), *_unseen(target)]
    if len(target) > MOST_CHARACTERS:
        found.append(_("The text is longer than %(most)d characters.") % {"most": MOST_CHARACTERS})
    return found


def _references(source: str, target: str) -> list[str]:
    wanted, given = (Counter(_REFERENCE.findall(words)) for words in (source, target))
    lost = [_("The reference %(name)s is missing. Keep it as it is.") % {"name": name} for name in wanted - given]
    more = [
        _("The reference %(name)s is not in the source this many times. Take it out.") % {"name": name}
        for name in given - wanted
    ]
    broken = target.count("${") != sum(given.values()) and target.count("${") > source.count("${")
    return [*lost, *more, *([_("A reference is broken off: “${” begins one and “}” ends it.")] if broken else [])]


def _tags(source: str, target: str) -> list[str]:
    new = Counter(_TAG.findall(target)) - Counter(_TAG.findall(source))
    return [_("Write plain text: %(tag)s looks like HTML.") % {"tag": tag[:40]} for tag in list(new)[:1]]


def _unseen(target: str) -> list[str]:
    """A direction control or an invisible sign, told by its number and name: the eye does not find it."""
    for place, sign in enumerate(target):
        hidden = sign in _BLANK or (unicodedata.category(sign) in _UNSEEN and sign != "\n")
        if not hidden or (sign in _JOINERS and _joins(target, place)):
            continue
        name = unicodedata.name(sign, "").lower()
        named = f"U+{ord(sign):04X}{' ' if name else ''}{name}"
        return [
            _("There is an invisible sign after “%(before)s”: %(sign)s. Take it out; the page sets directions itself.")
            % {"before": target[max(0, place - 12) : place].strip(), "sign": named}
        ]
    return []


def _joins(target: str, place: int) -> bool:
    """Whether a joiner stands inside a word of a script that has use for it."""
    around = (target[place - 1 : place], target[place + 1 : place + 2])
    scripts = [unicodedata.name(sign, "").split(" ")[0] for sign in around if sign]
    return bool(scripts) and scripts[0] in _JOINED and (len(scripts) == 1 or scripts[1] in (*_JOINED, "SPACE"))
