"""The columns of ours: what they may say, and that they travel with their rows."""

import json
from typing import Any

import pytest

from kotisatama.forms import definition, writing, xlsform
from kotisatama.forms.tests.test_filling import contact_form
from kotisatama.forms.tests.test_xlsform import compiled, places, question


def ours(**cells: str) -> dict[str, str]:
    return {f"kotisatama::{column}": text for column, text in cells.items()}


def options(form: definition.Definition | None, name: str) -> dict[str, str]:
    assert form is not None
    return dict(form.questions[name].options if name in form.questions else form.sections[name].options)


def test_options_are_kept_with_questions_and_sections() -> None:
    result = compiled(
        question("r", "begin_repeat", **ours(maps_to="family.member", most_rows="40")),
        question("who", **ours(maps_to="Family.Name", locked="Yes", shared="no")),
        {"type": "end_repeat"},
        question("phone", **ours(maps_to="person.phone", prefill="yes", statistics="no", locked="no")),
        question("born", "date", **ours(prefill="person.date_of_birth", shared="yes")),
        question("ok", "acknowledge", **ours(consent="interpreter_booking")),
        question("plain"),
    )
    assert result.problems == ()
    form = result.definition
    assert options(form, "r") == {"maps_to": "family.member", "most_rows": "40"}
    assert options(form, "who") == {"maps_to": "family.name", "locked": "yes", "shared": "no"}
    assert options(form, "phone") == {"maps_to": "person.phone", "prefill": "person.phone", "statistics": "no"}
    assert options(form, "born") == {"prefill": "person.date_of_birth"}
    assert options(form, "ok") == {"consent": "interpreter_booking"}
    assert options(form, "plain") == {}
    assert form is not None
    assert definition.definition_from_json(json.loads(json.dumps(form.to_json()))) == form


@pytest.mark.parametrize(
    ("cells", "kind", "words"),
    [
        (ours(maps_to="person.nam"), "text", "Did you mean “person.name”"),
        (ours(maps_to="yes"), "text", "no target"),
        (ours(consent="x"), "text", "acknowledge or select_one"),
        (ours(consent="Å b"), "acknowledge", "code of a purpose"),
        (ours(locked="perhaps"), "text", "yes or no"),
        (ours(shared="2"), "text", "yes or no"),
        (ours(prefill="yes"), "text", "maps_to"),
        (ours(prefill="person.x"), "text", "no target"),
        (ours(most_rows="5"), "text", "Only a repeat"),
        (ours(most_rows="0"), "begin_repeat", "from 1 to 100"),
        (ours(most_rows="101"), "begin_repeat", "from 1 to 100"),
        (ours(most_rows="10000"), "begin_repeat", "from 1 to 100"),
        (ours(most_rows="9"), "begin_group", "Only a repeat"),
        (ours(consent="x"), "begin_group", "Only a question"),
    ],
)
def test_an_option_that_cannot_be_is_refused_at_its_cell(cells: dict[str, str], kind: str, words: str) -> None:
    rows: list[dict[str, Any]] = [question("a", kind, **cells)]
    if kind.startswith("begin_"):
        rows += [question("b"), {"type": kind.replace("begin", "end")}]
    result = compiled(*rows, question("other"))
    assert places(result) == [("survey", 2, next(iter(cells)))]
    assert words in result.problems[0].message


def test_a_column_of_ours_that_does_not_exist_is_refused() -> None:
    result = compiled(question("a", **ours(map_to="person.name")))
    assert places(result) == [("survey", 1, "kotisatama::map_to")]
    assert "Did you mean “kotisatama::maps_to”" in result.problems[0].message
    choice = {"list_name": "l", "name": "x", "label::suomi (fi)": "x", "kotisatama::locked": "yes"}
    assert places(compiled(question("a", "select_one l"), choices=[choice])) == [("choices", 1, "kotisatama::locked")]


def test_options_survive_the_workbook() -> None:
    rows = {"survey": {"columns": ["type", "name", "label", "kotisatama::maps_to"], "rows": [
        [2, {"type": "text", "name": "a", "label": "A", "kotisatama::maps_to": "person.name"}]
    ]}, "choices": {"columns": [], "rows": []}, "settings": {"columns": [], "rows": []}, "name": "f"}  # fmt: skip
    source = xlsform.source_from_json(rows)
    result = definition.compile_definition(xlsform.read_workbook(writing.workbook(source)))
    assert options(result.definition, "a") == {"maps_to": "person.name"}


def test_a_form_that_was_compiled_before_there_were_options_still_loads() -> None:
    form = contact_form()
    old = json.loads(
        json.dumps(form.to_json()), object_hook=lambda one: {k: v for k, v in one.items() if k != "options"}
    )
    assert definition.definition_from_json(old) == form
