"""Drawing from weighted lists, and keys that the same seed makes again."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, part: str) -> Random:
    """A source of its own for each part, so that a change in one part leaves the others as they were."""
    return Random(f"kotisatama:{seed}:{part}")


def one(source: Random, weights: Mapping[T, float]) -> T:
    """One key, as often as its weight says."""
    return source.choices(list(weights), weights=list(weights.values()))[0]


def key(source: Random, at: datetime) -> uuid.UUID:
    """A UUID of version 7 of that moment whose random part comes from the source."""
    bits = source.getrandbits(74)
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (2**62 - 1))


def quotas(total: int, shares: Mapping[T, float]) -> dict[T, int]:
    """Whole numbers in the proportion of the shares that add up to the total (largest remainders)."""
    whole = sum(shares.values())
    exact = {name: total * share / whole for name, share in shares.items()}
    result = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: exact[name] - result[name], reverse=True)
    for name in by_remainder[: total - sum(result.values())]:
        result[name] += 1
    return result
