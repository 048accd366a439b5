"""docs/how-to/forms-format.md from the code: what a form may hold."""

from collections.abc import Iterable, Iterator

from kotisatama.forms import columns, definition, kinds, limits, options, structure, tables, xlsform
from kotisatama.forms.expressions import signatures

PLACE = "docs/how-to/forms-format.md"
_INTRODUCTION = """# The format of forms

Made from `kotisatama/forms` by `kotisatama forms-doc`; do not edit by hand.

A form is a workbook in the format [XLSForm](https://xlsform.org): the sheets `survey`, `choices` and `settings`. The
rows are the source; what is downloaded is what was uploaded, and other programs (ODK, Kobo) open it. What is not in
these tables is refused when it is read, with its sheet, row and column, and so is what pyxform, the reference compiler,
refuses.

Texts stand in columns by language, `label::suomi (fi)`: the name and the registered code. A field in a repeat is named
by its rows, `member-0-child-1-name`. Times are those of the municipality's clock. Tables come as CSV beside the form,
or as sheets of the workbook whose names end in `.csv`.
"""


def text() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_parts()])


def _parts() -> Iterator[str]:
    yield _table("Types", ("type", "on the page"), kinds.TYPES.items())
    yield "With `or_other` a list gets the choice `other`, and a text question `<name>_other` follows, as in pyxform.\n"
    yield _table("Appearances", ("appearance", "types", "on the page"), (
        (name, ", ".join(sorted(types)), words) for name, (types, words) in kinds.APPEARANCES.items()
    ))  # fmt: skip
    yield _table("Columns", ("sheet", "with a language", "without"), (
        (sheet, _codes(columns.TRANSLATED[sheet]), _codes(columns.PLAIN[sheet])) for sheet in columns.PLAIN
    ))  # fmt: skip
    yield f"Passed over: {_codes(columns.IGNORED)}. Further columns of `choices` serve choice filters.\n"
    yield _table("Our columns", ("column", "what it says"), (
        (f"{options.PREFIX}::{name}", words) for name, words in options.COLUMNS.items()
    ))  # fmt: skip
    yield f"Targets of `maps_to` and `prefill`: {_codes(options.TARGETS)}.\n"
    yield "## Functions\n"
    yield f"{_codes(signatures.SIGNATURES)}.\n"
    yield _table("Refused functions", ("function", "why"), signatures.REFUSED.items())
    yield _table("Limits", ("what", "most"), _limits())


def _limits() -> Iterator[tuple[str, str]]:
    yield "size of the workbook", f"{xlsform.MOST_BYTES // 1_000_000} MB"
    yield "rows of survey, of choices", " and ".join(str(xlsform.MOST_ROWS[sheet]) for sheet in ("survey", "choices"))
    yield "columns of a sheet, characters of a cell", f"{xlsform.MOST_COLUMNS} and {xlsform.MOST_CHARACTERS}"
    yield "groups inside one another, repeats", f"{definition.MOST_DEPTH} and {definition.MOST_REPEATS_DEEP}"
    yield "rows of a repeat", f"{structure.MOST_ROWS_IN_REPEAT}, with most_rows {options.LARGEST_REPEAT}"
    yield "fields with every repeat full", str(limits.MOST_FIELDS)
    yield "tables, rows and columns of a table", f"{tables.MOST_TABLES}, {tables.MOST_ROWS} and {tables.MOST_COLUMNS}"


def _table(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(headings)
    lines = [f"## {title}\n", f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for first, *rest in rows:
        lines.append(f"| `{first}` | {' | '.join(rest)} |")
    return "\n".join([*lines, ""])


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
