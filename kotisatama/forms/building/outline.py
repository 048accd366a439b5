"""The order of a form as a tree: questions, and the pages, groups and repeats around them."""

import dataclasses
import re
from collections.abc import Iterator

from kotisatama.forms.building.book import Book, Line

_END = re.compile(r"end[ _](group|repeat)\Z", re.IGNORECASE)
_BEGIN = re.compile(r"begin[ _](group|repeat)\Z", re.IGNORECASE)


@dataclasses.dataclass
class Item:
    """One card: lines from `start` to `end` (both counted from 0, both belonging to it).

    `kind` is question, group, repeat, or stray: a begin or an end without its other half,
    which only stays in its place.
    """

    kind: str
    start: int
    end: int
    parent: "Item | None" = None
    children: list["Item"] = dataclasses.field(default_factory=list)

    @property
    def is_container(self) -> bool:
        return self.kind in ("group", "repeat")

    @property
    def is_page(self) -> bool:
        """An outermost group is a page."""
        return self.kind == "group" and self.parent is None

    def walk(self) -> Iterator["Item"]:
        """This item and everything inside."""
        yield self
        for child in self.children:
            yield from child.walk()

    def around(self) -> Iterator["Item"]:
        """The containers around the item, the innermost first."""
        item = self.parent
        while item is not None:
            yield item
            item = item.parent


def written_type(text: str) -> str:
    """The type with single spaces."""
    return " ".join(text.split())


def begins(text: str) -> str:
    """`group` or `repeat` when the type begins one, else empty."""
    match = _BEGIN.match(written_type(text))
    return match[1].lower() if match else ""


def ends(text: str) -> str:
    """`group` or `repeat` when the type ends one, else empty."""
    match = _END.match(written_type(text))
    return match[1].lower() if match else ""


def divided(text: str) -> tuple[str, str]:
    """The type and its list: ("select_one", "yesno"); ("text", "")."""
    written = written_type(text)
    for word in ("select_one", "select_multiple"):
        for spelling in (word, word.replace("_", " ")):
            if written.startswith(f"{spelling} "):
                return word, written.removeprefix(f"{spelling} ").strip()
    return written, ""


def outline(book: Book) -> list[Item]:
    """The outermost items in order."""
    heading = book.heading("survey", "type")
    types = [line.cells.get(heading, "") for line in book.survey.lines]
    pairs = _pairs(types)
    top: list[Item] = []
    opened: list[Item] = []
    for index, text in enumerate(types):
        if opened and index == opened[-1].end:
            opened.pop()
            continue
        parent = opened[-1] if opened else None
        item = Item(_kind(index, text, pairs), index, pairs.get(index, index), parent)
        (parent.children if parent else top).append(item)
        if item.is_container:
            opened.append(item)
    return top


def _pairs(types: list[str]) -> dict[int, int]:
    """The line of each begin to the line of its end; a begin or end without its other half is left out."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for index, text in enumerate(types):
        if begins(text):
            opened.append(index)
        elif (kind := ends(text)) and opened and begins(types[opened[-1]]) == kind:
            found[opened.pop()] = index
    return found


def _kind(index: int, text: str, pairs: dict[int, int]) -> str:
    if index in pairs:
        return begins(text)
    return "stray" if begins(text) or ends(text) else "question"


def walk(items: list[Item]) -> Iterator[Item]:
    """Every item, in the order of the form."""
    for item in items:
        yield from item.walk()


def find(book: Book, number: int) -> Item:
    """The item whose first line has this number; raises NotAllowed."""
    index = book.index(number)
    for item in walk(outline(book)):
        if index in (item.start, item.end):
            return item
    raise AssertionError("every line belongs to an item")


def lines_of(book: Book, item: Item) -> list[Line]:
    return book.survey.lines[item.start : item.end + 1]


def own_lines(book: Book, item: Item) -> list[Line]:
    """The item's first line, and the one that ends it."""
    lines = book.survey.lines
    return [lines[item.start]] if item.start == item.end else [lines[item.start], lines[item.end]]
