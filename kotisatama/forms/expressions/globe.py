"""Lengths and areas between points on a round earth, written "latitude longitude altitude accuracy; …"."""

import itertools
import math

RADIUS = 6_378_100.0  # metres: the equator's radius that ODK uses


def _points(texts: list[str]) -> list[tuple[float, float]]:
    """Latitude and longitude in radians; an empty list when any text is not a place."""
    found = []
    for text in ";".join(texts).split(";"):
        numbers = text.split()[:2]
        if not numbers:
            continue
        try:
            latitude, longitude = (math.radians(float(number)) for number in numbers)
        except ValueError:
            return []
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return []
        found.append((latitude, longitude))
    return found


def area(texts: list[str]) -> float:
    """Square metres inside the points, to two decimals; 0 for one or two, NaN when a text is not a place."""
    points = _points(texts)
    if len(points) < 3:
        return 0.0 if points else math.nan
    total = 0.0
    for (latitude, longitude), (next_latitude, next_longitude) in zip(points, points[1:] + points[:1], strict=True):
        total += (next_longitude - longitude) * (2 + math.sin(latitude) + math.sin(next_latitude))
    return round(abs(total * RADIUS * RADIUS / 2), 2)


def distance(texts: list[str]) -> float:
    """Metres along the points, to two decimals; NaN when a text is not a place."""
    points = _points(texts)
    if not points:
        return math.nan
    return round(sum(_between(one, other) for one, other in itertools.pairwise(points)), 2)


def _between(one: tuple[float, float], other: tuple[float, float]) -> float:
    (latitude, longitude), (other_latitude, other_longitude) = one, other
    half = math.sin((other_latitude - latitude) / 2) ** 2
    half += math.cos(latitude) * math.cos(other_latitude) * math.sin((other_longitude - longitude) / 2) ** 2
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(half)))
