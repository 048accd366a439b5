"""Tables beside a form as files: CSV to columns and rows, and back.

Whatever is refused is refused with its place: a table that lost a letter silently would be asked wrongly for years.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kotisatama.forms.tables import MOST_BYTES, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, NAME
from kotisatama.kernel.errors import NotAllowed

_SEPARATORS = (",", ";", "\t")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def check_name(name: str) -> str:
    """The name by which rows call the table; raises NotAllowed."""
    if not NAME.match(name):
        sentence = _("Name the table with letters from a to z, digits and low lines, at most 31, like this: places.csv")
        raise NotAllowed(sentence)
    return name


def read(content: bytes) -> dict[str, Any]:
    """`{"columns": [heading], "rows": [[text]]}` of a CSV file in UTF-8; raises NotAllowed with the place."""
    if len(content) > MOST_BYTES:
        raise NotAllowed(_("The table is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    text = _text(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        columns = _headings(next(lines, []))
        rows = [_row(cells, columns, lines.line_num) for cells in lines if any(cells)]
    except csv.Error as reason:
        raise _refused(lines.line_num, _("the quotation marks do not fit together")) from reason
    if len(rows) > MOST_ROWS:
        raise NotAllowed(_("The table has more than %(most)s rows.") % {"most": MOST_ROWS})
    return {"columns": columns, "rows": rows}


def write(table: Mapping[str, Any]) -> bytes:
    """The table as CSV by RFC 4180, UTF-8; what `read` reads again as the same."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table["columns"])
    writer.writerows(table["rows"])
    return text.getvalue().encode()


def _refused(line: int, reason: str) -> NotAllowed:
    return NotAllowed(_("Line %(line)s: %(reason)s.") % {"line": line, "reason": reason})


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotAllowed(_("The table is saved as UTF-16. Save it as “CSV UTF-8”."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        before = content[: reason.start]
        line, place = before.count(b"\n") + 1, reason.start - (before.rfind(b"\n") + 1) + 1
        sentence = _("Line %(line)s, byte %(place)s cannot be read as UTF-8. Save the table as “CSV UTF-8”.")
        raise NotAllowed(sentence % {"line": line, "place": place}) from reason
    if found := _CONTROL.search(text):
        raise _refused(text.count("\n", 0, found.start()) + 1, _("there is a character that cannot be shown"))
    return text


def _separator(text: str) -> str:
    """What separates the headings; a comma when there is only one."""
    first = text.split("\n", 1)[0]
    return max(_SEPARATORS, key=first.count)


def _headings(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if not columns or not all(columns):
        raise _refused(1, _("each column needs a heading"))
    if len(columns) > MOST_COLUMNS:
        raise _refused(1, _("there are more than %(most)s columns") % {"most": MOST_COLUMNS})
    if twice := next((each for each in columns if columns.count(each) > 1), ""):
        raise _refused(1, _("two columns have the heading “%(heading)s”") % {"heading": twice[:60]})
    return columns


def _row(cells: Sequence[str], columns: Sequence[str], line: int) -> list[str]:
    row = [cell.strip() for cell in cells]
    if any(row[len(columns) :]):
        raise _refused(line, _("there are more cells than headings"))
    if any(len(cell) > MOST_CHARACTERS for cell in row):
        raise _refused(line, _("a text is longer than %(most)s characters") % {"most": MOST_CHARACTERS})
    return [*row, *[""] * (len(columns) - len(row))][: len(columns)]
