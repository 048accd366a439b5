"""Drawn forms filled in three times: by the server, by the browser's preview, by the reference engine of ODK.

310 forms by default; KOTISATAMA_ORACLE_FORMS says how many, KOTISATAMA_ORACLE_SEED from which seed on.
"""

import collections
import dataclasses
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from kotisatama.forms.expressions import signatures
from tests import node_programs
from tests.oracle import calls, comparing, drawing
from tests.oracle.comparing import Difference, Filled, ReferenceEngine
from tests.oracle.drawing import Drawn

FORMS = int(os.environ.get("KOTISATAMA_ORACLE_FORMS", "310"))
SEED = int(os.environ.get("KOTISATAMA_ORACLE_SEED", "0"))
AT_ONCE = 500  # forms in one process of Node


@dataclasses.dataclass
class Compared:
    """All forms, what differs without a reason, and how often each reason was needed."""

    forms: list[Filled]
    unexplained: list[Difference]
    reasons: collections.Counter[str]


@pytest.fixture(scope="module")
def compared() -> Compared:
    home = node_programs.installed(comparing.HERE, settings.VAR, "reference.mjs", "preview.mjs")
    found = Compared([], [], collections.Counter())
    with translation.override(comparing.LANGUAGE):
        for start in range(SEED, SEED + FORMS, AT_ONCE):
            seeds = range(start, min(SEED + FORMS, start + AT_ONCE))
            _compare((drawing.drawn(seed) for seed in seeds), home, found)
    return found


def _filled(drawn: Iterable[Drawn], engine: ReferenceEngine) -> Iterator[Filled]:
    for each in drawn:
        form = comparing.fill(each)
        engine.put(form)
        yield form


def _compare(drawn: Iterable[Drawn], home: Path, found: Compared) -> None:
    engine = ReferenceEngine(home)
    forms = list(_filled(drawn, engine))
    preview = list(comparing.by_preview(forms, home))
    for form, said, (shown, texts) in zip(forms, engine.said(), preview, strict=True):
        differences = [*comparing.differences(form, said), *comparing.preview_differences(form, shown, texts)]
        reasons = {difference: comparing.explained(form, difference) for difference in differences}
        found.unexplained += [difference for difference, reason in reasons.items() if not reason]
        found.reasons.update(filter(None, reasons.values()))
    found.forms += forms


def test_the_server_the_preview_and_the_reference_engine_say_the_same(compared: Compared) -> None:
    assert not compared.unexplained, "\n".join(map(str, compared.unexplained))
    assert compared.reasons.total() < FORMS / 5, "The exceptions have become the rule."


def test_the_drawn_forms_ask_enough_to_be_compared(compared: Compared) -> None:
    relevant = [asked for form in compared.forms for asked in form.evaluation.relevant.values()]
    assert len(relevant) > 10 * FORMS
    assert 0.1 < relevant.count(False) / len(relevant) < 0.7
    assert sum(bool(form.faults) for form in compared.forms) > FORMS / 3
    assert sum(bool(form.evaluation.values) for form in compared.forms) > FORMS / 3
    assert sum(not comparing.left_to_the_server(form) for form in compared.forms) > FORMS / 3
    rows = [form for form in compared.forms if any("-1-" in field for field in form.evaluation.nodes)]
    assert len(rows) > FORMS / 10


def test_functions_of_plain_values_are_those_of_the_reference_engine() -> None:
    home = node_programs.installed(comparing.HERE, settings.VAR, "reference.mjs", "preview.mjs")
    engine = ReferenceEngine(home)
    forms = list(_filled((calls.drawn(SEED + part, 250) for part in range(3)), engine))
    found = [each for form, one in zip(forms, engine.said(), strict=True) for each in comparing.differences(form, one)]
    calculations = [{row["name"]: row.get("calculation") for row in form.drawn.rows} for form in forms]
    assert [(calculations[each.seed - SEED][each.field], each.server, each.other) for each in found] == []
    assert sum(name in str(calculations) for name in signatures.SIGNATURES) > 40


def test_the_docs_give_the_reason_of_every_exception() -> None:
    page = (settings.ROOT / "docs/how-to/forms-expressions.md").read_text(encoding="utf-8")
    assert [reason for reason in comparing.EXCEPTIONS.values() if reason not in page] == []
