"""Milliseconds to evaluate a form of 300 questions in a chain with 40 rows of a repeat, on the server.

No ratio: the bar is 20 ms. Every page and every sending evaluates the whole form at least once.
"""

import datetime
import json
import os
import statistics
import time
from typing import Any

ROUNDS = 50
QUESTIONS, ROWS = 290, 40
LABEL = "label::English (en)"


def rows() -> list[dict[str, str]]:
    """The survey sheet: each question is asked because of the one before; ten questions stand in the repeat."""
    found = [{"type": "begin_group", "name": "p1", LABEL: "Page"}]
    for number in range(QUESTIONS):
        before = {"relevant": f"${{q{number - 1}}} != '' and ${{q{number // 2}}} != 'x'"} if number else {}
        found.append({"type": "text" if number % 3 else "integer", "name": f"q{number}", LABEL: "Question", **before})
        if number % 10 == 9:
            found.append(
                {"type": "calculate", "name": f"c{number}", "calculation": f"${{q{number}}} + ${{q{number - 1}}} * 2"}
            )
    found.append({"type": "begin_repeat", "name": "r", LABEL: "Row"})
    for number in range(10):
        before = {"relevant": f"${{r{number - 1}}} != ''"} if number else {}
        found.append({"type": "text", "name": f"r{number}", LABEL: "Question", **before})
    found += [{"type": "end_repeat"}, {"type": "end_group"}]
    return [*found, {"type": "calculate", "name": "n", "calculation": "count(${r}) + sum(${q0})"}]


def main() -> None:
    """Compile the form once, evaluate it with every question answered, and print the median."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotisatama.config.settings")
    django.setup()
    from kotisatama.forms import definition, instance, xlsform

    survey = {"columns": ["type", "name", LABEL, "relevant", "calculation"], "rows": list(enumerate(rows(), 2))}
    nothing: dict[str, Any] = {"columns": [], "rows": []}
    source = xlsform.source_from_json({"name": "bench", "survey": survey, "choices": nothing, "settings": nothing})
    form = definition.compile_definition(source).definition
    assert form
    answers: dict[str, Any] = {f"q{number}": "abc" if number % 3 else number for number in range(QUESTIONS)}
    answers["r"] = [{f"r{number}": "abc" for number in range(10)} for _ in range(ROWS)]
    now = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    took = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        evaluation = instance.evaluate(form, answers, today=now.date(), now=now, timezone=datetime.UTC)
        took.append((time.perf_counter() - before) * 1000)
    assert evaluation.values["n"] == str(ROWS)
    assert all(evaluation.relevant.values())
    steps = instance.STEPS - evaluation.environment.budget.left
    figures = {
        "median_ms": statistics.median(took),
        "worst_ms": max(took),
        "fields": len(evaluation.relevant),
        "steps": steps,
    }
    print(json.dumps({key: round(value, 2) for key, value in figures.items()}))
