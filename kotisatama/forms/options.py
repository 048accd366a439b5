"""The columns of ours in a form: headed `kotisatama::…`, which other programs pass over.

They say what an answer means here: where in the register it belongs, whether it is a consent, who may see or change it.
A row's options are kept with its question or section, in lower case and without those that change nothing.
"""

import difflib
import re
from collections.abc import Mapping

PREFIX = "kotisatama"

# Where an answer belongs. A repeat of family members maps to family.member, its questions to family.….
TARGETS = frozenset({
    "person.name", "person.first_names", "person.last_name", "person.date_of_birth", "person.identity_code",
    "person.sex", "person.citizenship", "person.phone", "person.phone_safe", "person.email", "person.address",
    "person.municipality", "person.mother_tongue", "person.language", "person.service_language", "person.interpreter",
    "person.ground_of_stay", "person.permit", "person.permit_ends", "person.arrived", "person.note", "person.guardian",
    "family.member", "family.name", "family.date_of_birth", "family.birth_year", "family.relation",
    "contact.topics", "contact.text", "contact.urgent", "contact.reply_by", "contact.documents", "case.document",
})  # fmt: skip
_PURPOSE = re.compile(r"[a-z][a-z0-9_.-]{0,39}\Z")
_YES_NO = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
# What an empty cell means.
_USUAL = {"locked": "no", "shared": "yes", "statistics": "yes", "prefill": "no", "identifies": "no"}

# Each column with what it says, for the documentation.
COLUMNS = {
    "maps_to": "where in the register the answer belongs, such as person.phone or contact.topics",
    "consent": "the code of a purpose: the text is a consent and is kept word by word, with version and language",
    "identifies": "yes: an expert who is asked without identity never sees the answer",
    "locked": "yes: the builder may not change this row",
    "prefill": "yes (with maps_to) or a target: known to the register, shown to a known client, verified ones fixed",
    "shared": "no: a helper who fills in along does not see the answer",
    "statistics": "no: answers are not counted",
    "most_rows": "on a repeat: the most rows, 1 to 100 (20 without it)",
}
LARGEST_REPEAT = 100
ON_SECTIONS = frozenset({"maps_to", "locked", "shared", "statistics", "most_rows"})
CONSENTS = frozenset({"acknowledge", "select_one"})


def heading_complaint(column: str) -> str:
    """What is wrong with the part behind `kotisatama::`, as a sentence; empty when it is one of ours."""
    if column in COLUMNS:
        return ""
    near = difflib.get_close_matches(column, COLUMNS, 1)
    return f"There is no column “{PREFIX}::{column}”." + (f" Did you mean “{PREFIX}::{near[0]}”?" if near else "")


def complaint(column: str, written: str, kind: str) -> str:
    """What is wrong with a filled cell of a row of this type (a question's, or page, group, repeat)."""
    if kind in ("page", "group", "repeat") and column not in ON_SECTIONS:
        return "Only a question can have this."
    if column == "most_rows":
        return _most_rows_complaint(written, kind)
    if column == "consent":
        return _consent_complaint(written, kind)
    if column == "maps_to" or (column == "prefill" and written not in _YES_NO):
        return _target_complaint(written)
    return "" if written in _YES_NO else "Write yes or no."


def _most_rows_complaint(written: str, kind: str) -> str:
    if kind != "repeat":
        return "Only a repeat can have this."
    fits = re.fullmatch(r"[1-9][0-9]{0,2}", written) and int(written) <= LARGEST_REPEAT
    return "" if fits else f"Write a whole number from 1 to {LARGEST_REPEAT}."


def _consent_complaint(written: str, kind: str) -> str:
    if kind not in CONSENTS:
        return "A consent is asked with the type acknowledge or select_one."
    return "" if _PURPOSE.match(written) else f"“{written}” cannot be the code of a purpose. Use letters from a to z."


def _target_complaint(written: str) -> str:
    if written in TARGETS:
        return ""
    near = difflib.get_close_matches(written, TARGETS, 1)
    return f"There is no target “{written}”." + (f" Did you mean “{near[0]}”?" if near else "")


def settled(written: Mapping[str, str]) -> dict[str, str]:
    """The options of a row without those that change nothing; `prefill` becomes the target to fill in from.

    `written` has passed `complaint` and is in lower case.
    """
    plain = {column: _YES_NO.get(text, text) for column, text in written.items()}
    found = {column: text for column, text in plain.items() if _USUAL.get(column) != text}
    if found.get("prefill") == "yes":
        found["prefill"] = found.get("maps_to", "")
    return found
