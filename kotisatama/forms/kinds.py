"""The types and appearances that our pages can show. The documentation's table is made from here."""

import difflib
import re
from typing import NamedTuple

from kotisatama.forms.structure import SELECTS

# Each type with what a person meets on the page.
TYPES = {
    "text": "a line of text; several lines with the appearance multiline",
    "integer": "a whole number, in the digits of any script",
    "decimal": "a number with a comma or a point",
    "date": "a day, written 11.2.1990 or 1990-02-11",
    "time": "a time, written 14:30 or 14.30",
    "dateTime": "a day and a time on the municipality's clock",
    "select_one": "one choice of a list on the choices sheet; with or_other one's own words too",
    "select_multiple": "several choices of a list; with or_other one's own words too",
    "select_one_from_file": "one choice of a CSV table that comes with the form",
    "select_multiple_from_file": "several choices of a CSV table",
    "note": "a text to read",
    "acknowledge": "a statement with a box to tick",
    "file": "a picture or a PDF",
    "image": "a picture; with the appearance signature a name drawn or typed",
    "calculate": "a value from an expression; nobody sees it",
    "hidden": "a fixed value (default); nobody sees it",
    "start": "when the form was begun",
    "end": "when the form was sent",
    "today": "the day on which the form was begun",
    "begin_group": "questions that belong together; outermost, a page of its own",
    "end_group": "the end of a group",
    "begin_repeat": "questions asked as often as needed; also inside another repeat, or as often as repeat_count says",
    "end_repeat": "the end of a repeat",
}
ALIASES = {
    "string": "text", "int": "integer", "datetime": "dateTime", "trigger": "acknowledge", "photo": "image",
    "begin group": "begin_group", "end group": "end_group", "begin repeat": "begin_repeat", "end repeat": "end_repeat",
}  # fmt: skip
LATER = frozenset({
    "geopoint", "geotrace", "geoshape", "audio", "video", "barcode", "rank", "range", "deviceid", "username", "email",
    "phonenumber", "csv-external", "xml-external", "select_one_external", "background-audio", "audit", "begin_loop",
    "simserial", "subscriberid",
})  # fmt: skip

# Each appearance with the types that may have it and what it does.
APPEARANCES: dict[str, tuple[frozenset[str], str]] = {
    "multiline": (frozenset({"text"}), "a field of several lines"),
    "numbers": (frozenset({"text"}), "a keypad of digits; leading zeros stay"),
    "minimal": (frozenset({"select_one"}), "a list to open instead of tiles"),
    "autocomplete": (frozenset({"select_one"}), "the same as minimal: typing finds a choice in the list"),
    "signature": (frozenset({"image"}), "a name drawn by hand where there is a script, or typed"),
    "field-list": (frozenset({"begin_group", "begin_repeat"}), "questions on one page, as groups are here anyway"),
}
_SELECT = re.compile(
    r"(select_one|select_multiple|select one|select multiple|select_one_from_file|select_multiple_from_file)"
    r"\s+(\S+)(\s+or_other)?\Z"
)
_AROUND_SIGN = re.compile(r"\s*=\s*")
_PARAMETER = re.compile(r"([a-z-]+)\s*=\s*(\S+)\Z")
_PARAMETERS = {"value": "from_file", "label": "from_file", "max-pixels": "image"}
_ASKED_AS = frozenset(TYPES) - SELECTS - {"select_one_from_file", "select_multiple_from_file"}


class Kind(NamedTuple):
    """What a cell of the type column says. `table` is the name of the file of a list that comes as one."""

    type: str
    list_name: str = ""
    or_other: bool = False
    table: str = ""


def usual(written: str) -> str:
    """The type as we call it."""
    written = " ".join(written.split())
    return ALIASES.get(written, ALIASES.get(written.lower(), written))


def kind(written: str) -> Kind | str:
    """The kind of a question, or a sentence about what is wrong with the type."""
    match = _SELECT.match(written)
    if match:
        command, list_name = match[1].replace("select ", "select_"), match[2]
        table = list_name if command.endswith("_from_file") else ""
        if table and match[3]:
            return "“or_other” goes with lists of the choices sheet only."
        return Kind(command.removesuffix("_from_file"), list_name, bool(match[3]), table)
    return Kind(written) if written in _ASKED_AS and "_" not in written else _complaint(written)


def _complaint(written: str) -> str:
    if not written:
        return "The type is missing."
    word = written.split()[0]
    if word in SELECTS or word in TYPES:
        return f"Write the name of the list after “{word}”."
    if word.lower() in LATER:
        return f"The type “{word}” is not supported yet."
    near = difflib.get_close_matches(word, sorted(TYPES), 1)
    return f"There is no type “{written}”." + (f" Did you mean “{near[0]}”?" if near else "")


def appearance_complaint(written: str, type_name: str) -> str:
    """What is wrong with the appearances of a row of this type, as a sentence; empty when nothing is."""
    for word in written.split():
        if word not in APPEARANCES:
            near = difflib.get_close_matches(word, APPEARANCES, 1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            return f"The appearance “{word}” is not supported.{hint}"
        if type_name not in APPEARANCES[word][0]:
            return f"The appearance “{word}” does not go with the type {type_name}."
    return ""


def parameters(written: str) -> dict[str, str] | None:
    """The parameters of a row, None when they cannot be read."""
    found = {}
    for part in _AROUND_SIGN.sub("=", written).split():
        match = _PARAMETER.match(part)
        if match is None:
            return None
        found[match[1]] = match[2]
    return found


def parameters_complaint(found: dict[str, str] | None, asked: Kind) -> str:
    """What is wrong with the parameters of a question, as a sentence."""
    if found is None:
        return "Write parameters like this: value=code label=title."
    for name, value in found.items():
        belongs = _PARAMETERS.get(name)
        if belongs is None:
            return f"The parameter “{name}” is not supported."
        if belongs != ("from_file" if asked.table else asked.type):
            return f"The parameter “{name}” does not go with this type."
        if name == "max-pixels" and not value.isdecimal():
            return "Write max-pixels as a whole number."
    return ""
