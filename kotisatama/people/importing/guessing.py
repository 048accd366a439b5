"""Which column may be which field, by the words of its heading; a worker looks at it before anything is read."""

from django.utils import translation

from kotisatama.people.importing import fields
from kotisatama.people.importing.mapping import Cells, ColumnMap, plain
from kotisatama.people.importing.tables import Table, TableRow

KEY = "key"
KEY_HEADINGS = ("asiakasnumero", "asiakasnro", "id", "nro", "numero", "kundnummer", "client id")


def heading_row(table: Table) -> TableRow:
    """The row with the most cells among the first: groups of headings above it are merged and so have fewer."""
    return max(table.rows[:5], key=lambda row: sum(1 for cell in row.cells if cell), default=TableRow(0, ()))


def guess(heading: str) -> str:
    """The field's name, `key` for the old register's own number, or empty."""
    word = plain(heading)
    if word in KEY_HEADINGS:
        return KEY
    for name, field in fields.table().items():
        labels = [plain(str(field.label))]
        for reader in fields.READERS:
            with translation.override(reader):
                labels.append(plain(str(field.label)))
        if word in labels:
            return name
    return next((name for name, field in fields.table().items() if _fits(word, field.headings)), "")


def _fits(word: str, headings: tuple[str, ...]) -> bool:
    return any(word == each or word.startswith(f"{each} ") or (len(each) > 4 and each in word) for each in headings)


def to_mapping(
    chosen: dict[str, str], *, source: str, controller: str, sheet: str, row: int, dates: tuple[str, ...]
) -> ColumnMap:
    """The mapping of what was chosen: field (or `key`, or empty) by heading, in the order of the columns."""
    columns: dict[str, list[str]] = {}
    for heading, name in chosen.items():
        if name:
            columns.setdefault(name, []).append(heading)
    key = columns.pop(KEY, [""])[0]
    known = fields.table()
    cells = {
        name: Cells(columns=tuple(found), split="," if known[name].many and len(found) == 1 else "")
        for name, found in columns.items()
    }
    return ColumnMap(cells, source=source, controller=controller, key=key, sheet=sheet, heading_row=row, dates=dates)
