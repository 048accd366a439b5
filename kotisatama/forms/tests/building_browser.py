"""The builder's pages as a main user's browser asks for them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from kotisatama.forms.models import Version
from kotisatama.forms.tests.building_rows import number_of


def address(version: Version, name: str = "form", *further: str) -> str:
    return reverse(f"building:{name}", args=[version.form.code, version.number, *further])


def typed(client: Client, version: Version, **query: str | int) -> dict[str, Any]:
    """The panel's fields as the page gives them to the browser."""
    context = client.get(address(version), query).context
    panel = context["panel"]
    found = {name: panel.form[name].value() or "" for name in panel.form.fields if not panel.form.fields[name].disabled}
    for column, fields in panel.conditions.items():
        found[f"{column}-mode"] = fields.mode
        found[f"{column}-joiner"] = fields.joiner
        found[f"{column}-text"] = fields.text
        for line in fields.lines:
            for part in ("question", "operator", "value"):
                found[f"{column}-{line.place}-{part}"] = getattr(line, part)
    frame = {"revision": version.revision, "number": panel.number, "row_name": panel.name, "was": panel.was}
    return {**found, **frame, "target": panel.target, "place": panel.place, "kind": panel.kind, "do": "save"}


def row_of(version: Version, name: str) -> int:
    return number_of(version.source, name)


def step(client: Client, version: Version, do: str, **fields: object) -> Any:
    version.refresh_from_db()
    return client.post(address(version, "step"), {"revision": version.revision, "do": do, **fields})
