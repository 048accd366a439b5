"""Geometry of our small charts. No script, no pictures: the templates write SVG from what these functions measure.

A bar without a number (a suppressed count) is drawn as a dashed outline of a fixed small size, so that its length
says nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 480.0
LETTER = 7.2  # pixels that one letter takes at 13 px, measured for the longest municipality names
ROW_STEP, ROW_BAR = 30.0, 18.0
COLUMN_HEIGHT, AXIS_SPACE = 180.0, 44.0
HIDDEN = 14.0


@dataclass(frozen=True)
class Value:
    """What one bar shows. `amount` None means suppressed; `text` is the number as the page writes it."""

    label: str
    amount: float | None
    text: str


@dataclass(frozen=True)
class Box:
    """A rectangle; `kind` is its class in the style sheet."""

    x: float
    y: float
    width: float
    height: float
    kind: str = "bar"


@dataclass(frozen=True)
class Line:
    """A line of the axis or the grid."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str = "grid"


@dataclass(frozen=True)
class Text:
    """A piece of text; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    faint: bool = False


@dataclass(frozen=True)
class Chart:
    """A finished drawing; `id` must be the only one of its kind on the page."""

    id: str
    title: str
    description: str
    width: float
    height: float
    bars: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def part(value: float | None, largest: float | None) -> float:
    """The value as a percentage of the largest, 0–100; what is not nothing is at least 2, so that it can be seen."""
    if not value or not largest or value < 0:
        return 0.0
    return round(max(2.0, min(100.0, 100.0 * value / largest)), 1)


def nice_top(largest: float) -> float:
    """The end of an axis: the next 1, 2, 2.5 or 5 times a power of ten."""
    if largest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= largest)


def rows(identifier: str, title: str, description: str, values: Sequence[Value]) -> Chart:
    """Bars lying down, one row each: label, bar, number. For names that are long or many."""
    start = min(220.0, 14.0 + LETTER * max((len(value.label) for value in values), default=0))
    end = WIDTH - 16.0 - LETTER * max((len(value.text) for value in values), default=0)
    top = max((value.amount or 0 for value in values), default=0)
    chart = Chart(identifier, title, description, WIDTH, ROW_STEP * len(values) + 4)
    for index, value in enumerate(values):
        y = index * ROW_STEP + 6
        hidden = value.amount is None
        width = HIDDEN if value.amount is None else round((end - start) * part(value.amount, top) / 100, 1)
        chart.bars.append(Box(start, y, width, ROW_BAR, "hidden-count" if hidden else "bar"))
        chart.texts.append(Text(start - 10, y + 13.5, value.label, "end"))
        chart.texts.append(Text(round(start + width + 8, 1), y + 13.5, value.text, faint=hidden))
    return chart


def columns(identifier: str, title: str, description: str, values: Sequence[Value]) -> Chart:
    """Standing bars, for time: quarters, months. The number stands on its bar, so that no axis needs reading."""
    top = nice_top(max((value.amount or 0 for value in values), default=0))
    chart = Chart(identifier, title, description, WIDTH, COLUMN_HEIGHT + AXIS_SPACE)
    base = COLUMN_HEIGHT + 18
    step = WIDTH / max(1, len(values))
    for quarter in (0.25, 0.5, 0.75, 1.0):
        y = round(base - quarter * COLUMN_HEIGHT, 1)
        chart.lines.append(Line(0, y, WIDTH, y))
    chart.lines.append(Line(0, base, WIDTH, base, "axis"))
    for index, value in enumerate(values):
        hidden = value.amount is None
        height = HIDDEN if value.amount is None else round(COLUMN_HEIGHT * value.amount / top, 1)
        middle = round(step * (index + 0.5), 1)
        width = round(min(64.0, step * 0.6), 1)
        kind = "hidden-count" if hidden else "bar"
        chart.bars.append(Box(round(middle - width / 2, 1), round(base - height, 1), width, height, kind))
        chart.texts.append(Text(middle, round(base - height - 6, 1), value.text, "middle", hidden))
        chart.texts.append(Text(middle, base + 18, value.label, "middle", faint=True))
    return chart
