"""A file of an old register as rows of text: looked at from outside, then read in a child process with limits."""

import io
import json
import pathlib
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import puremagic
from django.utils.translation import gettext as _

from kotisatama.people.importing import budgets

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and new ones under a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".jar", ".exe", ".bin")
PLAIN_PARTS = ("xl/printersettings/",)  # what printers leave behind ends in .bin and is never opened
ROOT = pathlib.Path(__file__).resolve().parents[3]
# All that the child process is told: no keys, no address of the database.
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong and where: `row` as the spreadsheet numbers it (0 for the whole), `column` its heading."""

    sheet: str
    row: int
    column: str
    message: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells by their place; `flaws` are codes of `budgets` by place, -1 for the row as a whole."""

    number: int
    cells: tuple[str, ...]
    flaws: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The rows that are not empty, headings among them; nothing can be used when `problems` has any."""

    about: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[TableRow, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def sheet(self) -> str:
        """The sheet's title; empty for CSV."""
        return str(self.about.get("sheet", ""))


def read(content: bytes, *, sheet: str = "", separator: str = "") -> Table:
    """Read a table given as the content of its file. Never raises: what is wrong stands in `problems`."""
    kind, complaint = _kind(content)
    if complaint:
        return _refused(complaint)
    return _read_apart(content, {"kind": kind, "sheet": sheet, "separator": separator})


def read_file(path: pathlib.Path) -> bytes | Problem:
    """The content of a file, at most one byte more than is allowed."""
    try:
        with path.open("rb") as file:
            return file.read(budgets.MOST_BYTES + 1)
    except OSError as error:
        return Problem("", 0, "", _("The file cannot be read: %(reason)s.") % {"reason": error.strerror or error})


def _refused(message: str, *, sheet: str = "", row: int = 0) -> Table:
    return Table(problems=(Problem(sheet, row, "", message),))


def _kind(content: bytes) -> tuple[str, str]:
    """("csv" or "xlsx", complaint) by the content, never by the name."""
    if len(content) > budgets.MOST_BYTES:
        return "", _("The file is larger than %(number)s MB.") % {"number": budgets.MOST_BYTES // 1_000_000}
    if not content.strip():
        return "", _("The file is empty.")
    if content.startswith(OLE) and ENCRYPTED in content:
        return "", _("The file is protected with a password. Save it without one and send it again.")
    if content.startswith(OLE):
        return "", _("This is an old spreadsheet (.xls). Save it as .xlsx or CSV and send it again.")
    if content.startswith(ZIP):
        return "xlsx", _archive_complaint(content)
    return "csv", _text_complaint(content)


def _text_complaint(content: bytes) -> str:
    if content.lstrip()[:1] == b"<":
        return _("This is a web page or XML, not a table. Save it as .xlsx or CSV and send it again.")
    if b"\0" in content[:100_000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("This is not a table but a file of the type %(kind)s. Send .xlsx or CSV.") % {"kind": _name(content)}
    if _name(content) in {"PDF", "RTF", "PNG", "JPG", "GIF", "GZ", "BZ2", "7Z", "RAR", "PS"}:
        return _("This is not a table but a file of the type %(kind)s. Send .xlsx or CSV.") % {"kind": _name(content)}
    return ""


def _name(content: bytes) -> str:
    try:
        found = puremagic.from_string(content[:4_000])
    except (puremagic.PureError, ValueError):
        return "?"
    return found.strip(".").upper() or "?"


def _archive_complaint(content: bytes) -> str:
    """What forbids unpacking a workbook, by the sizes that its own directory declares; empty when nothing does.

    zipfile never unpacks more of a part than is declared, so a lie about the size cannot get past this.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return _("The file is damaged: it cannot be unpacked.")
    names = [part.filename.lower() for part in parts]
    if len(parts) > budgets.MOST_PARTS or sum(part.file_size for part in parts) > budgets.MOST_UNPACKED:
        return _("The file unpacks to more than %(size)s MB or %(number)s parts. It is not opened.") % {
            "size": budgets.MOST_UNPACKED // 1_000_000,
            "number": budgets.MOST_PARTS,
        }
    if "xl/workbook.xml" not in names:
        return _("This archive is not a spreadsheet of the type .xlsx.")
    if any(part.flag_bits & 1 for part in parts):
        return _("The file is protected with a password. Save it without one and send it again.")
    if any(name.endswith(ARCHIVES) and not name.startswith(PLAIN_PARTS) for name in names):
        return _("The spreadsheet holds other files or macros. Save it as plain .xlsx or CSV and send it again.")
    return ""


def _read_apart(content: bytes, options: Mapping[str, str]) -> Table:
    limits = {"memory": budgets.MEMORY, "seconds": budgets.CPU_SECONDS}
    command = [sys.executable, "-m", "kotisatama.people.importing.table_reader", json.dumps({**options, **limits})]
    try:
        child = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=budgets.WALL_SECONDS,
            cwd=ROOT,
            env=ENVIRONMENT,
            check=False,
        )
        return _table(child.stdout.splitlines(), str(options.get("sheet", "")))
    except subprocess.TimeoutExpired:
        return _refused(_("The file takes too long to read."))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return _refused(_("The file is damaged, or takes too much memory or time to read."))


def _table(lines: list[bytes], sheet: str) -> Table:
    last = json.loads(lines[-1])
    if "refused" in last:
        return _refused(_sentence(last), sheet=sheet, row=int(last.get("row", 0)))
    if last["end"] != len(lines) - 2:
        raise ValueError("the child ended too early")
    return Table(json.loads(lines[0]), tuple(_rows(lines[1:-1])))


def _rows(lines: Iterable[bytes]) -> Iterable[TableRow]:
    none: dict[int, str] = {}
    for line in lines:
        number, cells, flaws = json.loads(line)
        yield TableRow(number, tuple(cells), {int(place): flaw for place, flaw in flaws.items()} if flaws else none)


def _sentence(answer: Mapping[str, Any]) -> str:
    """The child's code as a sentence."""
    given = dict(answer)
    code = given.pop("refused")
    if code == "no_sheet":
        known = ", ".join(map(str, answer["known"]))[:300]
        return _("There is no sheet “%(wanted)s”. The sheets are: %(known)s.") % {
            "wanted": given["wanted"],
            "known": known,
        }
    sentences = {
        "columns": _("This row has %(found)s columns. At most %(most)s are read; delete those that are not needed."),
        "rows": _("The table has more than %(rows)s rows. Import it in parts."),
        "text": _("The table holds too much text to be a register of clients."),
        "sheets": _("The file has %(found)s sheets. Keep only the one with the clients."),
        "encoding": _("The text of this row is not in the encoding that the file names (%(encoding)s)."),
        "quotes": _(
            "A quotation mark in this row is not closed, or stands within a cell. Correct it and send it again."
        ),
        "not_text": _("The file is not a text table."),
        "memory": _("The file takes too much memory to read."),
        "damaged": _("The file is damaged: it cannot be read as a spreadsheet."),
    }
    return sentences[code] % (given | {"most": budgets.MOST_COLUMNS, "rows": budgets.MOST_ROWS})
