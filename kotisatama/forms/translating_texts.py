"""The texts of a form as its rows hold them: what is to be translated, and rows with other words in their place.

A text is known by its key, which stays when rows move: `survey/phone/hint`, `choices/yesno/yes/label`,
`settings/form_title`. Its source is the cell in the form's default language; a text without one is nobody's work.
"""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kotisatama.forms import columns, xlsform
from kotisatama.forms.columns import Heading, Headings
from kotisatama.forms.xlsform import Row, Source
from kotisatama.kernel.errors import NotAllowed
from kotisatama.translation import languages

Rows = Mapping[str, Any]  # as `xlsform.Source.to_json` writes them

NONE = ("", "-")  # an XLSForm writes a hyphen where a text is left out on purpose
NAMES = {"survey": ("name",), "choices": ("list_name", "name"), "settings": ()}
KINDS = ("form_title", "label", "hint", "guidance_hint", "constraint_message", "required_message")


@dataclasses.dataclass(frozen=True)
class FormText:
    """One text: what it is (`sheet`, `names` of question or list and choice, `kind` of column), and its words.

    `words` are those of every language that has some, the source among them.
    """

    key: str
    sheet: str
    names: tuple[str, ...]
    kind: str
    row: int
    source: str
    words: Mapping[str, str]

    def target(self, language: str) -> str:
        """The words in that language, empty where there are none."""
        return self.words.get(language, "")


@dataclasses.dataclass(frozen=True)
class FormTexts:
    """Every text of a version in the order of the rows; `languages` are those that it has columns for."""

    default: str
    languages: tuple[str, ...]
    texts: tuple[FormText, ...]

    def by_key(self) -> dict[str, FormText]:
        return {text.key: text for text in self.texts}


def digest(words: str) -> str:
    """By what a state knows the words: 128 bits of SHA-256."""
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def texts_of(rows: Rows) -> FormTexts:
    """The texts in the rows of a version, whether or not the rows compile."""
    source = xlsform.source_from_json(rows)
    headings = columns.read_headings(source)
    found = [
        FormText(cell.key, cell.sheet, cell.names, cell.kind, cell.row.number, cell.words[headings.default], cell.words)
        for cell in _cells(source, headings)
    ]
    return FormTexts(headings.default, tuple(headings.languages), tuple(found))


def check_language(default: str, language: str) -> None:
    """Whether a form written in `default` can be translated into the language; raises NotAllowed."""
    if default == columns.UNDETERMINED:
        raise NotAllowed(
            _("The form does not say in which language it is written. Fill in its default language in the settings.")
        )
    if language == default:
        raise NotAllowed(_("The form is written in this language. Its words are changed with its questions."))


def with_words(rows: Rows, language: str, words: Mapping[str, str]) -> dict[str, Any]:
    """The rows with these words by key in that language, columns added as needed; empty words empty the cell.

    Keys that the rows do not have are passed over. Raises NotAllowed as `check_language` does.
    """
    source = xlsform.source_from_json(rows)
    headings = columns.read_headings(source)
    check_language(headings.default, language)
    written: dict[str, Any] = {
        sheet: {"columns": list(rows[sheet]["columns"]), "rows": list(rows[sheet]["rows"])} for sheet in xlsform.SHEETS
    }
    for cell in _cells(source, headings):
        if cell.key not in words:
            continue
        sheet = written[cell.sheet]
        heading = _heading(headings, cell, language) or _added(headings, cell, language, sheet["columns"])
        number, cells = sheet["rows"][cell.place]
        kept = {text: word for text, word in cells.items() if text != heading}
        sheet["rows"][cell.place] = [number, kept | ({heading: words[cell.key]} if words[cell.key] else {})]
    return {**rows, **written}


@dataclasses.dataclass(frozen=True)
class _Cell:
    """The cells of one text in a row, `place` counted from 0 within the sheet's rows."""

    key: str
    sheet: str
    names: tuple[str, ...]
    kind: str
    place: int
    row: Row
    words: Mapping[str, str]


def _cells(source: Source, headings: Headings) -> Iterator[_Cell]:
    seen: set[str] = set()
    for sheet in ("settings", "survey", "choices"):
        kinds = [kind for kind in KINDS if _column(kind) in columns.TRANSLATED[sheet]]
        for place, row in enumerate(source.rows(sheet)):
            names = tuple(row.get(headings.heading(sheet, column)) for column in NAMES[sheet])
            for kind in kinds:
                words = _words(headings, sheet, kind, row)
                if words.get(headings.default, "") not in NONE:
                    key = _key(seen, (sheet, *names, kind), row)
                    yield _Cell(key, sheet, names, kind, place, row, words)


def _key(seen: set[str], parts: tuple[str, ...], row: Row) -> str:
    """The parts joined; with the row's number where names are missing or used twice, as in a draft that is wrong."""
    key = "/".join(parts)[:380]
    if key in seen or not all(parts):
        key = f"{key}@{row.number}"
    seen.add(key)
    return key


def _words(headings: Headings, sheet: str, kind: str, row: Row) -> dict[str, str]:
    found = [(heading.language, row.get(heading.text)) for heading in _columns(headings, sheet, kind)]
    if kind == "form_title":
        found.append((headings.default, row.get(headings.heading(sheet, kind))))
    return {language: words for language, words in found if words not in NONE}


def _column(kind: str) -> str:
    """The column in which the translations stand."""
    return columns.TITLE if kind == "form_title" else kind


def _columns(headings: Headings, sheet: str, kind: str) -> list[Heading]:
    return list(columns.language_columns(headings, sheet, _column(kind)))


def _heading(headings: Headings, cell: _Cell, language: str) -> str:
    """The heading under which the words stand or will stand; empty when the sheet has no such column."""
    found = [heading.text for heading in _columns(headings, cell.sheet, cell.kind) if heading.language == language]
    filled = [text for text in found if cell.row.get(text)]
    return (filled[-1:] or found[:1] or [""])[0]


def _added(headings: Headings, cell: _Cell, language: str, texts: list[str]) -> str:
    """A new column for the language after the others of its kind, named as the form names its languages."""
    alike = [heading.text for heading in _columns(headings, cell.sheet, cell.kind)] or texts[-1:]
    named = columns.TITLE if cell.kind == "form_title" else alike[0].partition("::")[0].strip()
    name = headings.languages.setdefault(language, languages.own_name(language))
    bare = name == language
    text = f"{named}::{language if bare else f'{name} ({language})'}"
    texts.insert(texts.index(alike[-1]) + 1, text)
    headings.sheets[cell.sheet].append(Heading(text, _column(cell.kind), language))
    return text
