"""Costs from the accounting's file: which column is what, what each row would become, and taking them in once.

A row is known by its voucher and line. The same row again changes nothing; the same voucher with another sum is
refused, because a ledger is corrected by a further row.
"""

import csv
import hashlib
import io
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.funding import amounts
from kotisatama.funding.models import Cost, CostFile, CostKind, Project
from kotisatama.kernel.errors import NotAllowed
from kotisatama.kernel.spreadsheets import FORMULA_SIGNS

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60
SHOWN = 20  # rows of a preview
SEPARATORS = ";,\t"
TARGETS = {
    "on": gettext_lazy("Day"),
    "amount": gettext_lazy("Amount"),
    "voucher": gettext_lazy("Voucher number"),
    "line": gettext_lazy("Line of the voucher"),
    "kind": gettext_lazy("Kind of cost"),
    "text": gettext_lazy("What for"),
    "who": gettext_lazy("Worker’s initials or role"),
    "hours": gettext_lazy("Hours"),
    "hourly_cost": gettext_lazy("Cost of an hour"),
}
NEEDED = ("on", "amount", "voucher", "kind")


@dataclass(frozen=True)
class Table:
    """A file's heading and rows, each with its number in the file (the heading is 1) and its cells."""

    encoding: str
    separator: str
    heading: list[str]
    rows: list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell; `column` is its heading, empty for a whole row."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = {"row": self.row, "column": self.column, "message": self.message}
        if self.column:
            return _("Row %(row)s, column “%(column)s”: %(message)s") % place
        return _("Row %(row)s: %(message)s") % place


@dataclass
class Preview:
    """What the file would do: rows to add, rows that are in the ledger already, and problems."""

    new: list[dict[str, Any]] = field(default_factory=list)
    known: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The first rows to add, with their kind in words."""
        return [each | {"label": CostKind(each["kind"]).label} for each in self.new[:SHOWN]]

    @property
    def total(self) -> Decimal:
        """The sum of the rows to add."""
        return sum((each["amount"] for each in self.new), amounts.NOTHING)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8 when it is, else Latin-1 as spreadsheets write it. NotAllowed for no text."""
    if len(content) > MOST_BYTES:
        raise NotAllowed(_("The file is larger than 2 MB. Send a part of it."))
    if b"\0" in content:
        raise NotAllowed(_("This is no CSV file. Save the table as CSV first."))
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("windows-1252"), "latin-1"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


def table(text: str, encoding: str) -> Table:
    """Read the text. NotAllowed, with the row, when it cannot be read."""
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                rows.append((number, [" ".join(cell.split()) for cell in cells]))
    except csv.Error as reason:
        raise NotAllowed(_("Row %(row)s cannot be read: its quotes do not close.") % {"row": number + 1}) from reason
    if len(rows) < 2:
        raise NotAllowed(_("The file needs a heading row and at least one row of costs."))
    if len(rows) > MOST_ROWS:
        raise NotAllowed(_("The file has more than %(most)s rows. Send a part of it.") % {"most": MOST_ROWS})
    _check_heading(rows[0][1])
    return Table(encoding, separator, rows[0][1], rows[1:])


def _check_heading(heading: list[str]) -> None:
    named = [each.casefold() for each in heading if each]
    if len(heading) > MOST_COLUMNS:
        raise NotAllowed(_("The heading row has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    twice = next((each for each in heading if named.count(each.casefold()) > 1), "")
    if twice:
        raise NotAllowed(_("Two columns are called “%(column)s”. Give them different names.") % {"column": twice})


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def fingerprint(content: bytes) -> str:
    """SHA-256 of the file."""
    return hashlib.sha256(content).hexdigest()


def key_of(project: Project, voucher: str, line: int) -> uuid.UUID:
    """The same voucher's line is the same row, whatever file it comes in."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{project.key}/{voucher}/{line}")


def guessed(heading: Iterable[str]) -> dict[str, str]:
    """Target by heading for columns whose names are usual in Finnish, Swedish or English."""
    usual = {
        "on": ("pvm", "päivä", "päivämäärä", "tositepäivä", "datum", "date", "day"),
        "amount": ("summa", "määrä", "euroa", "belopp", "amount", "sum"),
        "voucher": ("tosite", "tositenumero", "tositenro", "verifikat", "voucher"),
        "line": ("rivi", "rivinumero", "rad", "line", "row"),
        "kind": ("laji", "kululaji", "tili", "kostnadsslag", "konto", "kind", "account"),
        "text": ("selite", "kuvaus", "förklaring", "text", "description"),
        "who": ("tekijä", "työntekijä", "rooli", "roll", "who", "role"),
        "hours": ("tunnit", "timmar", "hours"),
        "hourly_cost": ("tuntihinta", "timpris", "hourly cost", "hourly"),
    }
    by_name = {name: target for target, names in usual.items() for name in names}
    found: dict[str, str] = {}
    for each in heading:
        target = by_name.get(each.casefold())
        if target and target not in found:
            found[target] = each
    return found


def checked_mapping(mapping: Mapping[str, str], heading: list[str]) -> None:
    """NotAllowed when a needed field has no column, or a column is not there."""
    missing = [str(TARGETS[each]) for each in NEEDED if not mapping.get(each)]
    if missing:
        raise NotAllowed(_("Choose a column for: %(fields)s.") % {"fields": ", ".join(missing)})
    strange = [each for each in mapping.values() if each and each not in heading]
    if strange:
        raise NotAllowed(_("The file has no column “%(column)s”.") % {"column": strange[0]})


def preview(project: Project, found: Table, mapping: Mapping[str, str]) -> Preview:
    """What each row would become. Two queries, however many rows."""
    checked_mapping(mapping, found.heading)
    places = {target: found.heading.index(column) for target, column in mapping.items() if column}
    ledger = {
        (voucher, line): (on, amount, kind)
        for voucher, line, on, amount, kind in Cost.objects.filter(project=project).values_list(
            "voucher", "line", "on", "amount", "kind"
        )
    }
    result = Preview()
    seen: dict[tuple[str, int], int] = {}
    for number, cells in found.rows:
        fields = _fields(project, number, cells, places, found, result.problems)
        if fields is None:
            continue
        key = (fields["voucher"], fields["line"])
        if key in seen:
            result.problems.append(Problem(number, "", _("The same voucher and line stand in row %s.") % seen[key]))
            continue
        seen[key] = number
        _sort_in(result, fields, ledger.get(key))
    return result


def _sort_in(result: Preview, fields: dict[str, Any], known: tuple[date, Decimal, str] | None) -> None:
    if known is None:
        result.new.append(fields)
    elif known == (fields["on"], fields["amount"], fields["kind"]):
        result.known += 1
    else:
        on, amount, _kind = known
        message = _("It is in the ledger already with other values (%(on)s, %(amount)s €). Add a correction instead.")
        result.problems.append(
            Problem(fields["file_row"], "", message % {"on": f"{on:%d.%m.%Y}", "amount": amounts.plain(amount)})
        )


def _fields(
    project: Project, number: int, cells: list[str], places: Mapping[str, int], found: Table, problems: list[Problem]
) -> dict[str, Any] | None:
    """The row's fields; None, with problems noted, when something is wrong."""
    fields: dict[str, Any] = {"file_row": number, "raw": found.separator.join(cells)[:2000]}
    before = len(problems)
    if len(cells) > len(found.heading):
        problems.append(Problem(number, "", _("The row has more cells than the heading has columns.")))
        return None
    for target in TARGETS:
        place = places.get(target)
        text = cells[place] if place is not None and place < len(cells) else ""
        try:
            fields[target] = READERS[target](text, project)
        except NotAllowed as reason:
            problems.append(Problem(number, found.heading[place] if place is not None else "", str(reason)))
    if len(problems) == before and (fields["hours"] is None) != (fields["hourly_cost"] is None):
        problems.append(Problem(number, "", _("Give hours and the cost of an hour, or neither.")))
    return fields if len(problems) == before else None


def _day(text: str, project: Project) -> date:
    """A day as 2023-01-31, 31.1.2023 or 31/1/2023, within the project."""
    iso, usual = (
        re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text),
        re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text),
    )
    numbers = tuple(map(int, iso.groups())) if iso else tuple(map(int, reversed(usual.groups()))) if usual else None
    try:
        day = date(*numbers) if numbers else None
    except ValueError:
        day = None
    if day is None:
        raise NotAllowed(_("“%(text)s” is no day. Write it as 31.1.2023.") % {"text": text[:40]})
    if not project.begins_on <= day <= project.ends_on:
        raise NotAllowed(_("This day lies outside of the project’s period."))
    return day


def _amount(text: str, _project: Project) -> Decimal:
    if not text:
        raise NotAllowed(_("The amount is missing."))
    found = amounts.amount(text)
    if not found:
        raise NotAllowed(_("A cost of zero is no cost."))
    return found


def _optional(text: str, _project: Project) -> Decimal | None:
    return amounts.hours(text) if text else None


def _plain(most: int, *, is_needed: bool = False) -> Callable[[str, Project], str]:
    def read(text: str, _project: Project) -> str:
        if text.startswith(FORMULA_SIGNS):
            raise NotAllowed(_("The cell looks like a formula. Write it as plain text."))
        if len(text) > most:
            raise NotAllowed(_("The text is longer than %(most)s characters.") % {"most": most})
        if is_needed and not text:
            raise NotAllowed(_("The cell is empty."))
        return text

    return read


def _line(text: str, _project: Project) -> int:
    if not text:
        return 1
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or not int(text):
        raise NotAllowed(_("“%(text)s” is no line number.") % {"text": text[:40]})
    return int(text)


def _kind(text: str, _project: Project) -> str:
    """A kind by its code, its name in the reader's language, or the usual Finnish and Swedish words."""
    words = {code: code for code in CostKind.values}
    words |= {str(label).casefold(): code for code, label in CostKind.choices}
    words |= {
        **dict.fromkeys(("palkka", "palkat", "löner", "lön"), CostKind.SALARY.value),
        **dict.fromkeys(("hankinta", "hankinnat", "inköp", "ostot"), CostKind.PURCHASE.value),
        **dict.fromkeys(("tulkkaus", "tulkit", "tolkning", "tolkar"), CostKind.INTERPRETER.value),
        **dict.fromkeys(("matka", "matkat", "resor"), CostKind.TRAVEL.value),
        **dict.fromkeys(("muu", "muut", "övrigt"), CostKind.OTHER.value),
    }
    found = words.get(text.casefold())
    if found is None:
        known = ", ".join(str(label) for label in CostKind.labels)
        raise NotAllowed(
            _("“%(text)s” is no kind of cost. Kinds are: %(known)s.") % {"text": text[:40], "known": known}
        )
    return found


READERS: dict[str, Callable[[str, Project], Any]] = {
    "on": _day,
    "amount": _amount,
    "voucher": _plain(40, is_needed=True),
    "line": _line,
    "kind": _kind,
    "text": _plain(200),
    "who": _plain(40),
    "hours": _optional,
    "hourly_cost": _optional,
}


def table_of(file: CostFile) -> Table:
    """The table of a file that waits."""
    return table(file.content, file.encoding)


def present(mapping: Mapping[str, str], found: Table) -> dict[str, str]:
    """The remembered columns that this file has: one that is not needed may be missing."""
    return {target: column for target, column in mapping.items() if column in found.heading}
