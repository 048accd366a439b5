"""Types and repeats of the subset: what is compiled, posted, kept, refused and read back."""

import itertools
import json
from typing import Any

import pytest

from kotisatama.forms import definition, filling, paths, queries, xlsform
from kotisatama.forms.tests.test_filling import NOW, TODAY, WHEN, codes, form_of
from kotisatama.forms.tests.test_xlsform import LABEL, compiled, places, question, workbook

YES_NO = [{"list_name": "l", "name": name, LABEL: label} for name, label in (("yes", "Kyllä"), ("no", "Ei"))]
PLACES = {"columns": ["code", "title", "title::svenska (sv)", "land"], "rows": [
    ["turku", "Turku", "Åbo", "fi"], ["oslo", "Oslo", "", "no"],
]}  # fmt: skip


def posted(form: definition.Definition, page: str, data: dict[str, Any], answers: dict[str, Any] | None = None) -> Any:
    return filling.clean_page(form, page, data, answers or {}, language="fi", **WHEN)


def family(**most: str) -> definition.Definition:
    outer = {f"kotisatama::{key}": text for key, text in most.items()}
    return form_of(
        question("p", "begin_group"), question("member", "begin_repeat", **outer), question("who"),
        question("child", "begin_repeat", **outer), question("name", required="yes"), question("age", "integer"),
        {"type": "end_repeat"}, question("ages", "calculate", calculation="sum(${age})"), {"type": "end_repeat"},
        question("total", "calculate", calculation="sum(${age})"), {"type": "end_group"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("message", paths.Place((), "message")),
        ("member-0-who", paths.Place((("member", 0),), "who")),
        ("member-0-child-12-name", paths.Place((("member", 0), ("child", 12)), "name")),
        ("member-add", paths.Place((), "member", "add")),
        ("member-0-child-remove", paths.Place((("member", 0),), "child", "remove")),
        ("member-00-who", None), ("member-x-who", None), ("-", None), ("", None), ("a" * 501, None),
        ("a-1-" * 50 + "b", None),
    ],
)  # fmt: skip
def test_a_fields_name_says_where_it_stands(field: str, place: paths.Place | None) -> None:
    assert paths.parse(field) == place
    if place and not place.command:
        assert paths.joined(place.path, place.name) == field


def test_rows_inside_rows_are_posted_kept_calculated_and_read_back() -> None:
    form = family()
    data = {"member-0-who": "Amal", "member-0-child-0-name": "Omar", "member-0-child-0-age": "7",
            "member-0-child-1-name": "Nur", "member-0-child-1-age": "3", "member-1-who": "Sami",
            "member-1-child-0-name": "Ali", "member-1-child-0-age": "1"}  # fmt: skip
    cleaned = posted(form, "p", data)
    assert cleaned.errors == {}
    assert cleaned.answers["member"] == [
        {"who": "Amal", "child": [{"name": "Omar", "age": 7}, {"name": "Nur", "age": 3}], "ages": "10"},
        {"who": "Sami", "child": [{"name": "Ali", "age": 1}], "ages": "1"},
    ]
    assert cleaned.answers["total"] == "11"
    evaluation = filling.evaluate(form, cleaned.answers, **WHEN)
    kept, calculated = filling.settled(form, cleaned.answers, evaluation)
    assert kept["member"][0]["child"][1] == {"name": "Nur", "age": 3}
    assert calculated == {"member-0-ages": "10", "member-1-ages": "1", "total": "11"}
    rows = queries.readable(form, kept, reader="fi", original="fi")[0].rows
    assert [(row.name, row.label.text, row.original.text) for row in rows][1:3] == [
        ("name-1-1", "Kysymys (1.1)", "Omar"),
        ("age-1-1", "Kysymys (1.1)", "7"),
    ]
    names = {field.answer_name for field in filling.fields_on(form.page("p"), kept)}
    assert {row.name for row in rows} <= names


def test_what_is_wrong_in_an_inner_row_is_named_there() -> None:
    cleaned = posted(family(), "p", {"member-0-who": "A", "member-0-child-0-age": "many"})
    assert codes(cleaned) == {"member-0-child-0-age": "integer", "member-0-child-0-name": "required"}
    complaints = filling.check_all(family(), {"member": [{"child": [{}, {"name": "x"}]}]}, **WHEN)
    assert [each.field for each in complaints] == ["member-0-child-0-name"]


def test_buttons_of_inner_rows_add_and_remove_there() -> None:
    data = {"member-0-who": "A", "member-0-child-0-name": "x", "member-1-who": "B", "member-1-child-0-name": "y"}
    added = posted(family(), "p", data | {"member-1-child-add": "1"})
    assert (added.rows_changed, added.errors) == (True, {})
    assert [len(row["child"]) for row in added.answers["member"]] == [1, 2]
    removed = posted(family(), "p", data | {"member-0-child-remove": "0"}, added.answers)
    assert [row["child"] for row in removed.answers["member"]] == [[], [{"name": "y"}]]
    assert codes(posted(family(), "p", data | {"child-add": "1"})) == {"child-add": "unknown"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("member-10000-who", "member"), ("member-2-who", "member"), ("member-0-child-2-name", "member-0-child"),
        ("member-999999999-child-999999999-name", "member"),
    ],
)  # fmt: skip
def test_a_row_beyond_the_most_is_refused_in_plain_words(name: str, told: str) -> None:
    cleaned = posted(family(most_rows="2"), "p", {"member-0-who": "A", "member-0-child-0-name": "x", name: "x"})
    assert codes(cleaned) == {told: "too_many"}
    assert str(cleaned.errors[told].message).endswith("2.")
    assert len(cleaned.answers["member"]) == 1


def test_ten_thousand_posted_rows_are_refused_at_once() -> None:
    form = form_of(
        question("r", "begin_repeat", **{"kotisatama::most_rows": "100"}), question("a"), {"type": "end_repeat"}
    )
    cleaned = posted(form, "r", {f"r-{row}-a": "x" for row in range(10_000)})
    assert codes(cleaned) == {"r": "too_many"}
    assert len(cleaned.answers["r"]) == 100


def counted() -> definition.Definition:
    return form_of(
        question("a", "begin_group"), question("many", "integer"), {"type": "end_group"},
        question("b", "begin_group"), question("turn", "begin_repeat", repeat_count="${many} * 2"),
        question("when", required="yes"), {"type": "end_repeat"}, question("after"), {"type": "end_group"},
    )  # fmt: skip


def test_the_number_of_rows_follows_an_expression() -> None:
    form = counted()
    answers = posted(form, "a", {"many": "1"}).answers
    assert answers == {"many": 1, "turn": [{}, {}]}
    assert codes(posted(form, "b", {"turn-0-when": "x"}, answers)) == {"turn-1-when": "required"}
    full = posted(form, "b", {"turn-0-when": "x", "turn-1-when": "y"}, answers)
    assert full.errors == {}
    fewer = posted(form, "a", {"many": "0"}, full.answers).answers
    kept, _ = filling.settled(form, fewer, filling.evaluate(form, fewer, **WHEN))
    assert "turn" not in kept
    again = posted(form, "a", {"many": "1"}, fewer).answers
    assert [row["when"] for row in again["turn"]] == ["x", "y"]
    most = posted(form, "a", {"many": "999"}, {}).answers
    assert len(most["turn"]) == 20
    assert codes(posted(form, "b", {"turn-add": "1"}, most))["turn-add"] == "unknown"
    assert filling.check_all(form, {"many": 1}, **WHEN)[0].field == "turn-0-when"


def test_a_count_that_depends_on_its_own_rows_is_a_circle() -> None:
    result = compiled(question("r", "begin_repeat", repeat_count="${a}"), question("a"), {"type": "end_repeat"})
    assert places(result) == [("survey", 2, "repeat_count")]


def test_or_other_adds_a_choice_and_asks_for_words_then() -> None:
    form = form_of(
        question("r", "begin_repeat"),
        question("way", "select_multiple l or_other", **{"label::svenska (sv)": "Fråga"}),
        {"type": "end_repeat"}, question("x", "select_one l"), choices=YES_NO,
    )  # fmt: skip
    assert [choice.name for choice in form.choices["l"]] == ["yes", "no", "other"]
    assert form.choices["l"][2].labels["en"] == "Other"
    assert form.questions["way_other"].labels["en"] == "Specify other."
    page = form.pages[0]
    cleaned = filling.clean_page(form, page, {"r-0-way": ["yes", "other"], "r-0-way_other": "Bussilla"}, {}, **WHEN)
    assert cleaned.errors == {}
    assert cleaned.answers["r"] == [{"way": ["yes", "other"], "way_other": "Bussilla"}]
    evaluation = filling.evaluate(form, {"r": [{"way": ["yes"], "way_other": "x"}]}, **WHEN)
    assert not evaluation.is_relevant("r-0-way_other")


def test_or_other_is_refused_with_a_filter_and_with_a_name_that_is_taken() -> None:
    filtered = compiled(question("a", "select_one l or_other", choice_filter="name != ''"), choices=YES_NO)
    assert places(filtered) == [("survey", 2, "choice_filter")]
    taken = compiled(question("a", "select_one l or_other"), question("a_other"), choices=YES_NO)
    assert places(taken) == [("survey", 3, "name")]


def from_table(kind: str = "select_one_from_file places.csv", **cells: str) -> definition.Compiled:
    rows = [question("town", kind, **{"parameters": "value=code label=title", **cells})]
    source = xlsform.read_workbook(workbook(rows, None, {"form_id": "f", "form_title": "F"}))
    return definition.compile_definition(source, {"places.csv": PLACES})


def test_choices_come_from_a_table_in_its_languages_and_can_be_filtered() -> None:
    result = from_table(choice_filter="land = 'fi'", **{"label::svenska (sv)": "Ort"})
    assert result.problems == ()
    form = result.definition
    assert form is not None
    assert form.choices["places"][0] == definition.Choice(
        "turku",
        {"fi": "Turku", "sv": "Åbo"},
        {"code": "turku", "title": "Turku", "title::svenska (sv)": "Åbo", "land": "fi"},
    )
    evaluation = filling.evaluate(form, {}, **WHEN)
    assert [choice.name for choice in filling.choices_for(form, "town", evaluation)] == ["turku"]
    assert definition.definition_from_json(json.loads(json.dumps(form.to_json()))) == form


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"parameters": "value=x"}, "type", "needs the columns"),
        ({"parameters": "value=land"}, "type", "needs the columns"),
        ({"parameters": "value=title::svenska"}, "type", "needs the columns"),
        ({"parameters": "randomize=true"}, "parameters", "not supported"),
    ],
)
def test_a_table_that_does_not_fit_its_question_is_refused(cells: dict[str, str], column: str, words: str) -> None:
    result = from_table(**cells)
    assert places(result) == [("survey", 2, column)]
    assert words in result.problems[0].message


SIGNED = {"document": "0190e6a0-0000-7000-8000-000000000000", "name": "signature.jpg", "size": 10}


def test_a_signature_is_typed_or_drawn() -> None:
    form = form_of(question("s", "image", appearance="signature", required="yes"))
    typed = posted(form, "s", {"s": " Amal  Nur "})
    assert (typed.errors, typed.answers["s"]) == ({}, {"typed": "Amal  Nur"})
    assert queries.files_in(form, typed.answers) == []
    assert queries.readable(form, typed.answers, reader="fi", original="fi")[0].rows[0].original.text == "Amal  Nur"
    drawn = filling.clean_page(form, "s", {"s": ""}, typed.answers, files={"s": SIGNED}, **WHEN)
    assert (drawn.errors, drawn.answers["s"]) == ({}, SIGNED)
    assert len(queries.files_in(form, drawn.answers)) == 1
    assert posted(form, "s", {"s": ""}, drawn.answers).answers["s"] == SIGNED
    assert codes(posted(form, "s", {"s": ""}, typed.answers)) == {"s": "required"}
    assert codes(posted(form, "s", {"s-remove": "1"}, drawn.answers)) == {"s": "required"}
    forged = filling.check_all(form, {"s": {"typed": ""}}, **WHEN)
    assert [each.code for each in forged] == ["file"]


def test_a_plain_picture_cannot_be_typed() -> None:
    form = form_of(question("s", "image"))
    assert [each.code for each in filling.check_all(form, {"s": {"typed": "Amal"}}, **WHEN)] == ["file"]


def test_the_moment_of_sending_is_kept() -> None:
    form = form_of(question("start", "start"), question("end", "end"), question("today", "today"), question("a"))
    answers = filling.initial_answers(form, today=TODAY, now=NOW) | {"a": "x"}
    kept, _ = filling.settled(form, answers, filling.evaluate(form, answers, **WHEN))
    assert kept == {"a": "x", "start": NOW.isoformat(), "end": NOW.isoformat(), "today": TODAY.isoformat()}


def test_groups_inside_groups_pass_their_relevance_on() -> None:
    form = form_of(
        question("a"), *[question(name, "begin_group", **cells) for name, cells in (
            ("p", {}), ("g", {"relevant": "${a} = 'x'"}), ("h", {}),
        )], question("deep", required="yes"), *[{"type": "end_group"}] * 3,
    )  # fmt: skip
    asked = {a: filling.evaluate(form, {"a": a}, **WHEN).is_relevant("deep") for a in "xy"}
    assert asked == {"x": True, "y": False}


def test_once_holds_in_each_row() -> None:
    form = form_of(
        question("r", "begin_repeat"), question("a"), question("first", "calculate", calculation="once(${a})"),
        {"type": "end_repeat"},
    )  # fmt: skip
    answers: dict[str, Any] = {}
    for typed in ("one", "two"):
        answers = filling.clean_page(form, form.pages[0], {"r-0-a": typed}, answers, **WHEN).answers
    assert answers["r"] == [{"a": "two", "first": "one"}]


def test_whatever_nests_in_a_draft_can_be_checked() -> None:
    inner: list[Any] = [[{"child": "x"}], [{"child": [None, {"name": {}}]}], {"child": []}]
    strange: list[Any] = [None, [], {}, "x", [{}], [[]], *inner]
    forms = (family(), counted())
    for member, many in itertools.product(strange, [None, "x", -1, 1e9, True]):
        for form in forms:
            answers = {"member": member, "turn": member, "many": many}
            filling.check_all(form, answers, **WHEN)
            filling.settled(form, answers, filling.evaluate(form, answers, **WHEN))
            filling.clean_page(form, form.pages[-1], {}, answers, **WHEN)
            queries.files_in(form, answers)
            queries.readable(form, answers, reader="fi", original="fi")
