"""What changed between two states of the rows."""

from typing import Any

from kotisatama.forms import xlsform
from kotisatama.forms.differences import Difference, differences
from kotisatama.forms.tests.test_writing import CONTACT_FORM
from kotisatama.forms.xlsform import Row, Source


def source(*survey: dict[str, str], choices: list[dict[str, str]] | None = None, first: int = 2) -> Source:
    columns: dict[str, tuple[str, ...]] = {"survey": ("type", "name", "label"), "choices": (), "settings": ()}
    rows = tuple(Row(number, cells) for number, cells in enumerate(survey, first))
    listed = tuple(Row(number, cells) for number, cells in enumerate(choices or [], 2))
    return Source(columns, rows, listed, ())


def row(name: str, label: str = "", kind: str = "text") -> dict[str, str]:
    return {"type": kind, "name": name} | ({"label": label} if label else {})


def told(before: Source, after: Source) -> list[tuple[Any, ...]]:
    return [(each.kind, each.name, each.before, each.after) for each in differences(before, after)]


def test_the_same_rows_do_not_differ_also_as_json() -> None:
    form = xlsform.read_workbook(CONTACT_FORM)
    assert differences(form, form.to_json()) == []


def test_a_changed_cell_is_told_with_both_texts() -> None:
    assert differences(source(row("a", "Nimi")), source(row("a", "Etunimi"))) == [
        Difference("survey", "changed", "a", 2, 2, (("label", "Nimi", "Etunimi"),))
    ]


def test_rows_that_come_and_go_do_not_move_the_others() -> None:
    before, after = source(row("a"), row("b"), row("c"), row("d")), source(row("x"), row("b"), row("d"), row("e"))
    assert told(before, after) == [
        ("removed", "a", 2, None),
        ("added", "x", None, 2),
        ("removed", "c", 4, None),
        ("added", "e", None, 5),
    ]


def test_empty_rows_in_between_are_no_difference() -> None:
    assert told(source(row("a"), row("b")), source(row("a"), row("b"), first=7)) == []


def test_the_row_that_moved_is_told_and_not_the_rows_it_passed() -> None:
    before = source(row("a"), row("b"), row("c"), row("d", "D"))
    after = source(row("d", "Dd"), row("a"), row("b"), row("c"))
    assert differences(before, after) == [Difference("survey", "moved", "d", 5, 2, (("label", "D", "Dd"),))]


def test_choices_belong_together_by_list_and_name() -> None:
    yes, no = {"list_name": "l", "name": "yes"}, {"list_name": "l", "name": "no"}
    other = {"list_name": "m", "name": "yes"}
    found = differences(source(choices=[yes, no]), source(choices=[yes, other]))
    assert [(each.sheet, each.kind, each.name) for each in found] == [
        ("choices", "removed", "l/no"),
        ("choices", "added", "m/yes"),
    ]


def test_ends_are_told_apart_by_what_they_end() -> None:
    begin, end = row("g", "Group", "begin_group"), {"type": "end_group"}
    inner, more = row("h", "", "begin group"), row("i", "", "begin group")
    assert told(source(begin, inner, end, end), source(begin, inner, end, more, end, end)) == [
        ("added", "i", None, 5),
        ("added", "end_group/i", None, 6),
    ]


def test_a_column_that_came_is_a_change_of_the_headings() -> None:
    before = source(row("a"))
    after = Source({**before.columns, "survey": ("type", "name", "label", "hint")}, before.survey, (), ())
    assert differences(before, after) == [Difference("survey", "changed", "", 1, 1, (("hint", "", "hint"),))]
    turned = Source({**before.columns, "survey": ("name", "type", "label")}, before.survey, (), ())
    assert told(before, turned) == [("moved", "", 1, 1)]


def test_names_that_stand_twice_are_counted() -> None:
    assert told(source(row("a"), row("a")), source(row("a"))) == [("removed", "a/2", 3, None)]
