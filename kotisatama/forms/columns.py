"""The headings of an XLSForm: which columns there are, and in which languages."""

import dataclasses
import re
from collections.abc import Iterable

from pyxform.validators.pyxform.iana_subtags import validation as language_tags

from kotisatama.forms import options
from kotisatama.forms.xlsform import Problem, Source

UNDETERMINED = "und"  # BCP 47: a form that does not say in which language it is
TITLE = "kotisatama_title"  # the form's name in further languages: pyxform takes one form_title without a language

TRANSLATED = {
    "survey": frozenset({"label", "hint", "constraint_message", "required_message"}),
    "choices": frozenset({"label"}),
    "settings": frozenset({TITLE}),
}
PLAIN = {
    "survey": frozenset({
        "type", "name", "required", "relevant", "constraint", "calculation", "appearance", "default", "choice_filter",
        "repeat_count", "parameters",
    }),
    "choices": frozenset({"list_name", "name"}),
    "settings": frozenset({"form_title", "form_id", "version", "default_language", "instance_name"}),
}  # fmt: skip
IGNORED = frozenset({"note", "notes", "comment", "comments", "style"})
ALIASES = {
    "relevance": "relevant", "calculate": "calculation", "caption": "label", "constraining_message":
    "constraint_message", "list name": "list_name", "title": "form_title", "id_string": "form_id",
    "constraint message": "constraint_message", "required message": "required_message", "count": "repeat_count",
    "jr:count": "repeat_count", "repeat count": "repeat_count", "choice filter": "choice_filter",
}  # fmt: skip
_LANGUAGE = re.compile(r"(?P<name>.*?)\s*\((?P<code>[A-Za-z0-9-]{2,35})\)\Z")


@dataclasses.dataclass(frozen=True)
class Heading:
    """One column. `language` is a code, empty where the column has none."""

    text: str
    column: str
    language: str = ""


@dataclasses.dataclass
class Headings:
    """The columns of all sheets, the languages in the order of their first column, and what is wrong with them."""

    sheets: dict[str, list[Heading]]
    languages: dict[str, str]
    default: str
    problems: list[Problem]

    def heading(self, sheet: str, column: str, language: str = "") -> str:
        """The heading as it stands in the sheet, for problems."""
        found = [heading for heading in self.sheets[sheet] if heading.column == column]
        exact = [heading for heading in found if heading.language == language]
        return (exact or found or [Heading(column, column)])[0].text


def read_headings(source: Source) -> Headings:
    """Understand the headings of a workbook."""
    headings = Headings({sheet: [] for sheet in PLAIN}, {}, "", [])
    for sheet in PLAIN:
        for text in source.columns.get(sheet, ()):
            _read_heading(sheet, text, headings)
    headings.default = _default_language(source, headings)
    headings.languages.setdefault(headings.default, headings.default)
    for sheet, found in headings.sheets.items():
        headings.sheets[sheet] = [_with_default(sheet, heading, headings.default) for heading in found]
    return headings


def _with_default(sheet: str, heading: Heading, default: str) -> Heading:
    if heading.language or heading.column not in TRANSLATED[sheet]:
        return heading
    return dataclasses.replace(heading, language=default)


def _read_heading(sheet: str, text: str, headings: Headings) -> None:
    column, language = _divided(text)
    if column == options.PREFIX:
        _read_own_heading(sheet, text, language.lower(), headings)
        return
    known = column in TRANSLATED[sheet] if language else column in TRANSLATED[sheet] | PLAIN[sheet]
    if not known:
        if sheet == "choices" and not language:
            headings.sheets[sheet].append(Heading(text, column))
        elif column not in IGNORED:
            headings.problems.append(Problem(sheet, 1, text, "This column is not supported."))
        return
    code = _language(sheet, text, language, headings) if language else ""
    headings.sheets[sheet].append(Heading(text, column, code))


def _read_own_heading(sheet: str, text: str, column: str, headings: Headings) -> None:
    """A column of ours stands among the headings as `kotisatama::maps_to`, without a language."""
    message = options.heading_complaint(column)
    if sheet != "survey":
        message = "Columns of ours belong on the survey sheet."
    if message:
        headings.problems.append(Problem(sheet, 1, text, message))
    else:
        headings.sheets[sheet].append(Heading(text, f"{options.PREFIX}::{column}"))


def own_columns(headings: Headings) -> Iterable[tuple[str, str]]:
    """Our columns on the survey sheet: the heading as it stands there, and the part behind `kotisatama::`."""
    marked = ((heading.text, heading.column.partition("::")) for heading in headings.sheets["survey"])
    return ((text, column) for text, (prefix, _, column) in marked if prefix == options.PREFIX)


def _divided(text: str) -> tuple[str, str]:
    column, _, language = text.partition("::")
    column = column.strip().lower()
    return ALIASES.get(column, column), language.strip()


def _language(sheet: str, text: str, language: str, headings: Headings) -> str:
    """The code of "suomi (fi)" or of a bare "fi"; a problem when it is not a registered language."""
    match = _LANGUAGE.match(language)
    name, code = (match["name"], match["code"]) if match else (language, language)
    if not _is_registered(code):
        message = f"“{language}” is not a language. Write its name and its code, like this: suomi (fi)."
        headings.problems.append(Problem(sheet, 1, text, message))
        return code
    known = headings.languages.setdefault(code, name)
    if known != name:
        headings.problems.append(Problem(sheet, 1, text, f"The language {code} has two names, “{known}” and “{name}”."))
    return code


def language_of(text: str, column: str, headings: Headings) -> str:
    """The language of a table's heading when it is this column (`label`, `label::suomi (fi)`), else empty."""
    found, _, language = text.partition("::")
    if found.strip() != column:
        return ""
    match = _LANGUAGE.match(language.strip())
    return (match["code"] if match else language.strip()) or headings.default


def _is_registered(code: str) -> bool:
    return re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) is not None and not (
        language_tags.get_languages_with_bad_tags([f"x ({code})"])
    )


def _default_language(source: Source, headings: Headings) -> str:
    stated = source.settings[0].get(_stated(headings)) if source.settings else ""
    match = _LANGUAGE.match(stated)
    code = match["code"] if match else stated
    if not stated:
        return next(iter(headings.languages), UNDETERMINED)
    by_name = {name: code for code, name in headings.languages.items()}
    found = by_name.get(code, code)
    if found not in headings.languages and (headings.languages or not _is_registered(found)):
        message = f"The form has no column in its default language “{stated}”."
        headings.problems.append(Problem("settings", source.settings[0].number, _stated(headings), message))
    return found


def _stated(headings: Headings) -> str:
    return headings.heading("settings", "default_language")


def language_columns(headings: Headings, sheet: str, column: str) -> Iterable[Heading]:
    """The columns of one kind, one for each language."""
    return (heading for heading in headings.sheets[sheet] if heading.column == column)
