"""A large form evaluated on the server, over a JSON round trip of the same answers, side by side.

The form has 300 questions: 290 in a chain in which each is asked because of the one before, with calculations and
constraints on the way, and 10 in a repeat of 40 rows, half of them conditional. One evaluation is what a posted
page needs twice: relevance, calculations and what is required, of the whole form.
"""

import datetime
import json
import statistics
import sys
import time
import zoneinfo
from collections.abc import Callable, Sequence
from typing import Any

ROUNDS = 60
CHAIN, ROWS = 290, 40
MOST_MS = 20
ZONE = zoneinfo.ZoneInfo("Europe/Helsinki")
NOW = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)


def rows() -> list[dict[str, str]]:
    """The survey sheet."""
    found = [{"type": "begin_group", "name": "p", "label": "Page"}, {"type": "text", "name": "q0", "label": "Q"}]
    for number in range(1, CHAIN):
        before = f"${{q{number - 1}}}"
        question = {"type": "text", "name": f"q{number}", "label": "Q", "relevant": f"{before} != ''"}
        if number % 3 == 0:
            question |= {"type": "integer", "required": f"{before} != '0'", "constraint": ". < 1000"}
        if number % 10 == 9:
            question |= {"type": "calculate", "calculation": f"concat({before}, '-', string-length({before}))"}
        found.append(question)
    found.append({"type": "begin_repeat", "name": "r", "label": "Row", "kotisatama::most_rows": "40"})
    for number in range(10):
        question = {"type": "text", "name": f"r{number}", "label": "R"}
        if number % 2:
            question |= {"relevant": f"${{r{number - 1}}} != '' and ${{q5}} != ''", "required": "yes"}
        found.append(question)
    return [*found, {"type": "end_repeat"}, {"type": "end_group"}]


def measure() -> dict[str, Any]:
    """Median milliseconds of both, in rounds that alternate, and how often the round trip fits into an evaluation."""
    from kotisatama.forms import definition, instance
    from kotisatama.forms.xlsform import Row, Source

    survey = tuple(Row(number, cells) for number, cells in enumerate(rows(), 2))
    columns = tuple(dict.fromkeys(heading for row in survey for heading in row.cells))
    source = Source({"survey": columns, "choices": (), "settings": ()}, survey, (), ())
    compiled = definition.compile_definition(source)
    form = compiled.definition
    assert form is not None
    assert not compiled.problems, compiled.problems
    answers: dict[str, Any] = {f"q{number}": number if number and number % 3 == 0 else "yes" for number in range(CHAIN)}
    answers["r"] = [{f"r{number}": "yes" for number in range(10)} for _ in range(ROWS)]

    def evaluated() -> None:
        evaluation = instance.evaluate(form, answers, today=NOW.date(), now=NOW, timezone=ZONE)
        assert evaluation.is_relevant(f"q{CHAIN - 1}")
        assert evaluation.is_relevant(f"r-{ROWS - 1}-r9")

    figures: dict[str, list[float]] = {"evaluate": [], "round_trip": []}
    for _ in range(ROUNDS):
        figures["evaluate"].append(_milliseconds(evaluated))
        figures["round_trip"].append(_milliseconds(lambda: json.loads(json.dumps(answers))))
    medians = {name: round(statistics.median(found), 3) for name, found in figures.items()}
    return {
        "questions": len(form.questions), "rows": ROWS, "evaluate_ms": medians["evaluate"],
        "json_round_trip_ms": medians["round_trip"], "ratio": round(medians["evaluate"] / medians["round_trip"], 1),
        "most_ms": MOST_MS, "passed": medians["evaluate"] <= MOST_MS,
    }  # fmt: skip


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def main(words: Sequence[str] = ()) -> None:
    """Print the figures as JSON."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotisatama.config.settings")
    django.setup()
    sys.stdout.write(json.dumps({"form_evaluation": measure()}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
