"""The year as one table of cells: what the screen, the CSV, the XLSX and the JSON show alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kotisatama.contacts import queries as contacts
from kotisatama.contacts.models import Channel
from kotisatama.people import queries as people
from kotisatama.reports.counting import ELSEWHERE
from kotisatama.reports.queries import Figure, Line, Yearly
from kotisatama.reports.suppression import TOTAL, Mark
from kotisatama.translation import languages

HIDDEN = "–"
Cell = int | str


@dataclass(frozen=True)
class Row:
    """One line of the table: a place in a quarter or the whole year; hidden counts are texts."""

    line: Line
    place: str
    period: str
    contacts: Cell
    persons: Cell
    anonymous: Cell
    languages: str
    topics: str
    channels: str

    @property
    def cells(self) -> list[Cell]:
        """The cells in the order of `headings`."""
        counts = [self.contacts, self.persons, self.anonymous]
        return [self.place, self.period, *counts, self.languages, self.topics, self.channels]

    @property
    def is_year(self) -> bool:
        return self.line.quarter is None

    @property
    def is_total(self) -> bool:
        return self.line.place == TOTAL


@dataclass(frozen=True)
class Sheet:
    """The year's table in a reader's language."""

    year: int
    least: int
    headings: list[str]
    rows: list[Row]

    @property
    def years(self) -> list[Row]:
        """The year's line of each place, without the total."""
        return [row for row in self.rows if row.is_year and not row.is_total]

    @property
    def total(self) -> Row:
        """The year of all places together."""
        return next(row for row in self.rows if row.is_year and row.is_total)

    @property
    def has_hidden(self) -> bool:
        """Whether any count is hidden."""
        lines = [row.line for row in self.rows]
        return any(each.is_hidden for line in lines for each in (line.contacts, line.persons, line.anonymous))


def headings() -> list[str]:
    """The names of the columns."""
    return [
        _("Municipality"),
        _("Period"),
        _("Contacts"),
        _("Persons"),
        _("Anonymous"),
        _("Top languages"),
        _("Top topics"),
        _("Top channels"),
    ]


def shown(figure: Figure, least: int) -> Cell:
    """A count, or what stands for a hidden one: `<5` for a small one, a dash for one that would betray it."""
    if figure.mark is None:
        return figure.value or 0
    return f"<{least}" if figure.mark is Mark.SMALL else HIDDEN


def of(figures: Yearly, reader: str) -> Sheet:
    """The figures with every code named in the reader's language. Three queries, however many lines."""
    names = people.municipality_names(reader) | {ELSEWHERE: _("Elsewhere"), TOTAL: _("All together")}
    topics = {code: str(name) for code, name, _parent in contacts.topics(reader)}
    rows = [_row(line, figures, names, topics, reader) for line in figures.lines]
    return Sheet(figures.year, figures.least, headings(), rows)


def _row(line: Line, figures: Yearly, names: Mapping[str, str], topics: Mapping[str, str], reader: str) -> Row:
    quarter = line.quarter
    return Row(
        line=line,
        place=names.get(line.place, line.place),
        period=str(figures.year) if quarter is None else _("Quarter %(number)s") % {"number": quarter},
        contacts=shown(line.contacts, figures.least),
        persons=shown(line.persons, figures.least),
        anonymous=shown(line.anonymous, figures.least),
        languages=", ".join(languages.name_in(code, reader) for code in line.languages),
        topics=", ".join(topics.get(code, code) for code in line.topics),
        channels=", ".join(str(Channel(code).label) for code in line.channels),
    )


def place_name(place: str, reader: str) -> str:
    """The name of one place of the table."""
    names = people.municipality_names(reader) | {ELSEWHERE: _("Elsewhere"), TOTAL: _("All together")}
    return names.get(place, place)
