"""What a protection hides, in the words of the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from kotisatama.people import history_page, queries, registry
from kotisatama.people.forms import reader
from kotisatama.people.models import Channel
from kotisatama.people.protection_reading import Opened, OpenedPart

CHANGES = "people_personchange"
# Words for the columns that concealers seal; a concealer whose rows hold more says them itself.
LABELS: Mapping[str, Promise] = {
    "municipality": gettext_lazy("Municipality"),
    "street_address": gettext_lazy("Street address"),
    "postal_code": gettext_lazy("Postal code"),
    "post_office": gettext_lazy("Post office"),
    "place": gettext_lazy("Service point"),
    "service_point": gettext_lazy("Service point"),
    "note": gettext_lazy("Note"),
    "referred_to": gettext_lazy("Referred to"),
    "reason": gettext_lazy("Reason"),
    "what": gettext_lazy("What should be put right"),
    "address": gettext_lazy("Receiver"),
    "subject": gettext_lazy("Subject"),
    "body": gettext_lazy("Text"),
    "name": gettext_lazy("Name"),
    "question": gettext_lazy("Question"),
    "reply": gettext_lazy("Reply"),
}


@dataclass(frozen=True)
class Table:
    """The hidden parts of one table: its name on the screen, and of each row the columns with their values."""

    title: str
    rows: list[list[tuple[str, str]]]


def said(opened: Opened) -> dict[str, object]:
    """Context of the page: the person's own details, then table by table what other rows said."""
    municipalities, details = queries.municipality_names(reader()), opened.details
    kinds = dict(Channel.Kind.choices)
    known = {each.table: each for each in registry.concealers()}
    tables = [
        Table(
            str(known[source].title) if source in known else source, [_row(known.get(source), part) for part in parts]
        )
        for source, parts in groupby(opened.parts, key=lambda part: part.source)
    ]
    return {
        "protection": opened.protection,
        "municipality": municipalities.get(details.municipality, details.municipality),
        "channels": [(kinds.get(kind, kind), value, safe) for kind, value, safe, *_more in details.channels],
        "addresses": details.addresses,
        "places": details.places,
        "tables": tables,
    }


def _row(concealer: registry.Concealer | None, part: OpenedPart) -> list[tuple[str, str]]:
    if concealer and concealer.say:
        return list(concealer.say(part.row, part.content, reader()))
    if part.source == CHANGES:
        reason = [(str(LABELS["reason"]), part.content["reason"])] if part.content.get("reason") else []
        return history_page.told(part.content.get("before", {}), reader()) + reason
    return list(_pairs(part.content, queries.municipality_names(reader())))


def _pairs(content: Mapping[str, Any], municipalities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _pairs(value, municipalities)
        elif value not in (None, "", [], {}):
            text = municipalities.get(str(value), str(value)) if name == "municipality" else _plain(value)
            yield str(LABELS.get(name, name)), text


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_plain(each) for each in value)
    return ", ".join(_plain(each) for each in value.values()) if isinstance(value, Mapping) else str(value)
