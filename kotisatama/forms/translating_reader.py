"""The child process: a translator's file on standard input, JSON on standard output. No Django, no secrets.

`{"language": code, "entries": [[row, key, source, target, state]], "faults": [[row, column, code]]}`, or
`{"refused": code}` when nothing of the file can be used.
"""

import io
import json
import resource
import sys
import zipfile
from typing import Any

MOST_BYTES = 2_000_000
MOST_UNPACKED = 30_000_000
MOST_PARTS = 100
MOST_ROWS = 22_000
MOST_CHARACTERS = 10_000
MOST_COLUMNS = 20
SECONDS = 15
MEMORY = 500_000_000

Answer = dict[str, Any]


class Refused(Exception):
    """Nothing of the file can be used; the code says why."""


def main() -> None:
    """Read a file of the kind of the first argument: `xlsx` or `po`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        answer = _workbook(content) if sys.argv[1] == "xlsx" else _catalogue(content)
        answer |= {"faults": answer["faults"] + _doubtful(answer["entries"])}
    except Refused as reason:
        answer = {"refused": str(reason)}
    except MemoryError:
        answer = {"refused": "large"}
    sys.stdout.write(json.dumps(answer))


def _doubtful(entries: list[list[Any]]) -> list[list[Any]]:
    """Keys that are missing or stand twice, and texts that are too long."""
    faults: list[list[Any]] = []
    seen: set[str] = set()
    for row, key, _source, target, _state in entries:
        if not key:
            faults.append([row, "key", "no_key"])
        elif key in seen:
            faults.append([row, "key", "twice"])
        if len(target) > MOST_CHARACTERS:
            faults.append([row, "target", "long"])
        seen.add(key)
    return faults


def _workbook(content: bytes) -> Answer:
    _measure(content)
    import openpyxl  # only workbooks pay for it

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        titles = {str(sheet.title).strip().lower(): sheet for sheet in book.worksheets}
        sheet = titles.get("texts") or book.worksheets[0]
        cells = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 2, values_only=True)
        rows = [[_text(cell) for cell in row] for row in cells]
    except MemoryError:
        raise
    except Exception as reason:  # a stranger's file: whatever the library stumbles over is damage
        raise Refused("damaged") from reason
    if len(rows) > MOST_ROWS + 1:
        raise Refused("rows")
    return _from_rows(rows)


def _measure(content: bytes) -> None:
    """Refuse by the sizes that the archive's own directory declares; zipfile never unpacks more than is declared."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as reason:
        raise Refused("kind") from reason
    if len(content) > MOST_BYTES or len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED:
        raise Refused("large")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _from_rows(rows: list[list[str]]) -> Answer:
    headings = [cell.strip().lower() for cell in rows[0]] if rows else []
    places = {heading.partition("(")[0].strip(): place for place, heading in reversed(list(enumerate(headings)))}
    if not {"key", "source", "target"} <= places.keys():
        raise Refused("headings")
    language = headings[places["target"]].partition("(")[2].rstrip(") ")

    def cell(row: list[str], name: str) -> str:
        return row[places[name]] if name in places and places[name] < len(row) else ""

    entries = [
        [number, cell(row, "key").strip(), cell(row, "source"), cell(row, "target"), cell(row, "state").strip().lower()]
        for number, row in enumerate(rows[1:], start=2)
        if any(row)
    ]
    return {"language": language, "entries": entries, "faults": []}


def _catalogue(content: bytes) -> Answer:
    from babel.messages.pofile import read_po  # only catalogues pay for it

    if len(content) > MOST_BYTES:
        raise Refused("large")
    try:
        catalog = read_po(io.BytesIO(content), charset="utf-8", abort_invalid=True)
    except MemoryError:
        raise
    except Exception as reason:  # a stranger's file: whatever the library stumbles over is damage
        raise Refused("damaged") from reason
    entries: list[list[Any]] = []
    faults: list[list[Any]] = []
    for message in catalog:
        if not message.id:
            continue
        if not isinstance(message.id, str) or not isinstance(message.string, str):
            faults.append([message.lineno or 0, "msgid_plural", "plural"])
            continue
        state = "machine" if message.fuzzy else "new"
        entries.append([message.lineno or 0, message.context or "", message.id, message.string, state])
    if len(entries) > MOST_ROWS:
        raise Refused("rows")
    return {"language": str(catalog.locale_identifier or "").replace("_", "-"), "entries": entries, "faults": faults}


if __name__ == "__main__":
    main()
