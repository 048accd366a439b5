"""Rows of a form for tests of the builder."""

from collections.abc import Mapping
from typing import Any

LABELS = ("label::suomi (fi)", "label::svenska (sv)")
COLUMNS = ["type", "name", *LABELS, "required", "relevant", "constraint", "calculation", "choice_filter", "comment"]


def rows_of(
    survey: list[dict[str, str]], choices: list[dict[str, str]] | None = None, columns: list[str] | None = None
) -> dict[str, Any]:
    """Rows as the builder gets them, numbered without gaps."""
    return {
        "name": "form",
        "survey": {"columns": columns or COLUMNS, "rows": numbered(survey)},
        "choices": {"columns": ["list_name", "name", *LABELS, "colour"], "rows": numbered(choices or [])},
        "settings": {
            "columns": ["form_id", "form_title", "default_language", "instance_name"],
            "rows": [[2, {"form_id": "trial", "form_title": "Trial", "default_language": "suomi (fi)"}]],
        },
    }


def numbered(rows: list[dict[str, str]]) -> list[list[Any]]:
    return [[number, dict(cells)] for number, cells in enumerate(rows, 2)]


def row(kind: str, name: str = "", **cells: str) -> dict[str, str]:
    """A row with a label in Finnish; further cells by column."""
    label = {} if kind.startswith("end") or kind in ("calculate", "start") else {LABELS[0]: f"Teksti {name}"}
    return {"type": kind, **({"name": name} if name else {}), **label, **cells}


def yes_no() -> list[dict[str, str]]:
    return [
        {"list_name": "yesno", "name": "yes", LABELS[0]: "Kyllä", LABELS[1]: "Ja", "colour": "green"},
        {"list_name": "yesno", "name": "no", LABELS[0]: "Ei", LABELS[1]: "Nej"},
    ]


def family() -> dict[str, Any]:
    """A page with a condition, and one with a repeat whose rows a calculation reads by a plain name."""
    return rows_of(
        [
            row("begin_group", "page_you"),
            row("select_one yesno", "family", required="yes"),
            row("text", "who", relevant="${family} = 'yes'", comment="ask the funder"),
            row("end_group", "page_you"),
            row("begin_group", "page_family", relevant="${family} = 'yes'"),
            row("begin_repeat", "member"),
            row("select_one yesno", "child"),
            row("integer", "age", constraint=". < 120 and (${child} = 'no' or . < 18)"),
            row("end_repeat", "member"),
            row("calculate", "children", calculation="count(${member}[child = 'yes'])"),
            row("end_group", "page_family"),
            row("note", "bye", relevant="${children} > 0"),
        ],
        yes_no(),
    )


def names(rows: Mapping[str, Any]) -> list[str]:
    """The names on the survey sheet; an end is `/`."""
    return ["/" if cells["type"].startswith("end") else cells.get("name", "") for _, cells in rows["survey"]["rows"]]


def number_of(rows: Mapping[str, Any], name: str) -> int:
    return next(int(number) for number, cells in rows["survey"]["rows"] if cells.get("name") == name)


def cells_of(rows: Mapping[str, Any], name: str) -> dict[str, str]:
    return next(dict(cells) for _number, cells in rows["survey"]["rows"] if cells.get("name") == name)
