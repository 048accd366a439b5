"""A list of cases as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from kotisatama.cases.worklists import Line
from kotisatama.kernel.spreadsheets import harmless


def as_csv(lines: Iterable[Line]) -> bytes:
    """Comma-separated by RFC 4180, UTF-8 with a mark at its start so that spreadsheets read the letters right."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_headings())
    writer.writerows([harmless(cell) for cell in _cells(line)] for line in lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _headings() -> list[str]:
    return [
        _("Name"),
        _("Born"),
        _("Municipality"),
        _("Languages"),
        _("Reason"),
        _("Other reasons"),
        _("The plan is kept in"),
        _("Worker"),
        _("Team"),
        _("Open since"),
        _("Last contact"),
        _("Ground of stay"),
        _("Ground of stay ends"),
    ]


def _cells(line: Line) -> list[str]:
    case, person = line.case, line.case.person
    return [
        person.name,
        str(person.date_of_birth.year) if person.date_of_birth else "",
        line.municipality,
        ", ".join(name for _code, name in line.languages),
        str(case.get_reason_display()),
        ", ".join(case.further_reason_names),
        str(case.get_plan_kept_in_display()),
        case.worker.name,
        case.team.name if case.team else "",
        case.opened_on.isoformat(),
        _day(case.last_contact_on),
        str(person.get_ground_of_stay_display()),
        _day(person.ground_ends_on),
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
