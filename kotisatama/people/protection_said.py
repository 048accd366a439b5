"""What a protection hides, in the words of the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from kotisatama.people import queries, registry
from kotisatama.people.forms import reader
from kotisatama.people.models import Channel
from kotisatama.people.protection_reading import Opened


@dataclass(frozen=True)
class Table:
    """The hidden parts of one table: its name on the screen, and of each row the columns with their values."""

    title: str
    rows: list[list[tuple[str, str]]]


def said(opened: Opened) -> dict[str, object]:
    """Context of the page: the person's own details, then table by table what other rows said."""
    municipalities, details = queries.municipality_names(reader()), opened.details
    kinds = dict(Channel.Kind.choices)
    titles = {each.table: str(each.title) for each in registry.concealers()}
    tables = [
        Table(titles.get(source, source), [list(_pairs(part.content, municipalities)) for part in parts])
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


def _pairs(
    content: Mapping[str, Any], municipalities: Mapping[str, str], within: str = ""
) -> Iterator[tuple[str, str]]:
    labels = {"municipality": _("Municipality"), "note": _("Note"), "address": _("Receiver"), "name": _("Name")}
    labels |= {"referred_to": _("Referred to"), "subject": _("Subject"), "body": _("Text"), "reason": _("Reason")}
    labels |= {"phone": _("Telephone"), "email": _("E-mail"), "place": _("Service point")}
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _pairs(value, municipalities, name)
        elif value not in (None, "", [], {}):
            text = municipalities.get(str(value), str(value)) if name == "municipality" else _plain(value)
            yield labels.get(name, name), text


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_plain(each) for each in value)
    return ", ".join(_plain(each) for each in value.values()) if isinstance(value, Mapping) else str(value)
