"""Edits on rows: what is asked for happens, and nothing else."""

import copy
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotisatama.forms import definition, xlsform
from kotisatama.forms.building import edits, lists, outline
from kotisatama.forms.building.book import Book, Edited, Rows
from kotisatama.forms.tests.building_rows import (
    LABELS,
    cells_of,
    family,
    names,
    number_of,
    row,
    rows_of,
    yes_no,
)
from kotisatama.kernel.errors import NotAllowed

WORKBOOK = pathlib.Path(definition.__file__).parent / "definitions" / "yhteydenotto.xlsx"


def problems(rows: Rows) -> list[str]:
    found = definition.compile_definition(xlsform.source_from_json(rows)).problems
    return [f"{problem.row} {problem.column}: {problem.message}" for problem in found]


def at(edited: Edited) -> str:
    """The name of the row that the edit points at."""
    return str(next(cells["name"] for number, cells in edited.rows["survey"]["rows"] if number == edited.number))


def test_rows_come_back_as_they_were_with_their_gaps_and_what_stood_beside_them() -> None:
    rows = family() | {"further": {"sheet": 1}}
    rows["survey"]["rows"][3:] = [[number + 4, cells] for number, cells in rows["survey"]["rows"][3:]]
    rows["survey"]["widths"] = [3, 4]
    assert Book(copy.deepcopy(rows)).rows() == rows


def test_our_own_form_comes_back_as_it_was() -> None:
    rows = xlsform.read_workbook(WORKBOOK).to_json()
    assert Book(rows).rows() == rows


def test_the_form_of_these_tests_has_no_problems() -> None:
    assert problems(family()) == []


def test_a_question_is_added_after_another_and_gets_a_name_from_its_label() -> None:
    rows = family()
    cells = {("type", ""): "text", ("label", "fi"): "Kotikunta Äänekoski?"}
    edited = edits.add(rows, cells, target=number_of(rows, "family"), place="after")
    assert names(edited.rows)[:4] == ["page_you", "family", "kotikunta_aanekoski", "who"]
    assert at(edited) == "kotikunta_aanekoski"
    assert cells_of(edited.rows, "kotikunta_aanekoski")[LABELS[0]] == "Kotikunta Äänekoski?"
    assert problems(edited.rows) == []


def test_a_question_without_a_latin_letter_gets_a_name_all_the_same() -> None:
    edited = edits.add(family(), {("type", ""): "text", ("label", "fi"): "Привіт"})
    again = edits.add(edited.rows, {("type", ""): "text", ("label", "fi"): "Привіт"})
    assert names(again.rows)[-2:] == ["question", "question_2"]


def test_a_page_is_added_with_its_end() -> None:
    edited = edits.add(family(), {("type", ""): "begin_group", ("label", "fi"): "Loppu"}, place="first")
    assert names(edited.rows)[:3] == ["loppu", "/", "page_you"]


def test_changed_cells_are_written_into_the_column_of_their_language_and_others_stay() -> None:
    rows = family()
    edited = edits.change(rows, number_of(rows, "who"), {("label", "sv"): "Vem?", ("hint", "sv"): "Namn"})
    assert cells_of(edited.rows, "who") == {
        **cells_of(rows, "who"),
        LABELS[1]: "Vem?",
        "hint::svenska (sv)": "Namn",
    }
    assert "hint::svenska (sv)" in edited.rows["survey"]["columns"]


def test_an_empty_cell_is_taken_away_and_makes_no_column() -> None:
    rows = family()
    edited = edits.change(rows, number_of(rows, "who"), {("relevant", ""): " ", ("default", ""): ""})
    assert "relevant" not in cells_of(edited.rows, "who")
    assert edited.rows["survey"]["columns"] == rows["survey"]["columns"]


def test_a_new_name_is_written_into_every_expression_that_reads_it() -> None:
    rows = family()
    edited = edits.change(rows, number_of(rows, "child"), {("name", ""): "is_child"})
    assert cells_of(edited.rows, "age")["constraint"] == ". < 120 and (${is_child} = 'no' or . < 18)"
    assert cells_of(edited.rows, "children")["calculation"] == "count(${member}[is_child = 'yes'])"
    assert problems(edited.rows) == []


def test_a_column_of_a_list_and_a_word_in_quotes_are_not_the_question_of_that_name() -> None:
    rows = rows_of(
        [
            row("text", "colour"),
            row("select_one yesno", "answer", choice_filter="colour = ${colour} or colour = 'colour'"),
            row("calculate", "sum", calculation="count(instance('yesno')/root/item[colour = ${colour}])"),
        ],
        yes_no(),
    )
    assert problems(rows) == []
    edited = edits.change(rows, number_of(rows, "colour"), {("name", ""): "shade"})
    assert cells_of(edited.rows, "answer")["choice_filter"] == "colour = ${shade} or colour = 'colour'"
    assert cells_of(edited.rows, "sum")["calculation"] == "count(instance('yesno')/root/item[colour = ${shade}])"
    assert problems(edited.rows) == []


def test_a_renamed_group_keeps_the_name_at_its_end_the_same() -> None:
    rows = family()
    edited = edits.change(rows, number_of(rows, "member"), {("name", ""): "child_of"})
    assert edited.rows["survey"]["rows"][8][1]["name"] == "child_of"
    assert problems(edited.rows) == []


@pytest.mark.parametrize("name", ["", "two words", "family", "ä", "meta", "9a", "a" * 61])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    rows = family()
    with pytest.raises(NotAllowed):
        edits.change(rows, number_of(rows, "who"), {("name", ""): name})


def test_a_question_that_others_read_is_not_removed() -> None:
    rows = family()
    with pytest.raises(NotAllowed, match="who, page_family"):
        edits.remove(rows, number_of(rows, "family"))


def test_a_page_is_removed_with_all_that_only_it_reads() -> None:
    rows = family()
    without = edits.remove(rows, number_of(rows, "bye")).rows
    edited = edits.remove(without, number_of(without, "page_family"))
    assert names(edited.rows) == ["page_you", "family", "who", "/"]


def test_a_page_taken_away_from_around_its_questions_leaves_them() -> None:
    rows = family()
    edited = edits.unwrap(rows, number_of(rows, "page_you"))
    assert names(edited.rows)[:3] == ["family", "who", "page_family"]


def test_a_copy_of_a_repeat_reads_its_own_questions() -> None:
    rows = family()
    edited = edits.duplicate(rows, number_of(rows, "member"))
    assert names(edited.rows)[9:13] == ["member_2", "child_2", "age_2", "/"]
    assert "${child_2}" in cells_of(edited.rows, "age_2")["constraint"]
    assert "${child}" in cells_of(edited.rows, "age")["constraint"]
    assert problems(edited.rows) == []


def test_rows_move_up_and_down_among_their_neighbours_in_and_out_of_a_container() -> None:
    rows = family()
    down = edits.step(rows, number_of(rows, "page_you"), "down")
    assert names(down.rows)[:2] == ["page_family", "member"]
    assert at(down) == "page_you"
    inside = edits.step(rows, number_of(rows, "children"), "in")
    assert names(inside.rows)[5:10] == ["member", "child", "age", "children", "/"]
    outside = edits.step(inside.rows, number_of(inside.rows, "children"), "out")
    assert outside.rows == rows
    up = edits.step(rows, number_of(rows, "who"), "up")
    assert names(up.rows)[1:3] == ["who", "family"]


@pytest.mark.parametrize(
    ("name", "direction"), [("page_you", "up"), ("bye", "down"), ("family", "in"), ("bye", "out"), ("who", "down")]
)
def test_there_is_no_step_beyond_the_ends(name: str, direction: edits.Step) -> None:
    rows = family()
    with pytest.raises(NotAllowed):
        edits.step(rows, number_of(rows, name), direction)


def test_a_page_is_not_moved_into_itself() -> None:
    rows = family()
    with pytest.raises(NotAllowed):
        edits.move(rows, number_of(rows, "page_family"), target=number_of(rows, "member"), place="last")


def test_questions_are_wrapped_in_a_repeat_from_one_to_another() -> None:
    rows = family()
    cells = {("type", ""): "begin_repeat", ("label", "fi"): "Jäsen"}
    edited = edits.wrap(rows, number_of(rows, "family"), cells, until=number_of(rows, "who"))
    assert names(edited.rows)[:6] == ["page_you", "jasen", "family", "who", "/", "/"]
    with pytest.raises(NotAllowed):
        edits.wrap(rows, number_of(rows, "family"), cells, until=number_of(rows, "age"))


def test_what_is_not_understood_can_be_moved_and_removed_but_does_not_take_others_along() -> None:
    rows = rows_of([row("begin_group", "a"), row("text", "b"), row("end repeat"), row("frobnicate", "c")])
    assert [item.kind for item in outline.outline(Book(rows))] == ["stray", "question", "stray", "question"]
    assert names(edits.remove(rows, number_of(rows, "a")).rows) == ["b", "/", "c"]
    assert names(edits.step(rows, number_of(rows, "c"), "up").rows) == ["a", "b", "c", "/"]


def test_choices_are_reordered_renamed_added_and_removed_with_their_further_columns() -> None:
    rows = family()
    without = edits.remove(rows, number_of(rows, "bye")).rows
    plain = edits.remove(without, number_of(without, "page_family")).rows
    plain = edits.change(plain, number_of(plain, "who"), {("relevant", ""): ""}).rows
    choices: list[dict[tuple[str, str], str]] = [
        {("name", ""): "maybe", ("label", "fi"): "Ehkä"},
        {("name", ""): "certainly"},
    ]
    edited = lists.put_list(plain, "yesno", choices, [-1, 0])
    found = [cells for _number, cells in edited.rows["choices"]["rows"]]
    assert found[0] == {"list_name": "yesno", "name": "maybe", LABELS[0]: "Ehkä"}
    assert found[1]["name"] == "certainly"
    assert found[1]["colour"] == "green"
    assert len(found) == 2


def test_a_choice_that_a_condition_names_is_neither_renamed_nor_removed() -> None:
    rows = family()
    with pytest.raises(NotAllowed, match="who"):
        lists.put_list(rows, "yesno", [{("name", ""): "no"}], [1])
    with pytest.raises(NotAllowed, match="who"):
        lists.put_list(rows, "yesno", [{("name", ""): "yeah"}, {("name", ""): "no"}], [0, 1])


def test_a_list_is_renamed_in_the_questions_too_and_removed_only_unused() -> None:
    edited = lists.rename_list(family(), "yesno", "answer")
    assert cells_of(edited.rows, "family")["type"] == "select_one answer"
    assert problems(edited.rows) == []
    with pytest.raises(NotAllowed, match="family, child"):
        lists.remove_list(family(), "yesno")


def test_a_language_is_added_beside_the_others_on_both_sheets() -> None:
    edited = lists.add_language(family(), "uk")
    assert edited.rows["survey"]["columns"][2:5] == [*LABELS, "label::українська (uk)"]
    assert edited.rows["choices"]["columns"][2:5] == [*LABELS, "label::українська (uk)"]
    with pytest.raises(NotAllowed):
        lists.add_language(edited.rows, "uk")
    with pytest.raises(NotAllowed):
        lists.add_language(edited.rows, "xx")


def test_a_form_without_languages_gets_one_for_the_texts_that_it_has() -> None:
    rows = rows_of([{"type": "text", "name": "a", "label": "Nimi"}], columns=["type", "name", "label"])
    rows["settings"] = {"columns": ["form_id"], "rows": [[2, {"form_id": "trial"}]]}
    rows["choices"] = {"columns": [], "rows": []}
    edited = lists.add_language(rows, "fi")
    assert cells_of(edited.rows, "a") == {"type": "text", "name": "a", "label::suomi (fi)": "Nimi"}
    assert problems(edited.rows) == []


def locked() -> dict[str, Any]:
    rows = family()
    rows["survey"]["columns"] = [*rows["survey"]["columns"], "kotisatama::locked"]
    next(cells for _number, cells in rows["survey"]["rows"] if cells.get("name") == "child")["kotisatama::locked"] = (
        "yes"
    )
    return rows


def test_a_locked_question_gets_texts_in_further_languages_only() -> None:
    rows = locked()
    child = number_of(rows, "child")
    edited = edits.change(rows, child, {("label", "sv"): "Barn?"})
    assert cells_of(edited.rows, "child")[LABELS[1]] == "Barn?"
    for cells in ({("label", "fi"): "Muu"}, {("required", ""): "yes"}, {("kotisatama::locked", ""): ""}):
        with pytest.raises(NotAllowed):
            edits.change(rows, child, cells)


@pytest.mark.parametrize("name", ["child", "member", "page_family"])
def test_neither_a_locked_question_nor_what_is_around_it_is_removed_or_wrapped(name: str) -> None:
    rows = locked()
    number = number_of(rows, name)
    attempts: list[Callable[[], object]] = [
        lambda: edits.remove(rows, number),
        lambda: edits.unwrap(rows, number),
        lambda: edits.wrap(rows, number, {("type", ""): "begin_group", ("relevant", ""): "false()"}),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_a_locked_question_cannot_be_hidden_moved_out_or_robbed_of_its_choices() -> None:
    rows = locked()
    attempts: list[Callable[[], object]] = [
        lambda: edits.change(rows, number_of(rows, "member"), {("relevant", ""): "false()"}),
        lambda: edits.step(rows, number_of(rows, "child"), "out"),
        lambda: lists.put_list(rows, "yesno", [{("name", ""): "no"}, {("name", ""): "yes"}], [1, 0]),
        lambda: lists.rename_list(rows, "yesno", "other"),
        lambda: edits.change(rows, number_of(rows, "who"), {("kotisatama::locked", ""): "yes"}),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert names(edits.step(rows, number_of(rows, "child"), "down").rows)[6:8] == ["age", "child"]
    edited = edits.duplicate(rows, number_of(rows, "child"))
    assert "kotisatama::locked" not in cells_of(edited.rows, "child_2")


MOST_ROWS_OF_TRIAL = 40
ACTS = ("add", "page", "remove", "unwrap", "duplicate", "up", "down", "in", "out", "move", "wrap", "rename")


def act(rows: Rows, what: str, number: int, other: int, name: str) -> Edited:
    if what in edits.STEPS:
        return edits.step(rows, number, what)
    simple = {"remove": edits.remove, "unwrap": edits.unwrap, "duplicate": edits.duplicate}
    if what in simple:
        return simple[what](rows, number)
    if what == "move":
        return edits.move(rows, number, target=other, place=edits.PLACES[other % 4])
    if what == "wrap":
        return edits.wrap(rows, number, {("type", ""): "begin_group"}, until=max(number, other))
    if what == "rename":
        return edits.change(rows, number, {("name", ""): name})
    cells = {("type", ""): "begin_repeat" if what == "page" else "integer", ("label", "fi"): name}
    return edits.add(rows, cells, target=number, place=edits.PLACES[other % 4])


def untouched(rows: Rows) -> list[dict[str, str]]:
    """What no act of this test changes: the cells that the builder does not know."""
    return sorted((cells for _n, cells in rows["survey"]["rows"] if "comment" in cells), key=str)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(ACTS), st.integers(2, 30), st.integers(0, 30), st.from_regex(r"[a-z]{1,6}", fullmatch=True)
        ),
        max_size=12,
    )
)
def test_whatever_is_done_the_form_stays_whole(acts: list[tuple[str, int, int, str]]) -> None:
    """Numbers rise, every begin has its end, names are each one's own, and locked questions are as they were."""
    rows: Rows = locked()
    child = cells_of(rows, "child")
    for what, number, other, name in acts:
        if len(rows["survey"]["rows"]) > MOST_ROWS_OF_TRIAL:  # copies of copies double the form
            break
        before = copy.deepcopy(rows)
        try:
            edited = act(rows, what, number, other, name)
        except NotAllowed:
            edited = Edited(rows)
        assert rows == before
        rows = edited.rows
        numbers = [number for number, _cells in rows["survey"]["rows"]]
        assert numbers == sorted(set(numbers))
        found = [name for name in names(rows) if name != "/"]
        assert len(found) == len(set(found))
        assert all(item.kind != "stray" for item in outline.walk(outline.outline(Book(rows))))
        assert cells_of(rows, "child") == child
        assert len(untouched(rows)) <= 1 + sum(1 for each in acts if each[0] == "duplicate")
        assert not [each for each in problems(rows) if "There is no question" in each]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["begin group", "end_group", "begin_repeat", "end repeat", "text", "x", ""])))
)
def test_any_order_of_begins_and_ends_is_drawn_with_each_line_once(types: list[tuple[str]]) -> None:
    rows = rows_of([row(kind, f"n{place}") for place, (kind,) in enumerate(types)])
    drawn = [
        index
        for item in outline.walk(outline.outline(Book(rows)))
        for index in ({item.start, item.end} if item.kind != "x" else ())
    ]
    assert sorted(drawn) == list(range(len(types)))
