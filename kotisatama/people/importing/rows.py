"""From a row of text to what the desk would have saved, or to problems located by row and column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import identity_codes, rules
from kotisatama.people.importing import budgets, fields
from kotisatama.people.importing.mapping import Cells, ColumnMap, plain
from kotisatama.people.importing.tables import Problem, Table, TableRow

SEARCHED_FOR_HEADINGS = 20
LONGEST_KEY = 100
MOST_OF_ONE_KIND = 10


@dataclass(frozen=True)
class Layout:
    """Where the headings stand and at which place each column is."""

    number: int
    width: int
    places: Mapping[str, int]
    sheet: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One row read: `given` holds the values by field, those only that the row fills; empty with problems.

    `key` is the old register's own number of the person, empty when it has none.
    """

    number: int
    key: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    sheet: str = ""


class NoLayout(Exception):
    """The table does not have the columns that the mapping names."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__()


def layout(table: Table, mapping: ColumnMap) -> Layout:
    """Find the row of headings: the one that the mapping names, else the first with all columns. Raises NoLayout."""
    wanted = [plain(column) for column in mapping.columns]
    first = [row for row in table.rows[:SEARCHED_FOR_HEADINGS] if mapping.heading_row in (0, row.number)]
    best = max(first, key=lambda row: len(set(wanted) & set(map(plain, row.cells))), default=TableRow(0, ()))
    headings = [plain(cell) for cell in best.cells]
    missing = [column for column in mapping.columns if plain(column) not in headings]
    twice = [column for column in mapping.columns if headings.count(plain(column)) > 1]
    problems = [
        *(Problem(table.sheet, best.number, column, _("The table has no such column.")) for column in missing),
        *(Problem(table.sheet, best.number, column, _("Two columns have this heading.")) for column in twice),
    ]
    if problems:
        raise NoLayout(problems)
    places = {column: headings.index(plain(column)) for column in mapping.columns}
    return Layout(best.number, len(headings), places, table.sheet)


def read(table: Table, mapping: ColumnMap) -> Iterator[Reading]:
    """Each row below the headings. Raises NoLayout before the first."""
    where = layout(table, mapping)
    reader = _RowReader(mapping, where)
    return (reader.read(row) for row in table.rows if row.number > where.number)


class _RowReader:
    """Reads one row after the other; keeps what is the same for all."""

    def __init__(self, mapping: ColumnMap, where: Layout) -> None:
        self.mapping, self.where = mapping, where
        self.context = fields.context(mapping.dates)
        self.empty = frozenset({"", *mapping.empty})
        self.known = fields.table()

    def read(self, row: TableRow) -> Reading:
        problems = list(self._flaws(row))
        key = self._cell(row, self.mapping.key) if self.mapping.key else ""
        if self.mapping.key and not key:
            problems.append(self._problem(row, self.mapping.key, _("The old register's own number is missing.")))
        given: dict[str, Any] = {}
        for name, cells in self.mapping.fields.items():
            value = self._field(row, name, cells, problems)
            if value not in (None, "", []):
                given[name] = value
        if not problems:
            given = self._together(row, given, problems)
        if problems:
            return Reading(row.number, key[:LONGEST_KEY], {}, tuple(dict.fromkeys(problems)), self.where.sheet)
        return Reading(row.number, key[:LONGEST_KEY], given, sheet=self.where.sheet)

    def _problem(self, row: TableRow, column: str, message: str) -> Problem:
        return Problem(self.where.sheet, row.number, column, message)

    def _flaws(self, row: TableRow) -> Iterator[Problem]:
        """What the child process found in the columns that are used, or in the row as a whole."""
        if len(row.cells) > self.where.width:
            yield self._problem(row, "", _flaw_sentence(budgets.SHIFTED))
        if budgets.WHOLE_ROW in row.flaws:
            yield self._problem(row, "", _flaw_sentence(row.flaws[budgets.WHOLE_ROW]))
            return
        for column, place in self.where.places.items():
            if place in row.flaws:
                yield self._problem(row, column, _flaw_sentence(row.flaws[place]))

    def _cell(self, row: TableRow, column: str) -> str:
        place = self.where.places[column]
        text = row.cells[place] if place < len(row.cells) else ""
        return "" if plain(text) in self.empty else text.strip()

    def _field(self, row: TableRow, name: str, cells: Cells, problems: list[Problem]) -> Any:
        column = cells.columns[0] if len(cells.columns) == 1 else " + ".join(cells.columns)
        values = []
        many = self.known[name].many
        for place, text in self._texts(row, cells, many):
            try:
                values.append(self._value(name, cells, text))
            except NotAllowed as reason:
                problems.append(self._problem(row, place or column or name, str(reason)))
        if len(values) > MOST_OF_ONE_KIND:
            problems.append(self._problem(row, column or name, _("These are too many values for one person.")))
        if many:
            return list(dict.fromkeys(value for value in values if value not in (None, "")))
        return values[0] if values else None

    def _texts(self, row: TableRow, cells: Cells, many: bool) -> Iterator[tuple[str, str]]:
        """(column, text) of each value of a field; texts of several columns are one text unless the field is a list."""
        if cells.constant:
            yield "", cells.constant
            return
        found = [(column, self._cell(row, column)) for column in cells.columns]
        found = [(column, text) for column, text in found if text]
        if not found and cells.default:
            yield cells.columns[0], cells.default
        elif not many:
            if found:
                yield (found[0][0] if len(found) == 1 else ""), " ".join(text for _column, text in found)
        else:
            for column, text in found:
                yield from ((column, part.strip()) for part in _split(text, cells.split) if part.strip())

    def _value(self, name: str, cells: Cells, text: str) -> Any:
        text = cells.values.get(plain(text), text)
        if not text:  # the mapping says that this value means nothing
            return None
        try:
            return self.known[name].read(text, self.context)
        except NotAllowed:
            if cells.other is None:
                raise
            return self.known[name].read(cells.other, self.context) if cells.other else None

    def _together(self, row: TableRow, given: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
        """What fields mean for each other: the year alone, the identity code beside the birthday, a name at all."""
        if not given.get("name"):
            problems.append(self._problem(row, self._columns("name"), _("Write a name.")))
        born, year_only = given.pop("date_of_birth", (None, False))
        marked = given.pop("birthday_is_placeholder", False)
        if marked == fields.FIRST_OF_JANUARY:
            marked = born is not None and (born.month, born.day) == (1, 1)
        if born:
            given |= {"date_of_birth": born, "birthday_is_placeholder": bool(year_only or marked)}
        if code := given.get("hetu"):
            try:
                rules.check_same_birthday(code, born, is_placeholder=given.get("birthday_is_placeholder", False))
            except NotAllowed as reason:
                problems.append(self._problem(row, self._columns("hetu"), str(reason)))
            else:
                given |= {"date_of_birth": identity_codes.birthday(code), "birthday_is_placeholder": False}
        return given

    def _columns(self, name: str) -> str:
        cells = self.mapping.fields.get(name, Cells())
        return " + ".join(cells.columns) or name


def _split(text: str, separator: str) -> Sequence[str]:
    return text.split(separator) if separator else [text]


def _flaw_sentence(flaw: str) -> str:
    return {
        budgets.FORMULA: _("The cell holds a formula. Replace it by its value."),
        budgets.LONG: _("The cell is longer than %(number)s characters.") % {"number": budgets.MOST_CHARACTERS},
        budgets.BROKEN: _("The cell holds the error of a formula."),
        budgets.ENCODING: _("The row is written in another encoding than the rest of the file."),
        budgets.SHIFTED: _("The row has more cells than there are headings: a separator may stand within a cell."),
    }[flaw]
