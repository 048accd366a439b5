"""Edits of questions, pages, groups and repeats: rows in, rows out. Each raises NotAllowed with its reason."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

from django.utils.translation import gettext as _

from kotisatama.forms.building import locks, outline, references
from kotisatama.forms.building.book import Book, Cells, Edited, Line, Rows
from kotisatama.forms.building.outline import Item
from kotisatama.kernel.errors import NotAllowed

Place = Literal["before", "after", "first", "last"]
PLACES: tuple[Place, ...] = ("before", "after", "first", "last")
Step = Literal["up", "down", "in", "out"]
STEPS: tuple[Step, ...] = ("up", "down", "in", "out")
WHOLE_FORM = 0  # as a target: the outermost level
LONGEST_NAME = 60


@locks.kept
def add(rows: Rows, cells: Cells, *, target: int = WHOLE_FORM, place: Place = "last") -> Edited:
    """A new row. The name is made from the label when there is none."""
    book = Book(rows)
    at = _insertion(book, target, place)
    given = dict(cells)
    given["name", ""] = _free_name(book, given.get(("name", ""), "") or _label(given).lower() or _("question"))
    lines = [Line({})]
    if kind := outline.begins(given.get(("type", ""), "")):
        lines.append(_line(book, {("type", ""): f"end_{kind}"}))
    book.survey.lines[at:at] = lines
    book.put("survey", lines[0], given)
    return book.edited(lines[0])


@locks.kept
def change(rows: Rows, number: int, cells: Cells) -> Edited:
    """Other cells for a row. A new name is written into every expression that names it."""
    book = Book(rows)
    item = outline.find(book, number)
    line = book.survey.lines[item.start]
    old, new = book.cell("survey", line, "name"), cells.get(("name", ""))
    _check_type(book, item, cells)
    book.put("survey", line, cells)
    if new is not None and new.strip() != old:
        _rename(book, item, old, new.strip())
    return book.edited(line)


@locks.kept
def remove(rows: Rows, number: int) -> Edited:
    """Without the row; a page, group or repeat goes with everything inside. Not while others read it."""
    book = Book(rows)
    item = outline.find(book, number)
    _check_unread(book, outline.lines_of(book, item))
    after = book.survey.lines[item.end + 1 :]
    before = book.survey.lines[: item.start]
    book.survey.lines = before + after
    return book.edited(before[-1] if before else None)


@locks.kept
def unwrap(rows: Rows, number: int) -> Edited:
    """Without the page, group or repeat, but with what is inside."""
    book = Book(rows)
    item = outline.find(book, number)
    if not item.is_container:
        raise NotAllowed(_("This is not a page, group or repeat."))
    own = outline.own_lines(book, item)
    _check_unread(book, own)
    inside = outline.lines_of(book, item)[1:-1]
    book.survey.lines = [line for line in book.survey.lines if not any(line is each for each in own)]
    return book.edited(inside[0] if inside else None)


@locks.kept
def duplicate(rows: Rows, number: int) -> Edited:
    """The same once more, right after it, with names of its own; a copy is never locked."""
    book = Book(rows)
    item = outline.find(book, number)
    copies = [Line(dict(line.cells), line.gap) for line in outline.lines_of(book, item)]
    book.survey.lines[item.end + 1 : item.end + 1] = copies
    for line in copies:
        locks.unlock(book, line)
    for old in list(dict.fromkeys(book.cell("survey", line, "name") for line in copies)):
        if old:
            new = _free_name(book, old)
            _put_name(book, copies, old, new)
            references.rename_everywhere(book, old, new, copies)
    return book.edited(copies[0])


@locks.kept
def move(rows: Rows, number: int, *, target: int, place: Place) -> Edited:
    """The row, with everything inside, to another place: before or after a row, or first or last in a container."""
    book = Book(rows)
    item = outline.find(book, number)
    at = _insertion(book, target, place)
    if item.start < at <= item.end:
        raise NotAllowed(_("A page or group cannot be moved into itself."))
    block = outline.lines_of(book, item)
    moved = at - len(block) if at > item.end else at
    del book.survey.lines[item.start : item.end + 1]
    book.survey.lines[moved:moved] = block
    return book.edited(block[0])


def step(rows: Rows, number: int, direction: Step) -> Edited:
    """One step: up or down among its neighbours, into the container before it, or out after its own."""
    book = Book(rows)
    item = outline.find(book, number)
    around = item.parent.children if item.parent else outline.outline(book)
    place = next(place for place, each in enumerate(around) if each.start == item.start)
    numbers = book.survey.numbers()
    if direction == "up" and place > 0:
        return move(rows, number, target=numbers[around[place - 1].start], place="before")
    if direction == "down" and place + 1 < len(around):
        return move(rows, number, target=numbers[around[place + 1].start], place="after")
    if direction == "in" and place > 0 and around[place - 1].is_container:
        return move(rows, number, target=numbers[around[place - 1].start], place="last")
    if direction == "out" and item.parent:
        return move(rows, number, target=numbers[item.parent.start], place="after")
    raise NotAllowed(_("It cannot be moved further in this direction."))


@locks.kept
def wrap(rows: Rows, number: int, cells: Cells, *, until: int | None = None) -> Edited:
    """A page, group or repeat around the row, or around the rows from it to another one of the same level."""
    book = Book(rows)
    first = outline.find(book, number)
    last = outline.find(book, until) if until else first
    same_level = (first.parent.start if first.parent else -1) == (last.parent.start if last.parent else -1)
    if not same_level or last.start < first.start:
        raise NotAllowed(_("Choose a last question on the same level, below the first one."))
    given = dict(cells)
    given["name", ""] = _free_name(book, given.get(("name", ""), "") or _label(given).lower() or _("group"))
    kind = outline.begins(given.get(("type", ""), ""))
    if not kind:
        raise NotAllowed(_("Choose a page, a group or a repeat."))
    begin, end = Line({}), _line(book, {("type", ""): f"end_{kind}"})
    book.survey.lines.insert(last.end + 1, end)
    book.survey.lines.insert(first.start, begin)
    book.put("survey", begin, given)
    return book.edited(begin)


def _insertion(book: Book, target: int, place: Place) -> int:
    """The index at which a new line stands where it is wished."""
    if target == WHOLE_FORM:
        return 0 if place == "first" else len(book.survey.lines)
    item = outline.find(book, target)
    if place == "before":
        return item.start
    if place == "after":
        return item.end + 1
    if not item.is_container:
        raise NotAllowed(_("Only a page, group or repeat can have questions inside."))
    return item.start + 1 if place == "first" else item.end


def _line(book: Book, cells: Cells) -> Line:
    line = Line({})
    book.put("survey", line, cells)
    return line


def _check_type(book: Book, item: Item, cells: Cells) -> None:
    """A container stays one, and a question does not become one: its other half would be missing."""
    wished = cells.get(("type", ""))
    if wished is None:
        return
    now = outline.begins(book.cell("survey", book.survey.lines[item.start], "type"))
    if outline.ends(wished) or (bool(outline.begins(wished)) != item.is_container and item.kind != "stray"):
        raise NotAllowed(_("A question cannot become a page or group. Add the page, and move the question into it."))
    if item.is_container and outline.begins(wished) != now:
        line = book.survey.lines[item.end]
        book.put("survey", line, {("type", ""): f"end_{outline.begins(wished)}"})


def _check_unread(book: Book, lines: list[Line]) -> None:
    names = {book.cell("survey", line, "name") for line in lines} - {""}
    others = _elsewhere(book, names, lines)
    if others:
        message = _("Others read this answer: {names}. Change their conditions first.")
        raise NotAllowed(message.format(names=", ".join(others)))


def _elsewhere(book: Book, names: set[str], lines: list[Line]) -> list[str]:
    """Who reads these names from outside the lines; a name that stands once more outside can still be read there."""
    inside = {id(line) for line in lines}
    kept = {book.cell("survey", line, "name") for line in book.survey.lines if id(line) not in inside}
    return references.readers(book, names - kept, inside)


def _rename(book: Book, item: Item, old: str, new: str) -> None:
    line = book.survey.lines[item.start]
    if not new:
        raise NotAllowed(_("Give the question a name."))
    if not is_name(new):
        raise NotAllowed(
            _("A name has at most 60 letters from a to z, digits and low lines, and begins with a letter.")
        )
    if is_taken(book, new, besides=line):
        raise NotAllowed(_("Another question has this name already."))
    if item.is_container and book.cell("survey", book.survey.lines[item.end], "name"):
        book.put("survey", book.survey.lines[item.end], {("name", ""): new})
    if old and not is_taken(book, old, besides=line):
        references.rename_everywhere(book, old, new)


def is_taken(book: Book, name: str, *, besides: Line | None = None) -> bool:
    """Whether another row than this one has the name."""
    others = (each for each in book.survey.lines if each is not besides and not _is_end(book, each))
    return any(book.cell("survey", each, "name") == name for each in others)


def _put_name(book: Book, lines: Iterable[Line], old: str, new: str) -> None:
    for line in lines:
        if book.cell("survey", line, "name") == old:
            book.put("survey", line, {("name", ""): new})


def _is_end(book: Book, line: Line) -> bool:
    return bool(outline.ends(book.cell("survey", line, "type")))


def is_name(text: str) -> bool:
    """Whether a question may have this name."""
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,59}", text) is not None and text not in ("meta", "instanceID", "data")


def _label(cells: Cells) -> str:
    return next((text for (column, _language), text in cells.items() if column == "label" and text.strip()), "")


def slug(text: str) -> str:
    """The text in small letters from a to z, digits and low lines; empty when nothing of it is left."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "_", latin).strip("_")


def numbered(stem: str) -> Iterator[str]:
    """stem_2, stem_3, … without end."""
    root = re.sub(r"_[0-9]+\Z", "", stem)
    return (f"{root}_{number}" for number in itertools.count(2))


def _free_name(book: Book, wished: str) -> str:
    """The name, or one like it with a number, that no row has: letters from a to z only."""
    stem = (wished if is_name(wished) else slug(wished))[:40]
    stem = stem if is_name(stem) else f"q_{stem}" if is_name(f"q_{stem}") and stem else "question"
    taken = {book.cell("survey", line, "name") for line in book.survey.lines}
    return next(name for name in itertools.chain([stem], numbered(stem)) if name not in taken)
