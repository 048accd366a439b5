"""Expressions: the shared vectors, what is refused, and that nothing else ever happens."""

import datetime
import json
import pathlib
import xml.etree.ElementTree as ElementTree
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotisatama.forms import expressions

VECTORS = json.loads((pathlib.Path(__file__).parent / "data" / "xpath_vectors.json").read_text())
EXCEPTIONS: dict[str, str] = {}  # expression: the reason why our value differs. None does.


def _copy(element: ElementTree.Element, parent: expressions.Node) -> None:
    repeated = element.tag == "r"
    node = parent.add(expressions.Node(element.tag, element.text or "", repeated=repeated))
    for child in element:
        _copy(child, node)


def document(xml: str) -> expressions.Node:
    above = expressions.Node("")
    _copy(ElementTree.fromstring(xml), above)
    return above


def choices(items: list[dict[str, str]]) -> expressions.Node:
    above = expressions.Node("")
    root = above.add(expressions.Node("root"))
    for item in items:
        node = root.add(expressions.Node("item"))
        for name, text in item.items():
            node.add(expressions.Node(name, text))
    return above


def environment(timezone: str = "UTC", steps: int = 100_000) -> expressions.Environment:
    zone = zoneinfo.ZoneInfo(timezone)
    return expressions.Environment(
        document=document(VECTORS["instance"]),
        today=datetime.date(2026, 11, 24),
        now=datetime.datetime(2026, 11, 24, 12, 30, tzinfo=datetime.UTC),
        timezone=zone,
        instances={name: choices(items) for name, items in VECTORS["secondary_instances"].items()},
        budget=expressions.Budget(steps),
    )


def value_of(expression: str, timezone: str = "UTC") -> str:
    place = environment(timezone)
    node = next(node for node in place.document.walk() if node.name == "c")
    return expressions.string(expressions.parse(expression), place, node)


@pytest.mark.parametrize(("expression", "expected"), [vector for vector in VECTORS["vectors"]])
def test_every_shared_vector_has_its_value(expression: str, expected: str) -> None:
    assert expression not in EXCEPTIONS
    assert value_of(expression, VECTORS["timezone"]) == expected
