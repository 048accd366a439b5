"""The texts of one language as a file for a translator, and a translator's file as entries."""

import io
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.utils.translation import gettext as _

from kotisatama.forms import apart
from kotisatama.forms.translating_queries import Sheet
from kotisatama.forms.translating_reader import MOST_BYTES, SECONDS
from kotisatama.forms.translating_states import State
from kotisatama.forms.translating_words import what_it_is
from kotisatama.web import direction

COLUMNS = ("key", "source", "target", "state", "note")
WIDTHS = (34, 60, 60, 12, 34)
RIGHT_TO_LEFT = 2  # xlsxwriter's reading order


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook of one sheet: key, source, target, state and what each text is."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": sheet.version.changed_at.replace(tzinfo=None)})
        page = book.add_worksheet("texts")
        plain = {"text_wrap": True, "valign": "top", "num_format": "@"}
        formats = {
            code: book.add_format({**plain, "reading_order": RIGHT_TO_LEFT if direction.of(code) == "rtl" else 1})
            for code in (sheet.default, sheet.language)
        }
        other, bold = book.add_format(plain), book.add_format({"bold": True, "bottom": 1})
        headings = {"source": f"source ({sheet.default})", "target": f"target ({sheet.language})"}
        for column, (heading, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, headings.get(heading, heading), bold)
        for row, line in enumerate(sheet.lines, start=1):
            cells = (line.text.key, line.text.source, line.target, line.state.value, what_it_is(line))
            kinds = (other, formats[sheet.default], formats[sheet.language], other, other)
            for column, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
                page.write_string(row, column, cell, kind)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, len(sheet.lines), len(COLUMNS) - 1)
    return content.getvalue()


def as_po(sheet: Sheet) -> bytes:
    """A gettext catalogue: the key is the context; machine drafts and texts whose source has changed are fuzzy."""
    moment = sheet.version.changed_at
    catalog = Catalog(
        locale=sheet.language.replace("-", "_"),
        project=sheet.version.form.code,
        version=sheet.version.number,
        creation_date=moment,
        revision_date=moment,
        fuzzy=False,
        last_translator="",
        language_team="",
        header_comment=f"# {sheet.version.form.code} {sheet.version.number}: {sheet.default} → {sheet.language}",
    )
    for line in sheet.lines:
        flags = ["fuzzy"] if line.state in (State.MACHINE, State.STALE) else []
        catalog.add(line.text.source, line.target, context=line.text.key, flags=flags, auto_comments=[what_it_is(line)])
    content = io.BytesIO()
    write_po(content, catalog, width=0)
    return content.getvalue()


WRITERS: dict[str, tuple[Callable[[Sheet], bytes], str]] = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "po": (as_po, "text/x-gettext-translation; charset=utf-8"),
}


@dataclass(frozen=True)
class Entry:
    """One text of a file: where it stands, and what it says; `state` is a state's code, empty where none is told."""

    row: int
    key: str
    source: str
    target: str
    state: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file, and where; row 0 for the file as a whole."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Read:
    """What a file holds; `language` is the one that it says to be for."""

    entries: list[Entry]
    faults: list[Fault]
    language: str = ""


def read(content: bytes, *, kind: str) -> Read:
    """The entries of a stranger's file (`xlsx` or `po`), read in a child process with little memory and time."""
    if len(content) > MOST_BYTES:
        return _refused("large")
    try:
        answer = apart.ask("kotisatama.forms.translating_reader", kind, content=content, seconds=SECONDS + 5)
        if "refused" in answer:
            return _refused(answer["refused"])
        faults = [Fault(row, column, _sentence(code)) for row, column, code in answer["faults"]]
        return Read([Entry(*entry) for entry in answer["entries"]], faults, answer["language"])
    except subprocess.TimeoutExpired:
        return _refused("slow")
    except (OSError, ValueError, KeyError, TypeError):
        return _refused("damaged")


def _refused(code: str) -> Read:
    return Read([], [Fault(0, "", _sentence(code))])


def _sentence(code: str) -> str:
    return {
        "large": _("The file is larger than 2 MB, or unpacks to too much."),
        "slow": _("The file takes too long to read."),
        "kind": _("The file is neither a spreadsheet (.xlsx) nor a catalogue (.po)."),
        "rows": _("The file has too many rows."),
        "long": _("The text is too long."),
        "no_key": _("The key is missing."),
        "twice": _("This key stands in the file already."),
        "plural": _("Plural forms are not used in forms."),
        "headings": _("The first row has to name the columns key, source, target and state."),
    }.get(code, _("The file is damaged or too large to read."))
