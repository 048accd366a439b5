"""Rows to a workbook and back: nothing is lost, whatever the cells say."""

import dataclasses
import io
import pathlib
import warnings

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform import xls2xform

from kotisatama.forms import definition, writing, xlsform
from kotisatama.forms.xlsform import Row, Source

CONTACT_FORM = pathlib.Path(definition.__file__).parent / "definitions" / "yhteydenotto.xlsx"
PLACES = {"places.csv": {"columns": ["name", "label"], "rows": [["001", "=Turku"], ["002", ""]]}}

# A cell as the reader gives it: without spaces around it. openpyxl takes "x005F_" out of a text (its own unescaping).
CELLS = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff") | st.just("\n"))
    | st.sampled_from(["=1+1", "007", "1.50", "TRUE", "1e5", "https://example.org", "+358", "@x", "-", "{=A1}", "كيف"])
).map(str.strip)  # fmt: skip
FILLED = CELLS.filter(lambda text: text and "x005F_" not in text and "_x" not in text)
HEADINGS = st.lists(FILLED, unique=True, min_size=1, max_size=6)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    headings = draw(HEADINGS)
    numbers = sorted(draw(st.sets(st.integers(2, 40), max_size=6)))
    cells = st.dictionaries(st.sampled_from(headings), FILLED, min_size=1)
    return tuple(headings), tuple(Row(number, draw(cells)) for number in numbers)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    (survey, questions), (choices, listed), (heads, stated) = draw(sheets()), draw(sheets()), draw(sheets())
    columns = {"survey": survey, "choices": choices, "settings": heads}
    stated = tuple(row for row in stated if row.number <= xlsform.MOST_ROWS["settings"])
    return Source(columns, questions, listed, stated, name=draw(FILLED)[:100].strip(), tables=PLACES)


@settings(max_examples=60, deadline=None)
@given(sources())
def test_whatever_stands_in_the_cells_comes_back(source: Source) -> None:
    assert xlsform._read_here(writing.workbook(source, PLACES)) == source


def test_the_contact_form_survives_a_round_and_pyxform_has_nothing_to_say(tmp_path: pathlib.Path) -> None:
    source = xlsform.read_workbook(CONTACT_FORM.read_bytes())
    written = writing.workbook(source)
    assert xlsform.read_workbook(written) == source
    file = tmp_path / "yhteydenotto.xlsx"
    file.write_bytes(written)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert xls2xform.convert(file).warnings == []


def test_formulas_and_numbers_stay_texts_and_empty_rows_keep_their_place() -> None:
    rows = (Row(2, {"type": "text", "name": "=SUM(A1)"}), Row(5, {"type": "note", "name": "007"}))
    source = Source({"survey": ("type", "name"), "choices": (), "settings": ()}, rows, (), ())
    sheet = openpyxl.load_workbook(io.BytesIO(writing.workbook(source)))["survey"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["B5"].value) == ("=SUM(A1)", "s", "007")
    assert sheet["A3"].value is None
    assert xlsform.read_workbook(writing.workbook(source)) == source


def test_a_cell_without_a_column_is_written_too_and_control_characters_are_left_out() -> None:
    source = Source({"survey": ("type",)}, (Row(2, {"type": "text", "name": "a\x00\r\nb"}),), (), ())
    read = xlsform.read_workbook(writing.workbook(source))
    assert read.columns["survey"] == ("type", "name")
    assert read.survey[0].cells == {"type": "text", "name": "a\nb"}


def test_rows_that_share_a_number_follow_one_another() -> None:
    rows = (Row(2, {"type": "a"}), Row(2, {"type": "b"}), Row(9, {"type": "c"}))
    read = xlsform.read_workbook(writing.workbook(Source({"survey": ("type",)}, rows, (), ())))
    assert [(row.number, row.get("type")) for row in read.survey] == [(2, "a"), (3, "b"), (9, "c")]


def test_a_form_without_a_code_keeps_its_name_in_the_workbook(tmp_path: pathlib.Path) -> None:
    source = dataclasses.replace(xlsform.read_workbook(CONTACT_FORM.read_bytes()), name="Toinen nimi")
    written = writing.workbook(source)
    assert xlsform.read_workbook(written).name == "Toinen nimi"
    (tmp_path / "copied.xlsx").write_bytes(written)
    assert xlsform.read_workbook(tmp_path / "copied.xlsx").name == "copied"
