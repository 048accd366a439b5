"""Questions that a funder or the centre requires: rows with `kotisatama::locked`.

Only their texts in further languages change. The checks compare rows before and after, so that no edit, of whatever
kind, gets around them; a workbook that is sent for a draft may lock further questions, the builder may not.
"""

import functools
from collections import Counter
from collections.abc import Callable
from typing import ParamSpec, cast

from django.utils.translation import gettext as _

from kotisatama.forms import columns
from kotisatama.forms.building import outline
from kotisatama.forms.building.book import YES, Book, Edited, Line, Rows, plain
from kotisatama.forms.building.outline import Item
from kotisatama.kernel.errors import NotAllowed

LOCKED = "kotisatama::locked"

P = ParamSpec("P")
Shape = tuple[object, ...]


def is_locked(book: Book, line: Line) -> bool:
    return any(plain(heading) == LOCKED and text.lower() in YES for heading, text in line.cells.items())


def unlock(book: Book, line: Line) -> None:
    """For a copy: it is the centre's own from now on."""
    for heading in [heading for heading in line.cells if plain(heading) == LOCKED]:
        del line.cells[heading]


def check(before: Rows, after: Rows) -> None:
    """Raises NotAllowed when a locked question was changed, moved out or removed, or another one locked."""
    if _shapes(Book(before)) != _shapes(Book(after)):
        raise NotAllowed(_stays())


def check_kept(before: Rows, after: Rows) -> None:
    """Raises NotAllowed when a locked question was changed, moved out or removed; further ones may be locked."""
    if _shapes(Book(before)) - _shapes(Book(after)):
        raise NotAllowed(_stays())


def _stays() -> str:
    return _("A locked question stays as it is: only its texts in further languages can be changed.")


def kept(edit: Callable[P, Edited]) -> Callable[P, Edited]:
    """Decorate an edit (rows first): it raises NotAllowed instead of touching a locked question."""

    @functools.wraps(edit)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Edited:
        edited = edit(*args, **kwargs)
        check(cast(Rows, args[0]), edited.rows)
        return edited

    return guarded


def _shapes(book: Book) -> Counter[Shape]:
    """What must stay of each locked question: its cells, where it stands, its list of choices."""
    if not any(is_locked(book, line) for line in book.survey.lines):
        return Counter()
    found: Counter[Shape] = Counter()
    for item in outline.walk(outline.outline(book)):
        line = book.survey.lines[item.start]
        if is_locked(book, line):
            around = tuple(_container(book, each) for each in item.around())
            found[(_fixed(book, "survey", line), around, _choices(book, line), book.headings.default)] += 1
    return found


def _container(book: Book, item: Item) -> Shape:
    line = book.survey.lines[item.start]
    return (item.kind, book.cell("survey", line, "name"), book.cell("survey", line, "relevant"))


def _fixed(book: Book, sheet: str, line: Line) -> Shape:
    """The cells that may not change, in whatever order the columns stand."""
    headings = book.headings
    known = {heading.text: heading for heading in headings.sheets[sheet]}
    cells = set()
    for text, written in line.cells.items():
        heading = known.get(text, columns.Heading(text, text))
        if heading.language in ("", headings.default):
            cells.add((heading.column, heading.language, written))
    return tuple(sorted(cells))


def _choices(book: Book, line: Line) -> Shape:
    list_name = outline.divided(book.cell("survey", line, "type"))[1].partition(" ")[0]
    lines = (each for each in book.choices.lines if list_name and book.cell("choices", each, "list_name") == list_name)
    return tuple(_fixed(book, "choices", each) for each in lines)


def locked_lists(book: Book) -> frozenset[str]:
    """Lists of choices that a locked question offers."""
    lines = (line for line in book.survey.lines if is_locked(book, line))
    return frozenset(outline.divided(book.cell("survey", line, "type"))[1].partition(" ")[0] for line in lines) - {""}
