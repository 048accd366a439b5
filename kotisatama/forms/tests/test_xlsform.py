"""From a workbook to a form: what is read, and what is refused with its sheet, row and column."""

import io
import json
import pathlib
import zipfile
from typing import Any

import openpyxl
import pytest

from kotisatama.forms import definition, patterns, reference_compiler, xlsform

CONTACT_FORM = pathlib.Path(definition.__file__).parent / "definitions" / "yhteydenotto.xlsx"
LABEL = "label::suomi (fi)"

Rows = list[dict[str, Any]]


def workbook(survey: Rows, choices: Rows | None = None, settings: dict[str, Any] | None = None) -> bytes:
    """An .xlsx file with these rows; a row's keys are the headings."""
    book = openpyxl.Workbook()
    for name, rows in (("survey", survey), ("choices", choices or []), ("settings", [settings] if settings else [])):
        sheet = book.create_sheet(name)
        headings = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def question(name: str = "a", kind: str = "text", **cells: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, LABEL: "Kysymys", **cells}


def compiled(
    *survey: dict[str, Any], choices: Rows | None = None, settings: dict[str, Any] | None = None
) -> definition.Compiled:
    source = xlsform.read_workbook(workbook(list(survey), choices, settings or {"form_id": "f", "form_title": "F"}))
    return definition.compile_definition(source)


def places(result: definition.Compiled) -> list[tuple[str, int, str]]:
    return [(problem.sheet, problem.row, problem.column) for problem in result.problems]


def test_the_contact_form_has_no_problems() -> None:
    result = definition.compile_definition(xlsform.read_workbook(CONTACT_FORM))
    assert result.problems == ()
    form = result.definition
    assert form is not None
    assert (form.form_id, form.version, form.default_language) == ("yhteydenotto", "2026112502", "fi")
    assert form.languages == ("fi", "sv", "en", "ru", "uk", "ar")
    assert [page.name for page in form.pages] == ["page_about", "page_you", "page_family", "page_contact"]
    assert [question.name for question in form.background] == ["start", "today"]
    assert definition.text(form.questions["message"].labels, "ar") == ("أخبرنا باختصار", "ar")
    assert form.questions["member_name"].repeat == "member"


def test_a_form_and_its_source_survive_json() -> None:
    source = xlsform.read_workbook(CONTACT_FORM)
    assert xlsform.source_from_json(json.loads(json.dumps(source.to_json()))) == source
    form = definition.compile_definition(source).definition
    assert form is not None
    assert definition.definition_from_json(json.loads(json.dumps(form.to_json()))) == form


def test_a_text_falls_back_along_the_chain_and_says_its_language() -> None:
    labels = {"fi": "suomeksi", "en": "in English", "sv": "-"}
    assert definition.text(labels, "en-GB") == ("in English", "en")
    assert definition.text(labels, "sv", ("fi",)) == ("suomeksi", "fi")
    assert definition.text(labels, "so") == ("suomeksi", "fi")
    assert definition.text({}, "so") == ("", "so")


@pytest.mark.parametrize(
    ("rows", "column", "words"),
    [
        ([question(kind="intger")], "type", "Did you mean “integer”"),
        ([question(kind="geopoint")], "type", "not supported yet"),
        ([question(kind="select_one nolist")], "type", "There is no list “nolist”"),
        ([question(kind="select_one")], "type", "name of the list"),
        ([question(kind="select_one l or_other")], "type", "There is no list “l”"),
        ([question(kind="select_one_from_file x.csv")], "type", "does not come with the form"),
        ([question(kind="select_one_from_file x.csv or_other")], "type", "or_other"),
        ([question(appearance="likert")], "appearance", "not supported"),
        ([question(appearance="multilines")], "appearance", "Did you mean “multiline”"),
        ([question(kind="integer", appearance="multiline")], "appearance", "does not go with"),
        ([question(parameters="randomize=true")], "parameters", "not supported"),
        ([question(parameters="max-pixels=5")], "parameters", "does not go with"),
        ([question(parameters="what")], "parameters", "like this"),
        ([question(repeat_count="3")], "repeat_count", "Only a repeat"),
        ([question(kind="integer", default="many")], "default", "does not fit"),
        ([question(kind="date", default="today()")], "default", "not an expression"),
        ([question(disabled="yes")], "disabled", "not supported"),
        ([question(name="")], "name", "missing"),
        ([question(name="two words")], "name", "cannot be a name"),
        ([question(name="meta")], "name", "cannot be a name"),
        ([question(name="9a")], "name", "cannot be a name"),
        ([question(**{LABEL: ""})], LABEL, "default language"),
        ([question(**{LABEL: "Hei ${a}"})], LABEL, "reference"),
        ([question(constraint="selectd(., 'x')")], "constraint", "Did you mean “selected”"),
        ([question(relevant="${nobody} = 1")], "relevant", "no question “nobody”"),
        ([question(required="maybe()")], "required", "no function “maybe”"),
        ([question(constraint="regex(., '(')")], "constraint", "cannot be read"),
        ([question(constraint="regex(., '^(a+)+$')")], "constraint", "may take for ever"),
        ([question(calculation="1")], "calculation", "Only a row of the type calculate"),
        ([question(kind="calculate")], "calculation", "missing"),
        ([question(kind="calculate", calculation="${a} + 1")], "calculation", "depends on itself: a → a"),
        ([question(relevant="${a} = 1")], "relevant", "depends on itself: a → a"),
        ([question(kind="begin_group")], "type", "never ended"),
        ([question(kind="end_group")], "type", "none began"),
        ([question(readonly="yes")], "readonly", "not supported"),
        ([question(**{"label::Klingonisk (xqz)": "x"})], "label::Klingonisk (xqz)", "is not a language"),
        ([question(**{"hint::Suomea (fi)": "x"})], "hint::Suomea (fi)", "has two names"),
        ([question(**{"relevent": "1"})], "relevent", "not supported"),
    ],
)
def test_what_is_wrong_in_a_row_is_refused_there(rows: Rows, column: str, words: str) -> None:
    result = compiled(*rows, question(name="other"))
    found = [problem for problem in result.problems if words in problem.message]
    assert found, result.problems
    assert (found[0].sheet, found[0].column) == ("survey", column)
    assert found[0].row == (
        1 if words in ("is not a language", "has two names") or column in ("readonly", "relevent", "disabled") else 2
    )


def test_a_circle_over_several_rows_is_named_once() -> None:
    result = compiled(
        question("a"),
        question("b", "calculate", calculation="${c} + 1"),
        question("c", "calculate", calculation="${d} + 1"),
        question("d", "calculate", calculation="if(${a} = '', 1, ${b})"),
    )
    assert places(result) == [("survey", 3, "calculation")]
    assert "b → c → d → b" in result.problems[0].message


def test_a_group_that_depends_on_its_own_question_is_a_circle() -> None:
    result = compiled(question("g", "begin_group", relevant="${q} = 'x'"), question("q"), {"type": "end_group"})
    assert places(result) == [("survey", 2, "relevant")]


def test_a_chain_of_a_thousand_calculations_is_no_circle_and_no_trouble() -> None:
    chain = [question(f"c{place}", "calculate", calculation=f"${{c{place + 1}}} + 1") for place in range(1_000)]
    result = compiled(*chain, question("c1000", "integer"))
    assert result.problems == ()
    assert result.definition is not None
    assert result.definition.order[:2] == ("c1000", "c999")


def test_names_twice_are_refused_in_lists_and_in_the_form() -> None:
    yes = {"list_name": "l", "name": "yes", LABEL: "Kyllä"}
    result = compiled(question("a", "select_one l"), question("a"), choices=[yes, yes])
    assert places(result) == [("choices", 3, "name"), ("survey", 3, "name")]


def test_crossed_groups_are_refused_and_so_are_repeats_four_deep() -> None:
    crossed = compiled(
        question("g", "begin_group"), question("r", "begin_repeat"), question("a"), {"type": "end_group"},
        {"type": "end_repeat"}, {"type": "end_group"},
    )  # fmt: skip
    assert ("survey", 5, "type") in places(crossed)
    names = ["r", "s", "t", "u"]
    begun = [question(name, "begin_repeat", **{"kotisatama::most_rows": "2"}) for name in names]
    deep = compiled(*begun, question("a"), *[{"type": "end_repeat"}] * 4)
    assert places(deep) == [("survey", 5, "type")]


def test_a_form_that_could_grow_too_large_is_refused() -> None:
    rows = [question(name, "begin_repeat", **{"kotisatama::most_rows": "100"}) for name in ("r", "s")]
    result = compiled(*rows, *[question(name) for name in "abc"], *[{"type": "end_repeat"}] * 2)
    assert [problem.message for problem in result.problems] == [
        "With full repeats this form has 30000 fields; 20000 is the most. Set most_rows."
    ]


def test_headings_of_the_other_sheets_are_looked_at_too() -> None:
    result = compiled(question(), settings={"form_id": "f", "form_title": "F", "public_key": "x"})
    assert places(result) == [("settings", 1, "public_key")]
    choice = {"list_name": "l", "name": "x", LABEL: "x", "media::image": "x.png"}
    assert places(compiled(question("a", "select_one l"), choices=[choice])) == [("choices", 1, "media::image")]


def test_a_form_without_settings_takes_its_name_from_the_file(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "my form.xlsx"
    file.write_bytes(workbook([{"type": "text", "name": "a", "label": "Question"}]))
    result = definition.compile_definition(xlsform.read_workbook(file))
    assert result.problems == ()
    form = result.definition
    assert form is not None
    assert (form.form_id, form.title, form.languages) == ("my-form", "my-form", ("und",))
    assert len(form.version) == 12


def test_a_loose_question_is_a_page_and_a_calculation_is_none() -> None:
    form = compiled(question("a"), question("b", "calculate", calculation="1"), question("c", "note")).definition
    assert form is not None
    assert [(page.name, page.loose) for page in form.pages] == [("a", True), ("c", True)]
    assert [one.name for one in form.background] == ["b"]


def test_an_unknown_default_language_is_refused() -> None:
    result = compiled(question(), settings={"form_id": "f", "form_title": "F", "default_language": "svenska (sv)"})
    assert ("settings", 2, "default_language") in places(result)


def test_row_numbers_are_those_of_the_spreadsheet_although_rows_are_empty() -> None:
    result = compiled(question("a"), {}, {}, question("b", "intger"))
    assert places(result) == [("survey", 5, "type")]


def test_what_only_pyxform_refuses_is_a_problem_too() -> None:
    source = xlsform.read_workbook(workbook([question("a"), {}, question("b", "intger")]))
    assert [(problem.sheet, "intger" in problem.message) for problem in reference_compiler.problems(source)] == [
        ("survey", True)
    ]
    damaged = xlsform.Source({}, (xlsform.Row(7, {"type": "select_one", "name": "a"}),), (), ())
    assert reference_compiler.problems(damaged)


def bomb(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a spreadsheet"),
        (b"PK\x03\x04 nonsense", "not a spreadsheet"),
        (b"x" * (xlsform.MOST_BYTES + 1), "larger than 5 MB"),
        (bomb(xlsform.MOST_UNPACKED + 1), "unpacks to more than"),
        (bomb(1_000), "damaged or too large"),
    ],
    ids=["empty", "nonsense", "large", "bomb", "damaged"],
)
def test_a_file_that_is_no_form_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    source = xlsform.read_workbook(content)
    assert [problem.sheet for problem in source.problems] == ["workbook"]
    assert words in source.problems[0].message
    assert definition.compile_definition(source).definition is None


def test_a_file_that_does_not_exist_is_refused_with_a_sentence(tmp_path: pathlib.Path) -> None:
    assert "cannot be read" in xlsform.read_workbook(tmp_path / "none.xlsx").problems[0].message


def test_too_many_rows_and_columns_are_refused() -> None:
    rows = [question(f"q{place}") for place in range(xlsform.MOST_ROWS["survey"] + 1)]
    source = xlsform.read_workbook(workbook(rows))
    assert [(problem.row, "more than" in problem.message) for problem in source.problems] == [(2_002, True)]
    wide = {f"heading{place}": "x" for place in range(xlsform.MOST_COLUMNS + 1)}
    assert "columns" in xlsform.read_workbook(workbook([wide])).problems[0].message


def test_a_workbook_without_a_survey_is_refused() -> None:
    book = openpyxl.Workbook()
    file = io.BytesIO()
    book.save(file)
    assert [problem.sheet for problem in xlsform.read_workbook(file.getvalue()).problems] == ["survey"]


@pytest.mark.parametrize(
    ("pattern", "refused"),
    [
        ("^[+0-9][0-9 ()-]{5,19}$", False),
        (r"^[^@ ]+@[^@ ]+\.[^@ ]+$", False),
        (r"^[\w.]+(\.[a-z]+)+$", False),
        ("([a-z]+ )+", False),
        (r"\p{L}+", False),
        ("^(a+)+$", True),
        ("(a|aa)+$", True),
        ("(x*)*", True),
        (r"(\d+,?)+", True),
        ("a{2000}", True),
        ("(" * 200 + "a" + ")+" * 200, True),
        ("(", True),
    ],
)
def test_patterns_that_cannot_be_read_or_may_take_for_ever_are_refused(pattern: str, refused: bool) -> None:
    assert bool(patterns.complaint(pattern)) is refused
