"""Calls of functions with plain values, drawn at random."""

import random
from collections.abc import Callable

from tests.oracle.drawing import LABEL, Drawn, source

NUMBERS = ("0", "1", "-1", "2.5", "-2.5", "0.5", "-0.4", "10", "1000000", "3.14159", "'abc'", "''", "'5'", "0.07")
LITERALS = ("''", "'abc'", "'a-b-c'", "' x y '", "'ä'", "'12'", "'true'", "'1'", "'TRUE'", "' 5 '")
DAYS = ("'2021-03-04'", "'1969-12-31'", "'2000-02-29'", "''", "18690")
MOMENTS = ("'2021-03-04'", "'2021-03-04T10:20:00.000Z'", "'2021-03-04T10:20:00.000+02:00'", "''", "'x'")
ONE_NUMBER = (
    *("int", "round", "floor", "ceiling", "abs", "sqrt", "exp", "exp10", "log", "log10", "sin", "cos", "tan", "asin"),
    *("acos", "atan", "number", "string", "boolean", "not"),
)
ONE_TEXT = (
    *(
        "string-length",
        "normalize-space",
        "boolean-from-string",
        "count-selected",
        "boolean",
        "number",
    ),
    *("string", "not"),
)
TWO_TEXTS = ("contains", "starts-with", "ends-with", "substring-before", "selected", "concat")
ONE_DATE = ("date", "decimal-date-time")
OPERATORS = ("+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=")
FORMATS = ("%Y-%m-%d %H:%M:%S", "%y %n %e", "%b %a %h %3")
TIMES = ("'12:30:00'", "'00:00'", "'23:59:59.999'", "'24:00:00'", "''", "'x'")
HASHES = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")
PLACES = (
    "0 0 0 0; 0 1 0 0; 1 1 0 0",
    "60.1 24.9; 62.6 29.7",
    "60 24;60 25;61 25;61 24",
)


def drawn(seed: int, count: int) -> Drawn:
    """A form of calculations that call the functions with plain values."""
    draw, survey = random.Random(seed), [{"type": "note", "name": "seen", LABEL: "A note"}]
    ways: tuple[Callable[[], str], ...] = (
        lambda: f"{draw.choice(ONE_NUMBER)}({draw.choice(NUMBERS)})",
        lambda: f"{draw.choice(ONE_TEXT)}({draw.choice(LITERALS)})",
        lambda: f"{draw.choice(TWO_TEXTS)}({draw.choice(LITERALS)}, {draw.choice(LITERALS)})",
        lambda: f"{draw.choice(ONE_DATE)}({draw.choice(DAYS)})",
        lambda: f"decimal-date-time({draw.choice(MOMENTS)})",
        lambda: f"round({draw.choice(NUMBERS)}, {draw.randint(-2, 3)})",
        lambda: f"{draw.choice(['pow', 'atan2'])}({draw.choice(NUMBERS)}, {draw.choice(NUMBERS)})",
        lambda: f"{draw.choice(NUMBERS)} {draw.choice(OPERATORS)} {draw.choice(NUMBERS)}",
        lambda: f"{draw.choice(LITERALS)} {draw.choice(OPERATORS)} {draw.choice((*LITERALS, *NUMBERS))}",
        lambda: f"substr({draw.choice(LITERALS)}, {draw.randint(-3, 4)}, {draw.randint(-3, 6)})",
        lambda: f"substring({draw.choice(LITERALS)}, {draw.choice(NUMBERS)}, {draw.choice([0, 1, 2.5, 9])})",
        lambda: f"translate({draw.choice(LITERALS)}, {draw.choice(LITERALS)}, {draw.choice(LITERALS)})",
        lambda: f"format-date-time({draw.choice(MOMENTS)}, '{draw.choice(FORMATS)}')",
        lambda: f"decimal-time({draw.choice(TIMES)})",
        lambda: f"digest({draw.choice(LITERALS)}, '{draw.choice(HASHES)}', '{draw.choice(['hex', 'base64'])}')",
        lambda: (
            f"{draw.choice(['min', 'max'])}({draw.choice(NUMBERS)}, {draw.choice(NUMBERS)}, {draw.choice(NUMBERS)})"
        ),
        lambda: f"coalesce({draw.choice(LITERALS)}, {draw.choice(LITERALS)})",
        lambda: f"join({draw.choice(LITERALS)}, {draw.choice(LITERALS)}, {draw.choice(NUMBERS)})",
        lambda: f"selected-at({draw.choice(LITERALS)}, {draw.choice(NUMBERS)})",
        lambda: f"{draw.choice(['area', 'distance'])}('{draw.choice(PLACES)}')",
        lambda: (
            f"checklist({draw.randint(-1, 3)}, {draw.randint(-1, 3)}, true(), {draw.choice(['true()', 'false()'])})"
        ),
    )
    survey += [
        {"type": "calculate", "name": f"c{number}", "calculation": draw.choice(ways)()} for number in range(count)
    ]
    return Drawn(seed, source(survey, [], [{"form_title": "Functions", "form_id": "functions"}]), {})
