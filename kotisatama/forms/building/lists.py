"""Edits of choice lists and languages, and of the form's own texts: rows in, rows out."""

import itertools
import re
from collections.abc import Container, Mapping, Sequence

from django.utils.translation import gettext as _

from kotisatama.forms import columns
from kotisatama.forms.building import locks, outline, references
from kotisatama.forms.building.book import TEXTS, Book, Cells, Edited, Line, Rows, column_of, language_heading
from kotisatama.forms.building.edits import is_name, numbered, slug
from kotisatama.kernel.errors import NotAllowed
from kotisatama.translation import languages


def list_names(book: Book) -> list[str]:
    """The lists in the order of the choices sheet."""
    return list(dict.fromkeys(name for line in book.choices.lines if (name := book.cell("choices", line, "list_name"))))


def lines_of(book: Book, list_name: str) -> list[Line]:
    """The list's lines in order."""
    return [line for line in book.choices.lines if book.cell("choices", line, "list_name") == list_name]


@locks.kept
def put_list(
    rows: Rows, list_name: str, choices: Sequence[Mapping[tuple[str, str], str]], places: Sequence[int]
) -> Edited:
    """The list's choices in their new order: `places[i]` is where choice i stood in the list, -1 for a new one.

    A choice that is left out is removed; not while a condition names it. Cells that are not given stay.
    """
    book = Book(rows)
    old = lines_of(book, list_name)
    _check_places(places, len(old))
    renames = {}
    new = []
    for cells, place in zip(choices, places, strict=True):
        line = old[place] if place >= 0 else Line({})
        before = book.cell("choices", line, "name")
        book.put("choices", line, {**cells, ("list_name", ""): list_name})
        after = book.cell("choices", line, "name")
        _check_choice_name(after)
        if before and before != after:
            renames[before] = after
        new.append(line)
    names = [book.cell("choices", line, "name") for line in new]
    if len(set(names)) < len(names):
        raise NotAllowed(_("Two choices of the list have the same value."))
    gone = {book.cell("choices", line, "name") for line in old if not any(line is each for each in new)} - set(names)
    _check_unused_values(book, list_name, gone | (set(renames) - set(names)))
    _replace(book, old, new)
    return book.edited()


def _check_places(places: Sequence[int], length: int) -> None:
    given = [place for place in places if place >= 0]
    if len(set(given)) < len(given) or any(place >= length for place in given):
        raise NotAllowed(_("The list was changed meanwhile. Look at it again."))


def _check_choice_name(name: str) -> None:
    if not name or re.search(r"[\s'\"]", name) or len(name) > 100:
        raise NotAllowed(_("A choice has a value without spaces and quotation marks, at most 100 characters."))


def _replace(book: Book, old: list[Line], new: list[Line]) -> None:
    """Put the new lines where the old ones began; lines of other lists that stand between keep their order."""
    gone = {id(line) for line in old}
    lines = book.choices.lines
    at = next((place for place, line in enumerate(lines) if id(line) in gone), len(lines))
    if [id(line) for line in new] == [id(line) for line in lines if id(line) in gone]:
        return
    head = [line for line in lines[:at] if id(line) not in gone]
    book.choices.lines = head + new + [line for line in lines[at:] if id(line) not in gone]


def _check_unused_values(book: Book, list_name: str, values: set[str]) -> None:
    asking = set(references.lists_used(book).get(list_name, ()))
    for line in book.survey.lines:
        name = book.cell("survey", line, "name")
        for heading, text in line.cells.items():
            read, texts = references.values_written(column_of(heading), text)
            own = {name} & asking if column_of(heading) == "constraint" else set()
            if (read | own) & asking and (used := texts & values):
                message = _("The choice “{value}” stands in a condition of “{name}”. Change that first.")
                raise NotAllowed(message.format(value=sorted(used)[0], name=name))


@locks.kept
def add_list(rows: Rows, list_name: str, choices: Sequence[Cells]) -> Edited:
    """A new list with its first choices."""
    book = Book(rows)
    _check_list_name(book, list_name)
    for cells in choices:
        line = Line({})
        book.choices.lines.append(line)
        book.put("choices", line, {("list_name", ""): list_name, **cells})
        _check_choice_name(book.cell("choices", line, "name"))
    return book.edited()


def choices_from(texts: Sequence[str], language: str) -> list[dict[tuple[str, str], str]]:
    """Choices with these texts, and values made from them: short, in letters from a to z."""
    taken: set[str] = set()
    found: list[dict[tuple[str, str], str]] = []
    for text in texts:
        value = free_value(text, taken)
        taken.add(value)
        found.append({("name", ""): value, ("label", language): text})
    return found


def free_value(text: str, taken: Container[str]) -> str:
    """A value from the text of a choice that no other one has."""
    value = slug(text)[:30] or "choice"
    return next(each for each in itertools.chain([value], numbered(value)) if each not in taken)


def free_list_name(rows: Rows, wished: str) -> str:
    """The name, or one like it with a number, that no list has."""
    taken = list_names(Book(rows))
    stem = wished if is_name(wished) else "choices"
    return next(each for each in itertools.chain([stem], numbered(stem)) if each not in taken)


@locks.kept
def rename_list(rows: Rows, old: str, new: str) -> Edited:
    """Another name for the list, also in the questions that choose from it."""
    book = Book(rows)
    if new == old:
        return book.edited()
    _check_list_name(book, new)
    for line in lines_of(book, old):
        book.put("choices", line, {("list_name", ""): new})
    for line in book.survey.lines:
        kind, written = outline.divided(book.cell("survey", line, "type"))
        name, _space, more = written.partition(" ")
        if name == old:
            book.put("survey", line, {("type", ""): f"{kind} {new} {more}".strip()})
    return book.edited()


@locks.kept
def remove_list(rows: Rows, list_name: str) -> Edited:
    """Without the list; not while a question chooses from it."""
    book = Book(rows)
    if users := references.lists_used(book).get(list_name):
        message = _("Questions choose from this list: {names}.")
        raise NotAllowed(message.format(names=", ".join(users)))
    book.choices.lines = [line for line in book.choices.lines if book.cell("choices", line, "list_name") != list_name]
    return book.edited()


def _check_list_name(book: Book, name: str) -> None:
    if not is_name(name):
        raise NotAllowed(
            _("A name has at most 60 letters from a to z, digits and low lines, and begins with a letter.")
        )
    if name in list_names(book):
        raise NotAllowed(_("There is a list of this name already."))


@locks.kept
def add_language(rows: Rows, code: str) -> Edited:
    """Columns for texts in one more language, beside those of the others."""
    book = Book(rows)
    known = book.headings.languages
    if code not in languages.all_languages():
        raise NotAllowed(_("Choose a language from the list."))
    if code in known:
        raise NotAllowed(_("The form has this language already."))
    if columns.UNDETERMINED in known:
        _name_language(book, code)
        return book.edited()
    kinds = {heading.column for heading in book.headings.sheets["survey"] if heading.language}
    for column in [text for text in TEXTS if text in kinds | {"label"}]:
        _add_column(book, "survey", column, code)
    _add_column(book, "choices", "label", code)
    return book.edited()


def _add_column(book: Book, sheet: str, column: str, code: str) -> None:
    heading = book.new_column(sheet, column, code)
    written = book.sheets[sheet].columns
    written[written.index(heading)] = language_heading(column, code)


def _name_language(book: Book, code: str) -> None:
    """Say in which language a form is that did not say so: its texts without a language are in this one."""
    for name in ("survey", "choices"):
        sheet = book.sheets[name]
        for heading in [each for each in book.headings.sheets[name] if each.language == columns.UNDETERMINED]:
            sheet.columns[sheet.columns.index(heading.text)] = language_heading(heading.column, code)
            for line in sheet.lines:
                if heading.text in line.cells:
                    line.cells[language_heading(heading.column, code)] = line.cells.pop(heading.text)


@locks.kept
def change_settings(rows: Rows, cells: Cells) -> Edited:
    """Title and default language. The code of the form is not changed here."""
    book = Book(rows)
    if not book.settings.lines:
        book.settings.lines.append(Line({}))
    book.put("settings", book.settings.lines[0], {key: text for key, text in cells.items() if key[0] != "form_id"})
    return book.edited()
