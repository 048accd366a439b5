"""Lists of choices: from the choices sheet, from tables that come with the form, and the choice "other"."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from kotisatama.forms.columns import Headings, language_of
from kotisatama.forms.structure import Choice, Labels

OTHER = "other"  # as pyxform names the choice of or_other
OTHER_LABEL = gettext_lazy("Other")
SPECIFY_LABEL = gettext_lazy("Specify other.")
LONGEST_NAME = 100


def name_complaint(list_name: str, name: str, others: Collection[str]) -> str:
    """What is wrong with the name of a further choice of the list, as a sentence."""
    if re.search(r"\s", name) or len(name) > LONGEST_NAME:
        return f"The name “{name}” has a space in it or is too long."
    if name in others:
        return f"The list “{list_name}” has two choices named “{name}”."
    return ""


def own_texts(sentence: Promise, languages: Iterable[str]) -> Labels:
    """A text of ours in the form's languages as far as it is translated; always in English, for the fallback."""
    with override("en"):
        found = {"en": str(sentence)}
    for code in languages:
        if code in dict(settings.LANGUAGES):
            with override(code):
                text = str(sentence)
            found |= {code: text} if text != found["en"] else {}
    return found


def other_choice(languages: Iterable[str]) -> Choice:
    """The choice that or_other adds to a list."""
    return Choice(OTHER, own_texts(OTHER_LABEL, languages), {})


def table_choices(table: Mapping[str, Any], headings: Headings, parameters: Mapping[str, str]) -> list[Choice] | str:
    """The rows of a table as choices, or a sentence about why they cannot be.

    `value` and `label` of the parameters name its columns; labels in languages stand in `label::suomi (fi)`.
    """
    columns: list[str] = list(table["columns"])
    value, label = parameters.get("value", "name"), parameters.get("label", "label")
    labels = {place: code for place, text in enumerate(columns) if (code := language_of(text, label, headings))}
    if value not in columns or not labels:
        return f"The table needs the columns “{value}” and “{label}”."
    found: dict[str, Choice] = {}
    for number, cells in enumerate(table["rows"], 2):
        row = dict(zip(columns, cells, strict=False))
        name = row[value]
        if not name or name in found or re.search(r"\s", name) or len(name) > LONGEST_NAME:
            return f"Row {number} of the table has no name, one with a space in it, or one that is used already."
        texts = {code: cells[place] for place, code in labels.items() if cells[place]}
        found[name] = Choice(name, texts or {headings.default: name}, {key: text for key, text in row.items() if text})
    return list(found.values())


def lookup_choices(table: Mapping[str, Any]) -> list[Choice]:
    """The rows of a table that only expressions look up; without a column name they have none."""
    rows = (dict(zip(table["columns"], cells, strict=False)) for cells in table["rows"])
    return [Choice(row.get("name", ""), {}, {key: text for key, text in row.items() if key != "name"}) for row in rows]
