"""Nothing that is put into the importer, an expression or a page ever crashes it.

Time-boxed here; KOTISATAMA_FUZZ_INPUTS=1000000 puts that many in, KOTISATAMA_FUZZ_SEED draws others.
"""

import json
import os
import random
import time
from collections.abc import Callable

import pytest
from django.test import Client

from kotisatama.forms import actions as forms
from kotisatama.forms import xlsform
from kotisatama.forms.definition import compile_definition
from kotisatama.kernel.testing import ROOT
from tests import builders, fuzzing

INPUTS = int(os.environ.get("KOTISATAMA_FUZZ_INPUTS", "0"))
SEED = int(os.environ.get("KOTISATAMA_FUZZ_SEED", "1"))
SHARES = {"expressions": 0.90, "pages": 0.09, "rows": 0.0095, "view": 0.0004, "workbooks": 0.0001}  # of the inputs
SECONDS = {
    "expressions": 2.5,
    "pages": 2.0,
    "rows": 2.0,
    "view": 1.5,
    "workbooks": 1.5,
}  # without KOTISATAMA_FUZZ_INPUTS
SLOWEST = 5.0  # seconds that one input may take, on a machine that has other things to do
WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
VECTORS = ROOT / "kotisatama" / "forms" / "tests" / "data" / "xpath_vectors.json"


def feed(part: str, once: Callable[[], object], record: Callable[[str, object], None]) -> None:
    """Put inputs in until there were enough, or the time is over; say how many, how quickly, and the slowest."""
    began, count, slowest = time.perf_counter(), 0, 0.0
    wanted = max(1, round(INPUTS * SHARES[part]))
    while count < wanted if INPUTS else time.perf_counter() - began < SECONDS[part]:
        before = time.perf_counter()
        once()
        slowest, count = max(slowest, time.perf_counter() - before), count + 1
    seconds = time.perf_counter() - began
    told = f"{count} in {seconds:.1f} s ({count / seconds:.0f} a second), the slowest {slowest * 1000:.0f} ms"
    record(f"fuzz {part}", told)
    print(f"{part}: {told}")  # noqa: T201 - the figures of the long run
    assert slowest < SLOWEST


def test_every_expression_gives_a_value_or_a_problem(record_property: Callable[[str, object], None]) -> None:
    feed("expressions", fuzzing.Expressions(SEED, json.loads(VECTORS.read_text())).once, record_property)


def test_every_row_gives_a_form_or_problems(record_property: Callable[[str, object], None]) -> None:
    contact_form = xlsform.read_workbook(WORKBOOK).to_json()
    feed("rows", fuzzing.Rows(SEED, contact_form).once, record_property)


def test_every_posted_page_is_kept_or_refused(record_property: Callable[[str, object], None]) -> None:
    contact_form = compile_definition(xlsform.read_workbook(WORKBOOK)).definition
    assert contact_form
    definitions = [contact_form, *fuzzing.drawn_definitions(15)]
    feed("pages", fuzzing.Pages(SEED, definitions).once, record_property)


def test_every_workbook_is_read_or_refused(record_property: Callable[[str, object], None]) -> None:
    contents = fuzzing.damaged(random.Random(SEED), WORKBOOK.read_bytes())
    feed("workbooks", lambda: compile_definition(xlsform.read_workbook(next(contents))), record_property)


@pytest.mark.django_db
def test_no_posted_page_is_an_error_of_the_server(record_property: Callable[[str, object], None]) -> None:
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    form = compile_definition(xlsform.read_workbook(WORKBOOK)).definition
    assert form
    pages, draw, visitors = fuzzing.Pages(SEED, [form]), random.Random(SEED), [Client() for _ in range(5)]

    def once() -> None:
        number, visitor = draw.randint(1, len(form.pages)), draw.choice(visitors)
        data = pages.posted(form, form.pages[number - 1], {})
        plain = {name: [text.encode(errors="replace").decode() for text in texts] for name, texts in data.items()}
        plain = {name.encode(errors="replace").decode(): texts for name, texts in plain.items()}
        response = visitor.post(f"/{draw.choice(['fi', 'ar'])}/form/yhteydenotto/{number}/", plain)
        assert response.status_code < 500, (number, plain)

    feed("view", once, record_property)
