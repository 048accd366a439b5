"""A submission without whoever sent it: for an expert, who is asked about the matter and not about the person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kotisatama.forms import queries as forms
from kotisatama.forms.structure import FILES, Question
from kotisatama.intake import mapping, telling
from kotisatama.intake.models import Item
from kotisatama.people.models import Person
from kotisatama.translation.queries import Localized

HIDDEN = "…"
# Names shorter than this would blot out half of any text.
SHORTEST_NAME = 3
# A form may say of any question that its answer can tell who somebody is.
IDENTIFIES = "identifies"
WORD = re.compile(r"\w+")
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Telephone numbers, identity codes, account numbers, permit numbers, postal codes: any five digits close together.
NUMBER = re.compile(r"\+?\d(?:[\s().\-/]{0,2}\d){4,}(?:[-+A-Fa-f]\d{3}\w\b)?")
IDENTITY_CODE = re.compile(r"\b\d{6}[-+A-FU-Ya-fu-y]\d{3}\w\b")


@dataclass(frozen=True)
class Shown:
    """One answer as the expert reads it; `is_masked` when something of it was taken away."""

    label: Localized
    text: str
    language: str
    is_masked: bool


@dataclass(frozen=True)
class Page:
    """The answers of one page of the form."""

    title: Localized
    answers: list[Shown]


def names(item: Item, person: Person | None) -> frozenset[str]:
    """Every word of the names in the form and in the register, in small letters."""
    told = telling.told(item)
    texts = [mapping.text(told, name) for name in ("name", "guardian")]
    texts += [mapping.text(member, "member_name") for member in mapping.members(told)]
    if person:
        texts += [person.name, *(name.text for name in person.names.all())]
    words = {word.casefold() for text in texts for word in WORD.findall(text)}
    return frozenset(word for word in words if len(word) >= SHORTEST_NAME and not word.isdecimal())


def without_identity(text: str, hidden: Iterable[str]) -> str:
    """The text without the names, in whatever ending or after whatever article, and without numbers and addresses."""
    for pattern in (LINK, ADDRESS, IDENTITY_CODE, NUMBER):
        text = pattern.sub(HIDDEN, text)
    known = tuple(hidden)
    return WORD.sub(lambda found: HIDDEN if _names_somebody(found[0].casefold(), known) else found[0], text)


def _names_somebody(word: str, hidden: tuple[str, ...]) -> bool:
    """Fatiman, لفاطمة: a name begins the word, or after one or two letters of an article stands in it."""
    return any(0 <= word.find(name) <= 2 for name in hidden)


def pages(item: Item, person: Person | None, reader: str) -> list[Page]:
    """The answers without identity, in the reader's language where they were chosen from a list.

    Nothing of the questions that tell who somebody is, no file, and texts without names and numbers.
    """
    form, hidden = telling.form(item), names(item, person)
    found = []
    for page in forms.readable(form, telling.answers(item), reader=reader, original=item.submission.language):
        rows = [(row, form.questions[_question(row.name)]) for row in page.rows]
        shown = [_shown(row, hidden) for row, question in rows if not _tells_who(item, question)]
        if shown:
            found.append(Page(page.title, shown))
    return found


def _question(name: str) -> str:
    """The question of a row; rows of a repeat have their number behind a hyphen."""
    return name.partition("-")[0]


def _tells_who(item: Item, question: Question) -> bool:
    options = getattr(question, "options", None) or {}
    says = options.get(mapping.NAMESPACE + IDENTIFIES) or options.get(IDENTIFIES)
    known_as = mapping.name_of(telling.form(item), question)
    return bool(says) or question.type in FILES or known_as in mapping.IDENTITY or question.name in mapping.NOT_PROSE


def _shown(row: forms.AnswerRow, hidden: frozenset[str]) -> Shown:
    text = without_identity(row.reader.text, hidden) if row.is_free_text else row.reader.text
    return Shown(row.label, text, row.reader.language, text != row.reader.text)
