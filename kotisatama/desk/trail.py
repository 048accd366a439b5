"""The trail on the screen: lines with names for their keys, and the same as a file."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from kotisatama.audit.models import Line
from kotisatama.kernel.spreadsheets import harmless
from kotisatama.network import queries as network
from kotisatama.staff import queries as staff

COLUMNS = ("at", "worker", "organisation", "action", "municipalities", "subject", "subject_id", "person_id", "details")


@dataclass(frozen=True)
class Row:
    """A line with names for its keys; worker and organisation are empty for visitors and the service itself."""

    line: Line
    worker: str
    organisation: str
    municipalities: list[str]


def rows(lines: Iterable[Line]) -> list[Row]:
    """Lines with names; three queries however many they are."""
    lines = list(lines)
    workers = staff.worker_names(line.worker_id for line in lines if line.worker_id)
    organisations = network.organisation_names(line.organisation_id for line in lines if line.organisation_id)
    municipalities = network.municipalities({code for line in lines for code in line.controllers})
    names = {each.code: each.name_fi for each in municipalities}
    return [
        Row(
            line,
            workers.get(line.worker_id or 0, ""),
            organisations.get(line.organisation_id or 0, ""),
            [names.get(code, code) for code in line.controllers],
        )
        for line in lines
    ]


def as_csv(lines: Iterable[Line]) -> bytes:
    """Comma-separated by RFC 4180, UTF-8 with a mark at its start; times in the site's zone, ISO 8601."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows(lines):
        line = row.line
        cells = [
            timezone.localtime(line.at).isoformat(timespec="seconds"),
            row.worker,
            row.organisation,
            line.action,
            ", ".join(row.municipalities),
            line.subject_type,
            str(line.subject_id or ""),
            str(line.person_id or ""),
            str(line.details or ""),
        ]
        writer.writerow([harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
