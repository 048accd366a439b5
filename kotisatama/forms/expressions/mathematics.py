"""Functions of numbers. Where mathematics has no answer, the answer is NaN or infinity, never an error."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

_MOST_DIGITS = 20


def rounded(value: float, digits: float = 0) -> float:
    """Halves go up, as XPath 4.4 says (-2.5 becomes -2); with digits, as many decimals (negative: tens)."""
    if not math.isfinite(value) or math.isnan(digits):
        return value
    places = int(max(-_MOST_DIGITS, min(_MOST_DIGITS, digits)))
    if places == 0:
        return float(math.floor(value + 0.5)) if abs(value) < 2**52 else value
    try:
        return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    except ArithmeticError:
        return value


def _safe(function: Callable[..., float]) -> Callable[..., float]:
    def call(*numbers: float) -> float:
        try:
            value = function(*numbers)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan
        return float(value)

    return call


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    return lambda value: float(function(value)) if math.isfinite(value) else value


def _power(base: float, exponent: float) -> float:
    return math.inf if base == 0 and exponent < 0 else math.pow(base, exponent)


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: -math.inf if value == 0 else function(value)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "int": _whole(math.trunc),
    "floor": _whole(math.floor),
    "ceiling": _whole(math.ceil),
    "round": rounded,
    "abs": abs,
    "pow": _safe(_power),
    "sqrt": _safe(math.sqrt),
    "exp": _safe(math.exp),
    "exp10": _safe(lambda value: math.pow(10, value)),
    "log": _safe(_logarithm(math.log)),
    "log10": _safe(_logarithm(math.log10)),
    "pi": lambda: math.pi,
    "sin": _safe(math.sin),
    "cos": _safe(math.cos),
    "tan": _safe(math.tan),
    "asin": _safe(math.asin),
    "acos": _safe(math.acos),
    "atan": _safe(math.atan),
    "atan2": _safe(math.atan2),
}
