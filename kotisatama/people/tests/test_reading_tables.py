"""A table of an old register: what is read, and what is refused with a sentence before anything is done."""

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from kotisatama.people.importing import budgets, tables
from kotisatama.people.importing.tables import Table

HEADINGS = ["Nimi", "Puhelin"]


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Asiakkaat"
    for row in rows:
        sheet.append(row)
    for title, more in sheets.items():
        further = book.create_sheet(title)
        for row in more:
            further.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(table: Table) -> list[list[str]]:
    assert table.problems == ()
    return [list(row.cells) for row in table.rows]


def only_problem(table: Table) -> tuple[int, str]:
    assert len(table.problems) == 1
    return table.problems[0].row, table.problems[0].message


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_the_one_that_gives_columns(separator: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([HEADINGS, ["Olena, Iryna; both", "1"], ["", ""], ["Ali", "2"]])
    table = tables.read(text.getvalue().encode())
    assert cells(table) == [HEADINGS, ["Olena, Iryna; both", "1"], ["Ali", "2"]]
    assert [row.number for row in table.rows] == [1, 2, 4]
    assert table.about["separator"] == ("tab" if separator == "\t" else separator)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_the_encoding_is_found_and_told(encoding: str) -> None:
    table = tables.read("Nimi;Kunta\nÄijö;Öja\n".encode(encoding))
    assert cells(table) == [["Nimi", "Kunta"], ["Äijö", "Öja"]]
    assert table.about["encoding"] == encoding


def test_rows_in_another_encoding_than_the_rest_are_marked() -> None:
    lines = ["Nimi;Kunta", "Олена;Joensuu", "Äijö;Liperi", "Åke;Kontiolahti"]
    table = tables.read("\n".join(lines[:3]).encode() + b"\n" + lines[3].encode("windows-1252"))
    assert table.about["encoding"] == "utf-8"
    assert [row.flaws.get(budgets.WHOLE_ROW, "") for row in table.rows] == ["", "", "", "encoding"]


def test_a_few_rows_of_unicode_in_a_windows_file_are_marked() -> None:
    lines = ["Nimi;Kunta", "Äijö;Joensuu", "Åke;Liperi"]
    table = tables.read("\n".join(lines).encode("windows-1252") + "\nОлена;Joensuu".encode())
    assert table.about["encoding"] == "windows-1252"
    assert [row.flaws.get(budgets.WHOLE_ROW, "") for row in table.rows] == ["", "", "", "encoding"]


@pytest.mark.parametrize("text", ["=1+1", " =HYPERLINK(A1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+SUM(3)", "=\n"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_marked(text: str) -> None:
    content = io.StringIO()
    csv.writer(content, delimiter=";").writerows([HEADINGS, [text, "1"]])
    assert tables.read(content.getvalue().encode()).rows[1].flaws == {0: "formula"}


@pytest.mark.parametrize("text", ["+358 (0)40 123", "-", "- ei tiedossa", "-5", "a=b", "x@y.fi"])
def test_signs_that_are_no_formula_are_left_alone(text: str) -> None:
    content = io.StringIO()
    csv.writer(content, delimiter=";").writerows([HEADINGS, [text, "1"]])
    assert tables.read(content.getvalue().encode()).rows[1].flaws == {}


def test_a_workbook_gives_its_first_sheet_or_the_one_asked_for() -> None:
    content = workbook(HEADINGS, ["Olena", 401234567], Muut=[["Nimi"], ["Ali"]])
    table = tables.read(content)
    assert cells(table) == [HEADINGS, ["Olena", "401234567"]]
    assert (table.sheet, table.about["other_sheets"]) == ("Asiakkaat", ["Muut"])
    assert cells(tables.read(content, sheet="muut")) == [["Nimi"], ["Ali"]]
    assert only_problem(tables.read(content, sheet="Nowhere")) == (
        0,
        "There is no sheet “Nowhere”. The sheets are: Asiakkaat, Muut.",
    )


def test_formulas_of_a_workbook_are_marked_also_where_a_value_is_kept() -> None:
    table = tables.read(workbook(HEADINGS, ["=A1", "1"], ["Olena", "#REF!"]))
    assert [row.flaws for row in table.rows] == [{}, {0: "formula"}, {1: "broken"}]


def test_cells_are_measured() -> None:
    table = tables.read(workbook(HEADINGS, ["x" * (budgets.MOST_CHARACTERS + 1), "1"]))
    assert table.rows[1].flaws == {0: "long"}


def test_two_hundred_columns_are_refused_with_their_number() -> None:
    sentence = "This row has 200 columns. At most 100 are read; delete those that are not needed."
    assert only_problem(tables.read(workbook(["Nimi"] * 200))) == (1, sentence)
    assert only_problem(tables.read(";".join(["Nimi"] * 200).encode())) == (1, sentence)


def test_empty_columns_at_the_end_do_not_count() -> None:
    assert cells(tables.read((";".join(HEADINGS) + ";" * 300).encode())) == [HEADINGS]


def test_too_many_rows_are_refused() -> None:
    content = b"Nimi\n" + b"a\n" * (budgets.MOST_ROWS + 60)
    assert only_problem(tables.read(content))[1] == "The table has more than 50000 rows. Import it in parts."


def test_a_workbook_that_jumps_over_a_million_rows_is_refused_at_once() -> None:
    book = openpyxl.Workbook(write_only=False)
    sheet = book.active
    assert sheet is not None
    sheet.cell(1_048_576, 1, "end")
    content = io.BytesIO()
    book.save(content)
    assert only_problem(tables.read(content.getvalue()))[1] == "The table has more than 50000 rows. Import it in parts."


def packed(parts: dict[str, bytes], *, declared: int = 0) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


BOMB = {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b" " * (budgets.MOST_UNPACKED + 1)}
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 100 + b'">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
) + b"]><workbook>&j;</workbook>"  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n ", "The file is empty."),
        (b"x" * (budgets.MOST_BYTES + 1), "The file is larger than 10 MB."),
        (packed(BOMB), "The file unpacks to more than 150 MB or 200 parts. It is not opened."),
        (
            packed({f"{number}": b"" for number in range(300)}),
            "The file unpacks to more than 150 MB or 200 parts. It is not opened.",
        ),
        (packed({"a.txt": b"hello"}), "This archive is not a spreadsheet of the type .xlsx."),
        (
            packed({"xl/workbook.xml": b"", "xl/embeddings/inner.xlsx": b"PK\x03\x04"}),
            "The spreadsheet holds other files or macros. Save it as plain .xlsx or CSV and send it again.",
        ),
        (
            packed({"xl/workbook.xml": b"", "xl/vbaProject.bin": b""}),
            "The spreadsheet holds other files or macros. Save it as plain .xlsx or CSV and send it again.",
        ),
        (b"PK\x03\x04" + b"x" * 100, "The file is damaged: it cannot be unpacked."),
        (
            tables.OLE + b"\0" * 100 + tables.ENCRYPTED,
            "The file is protected with a password. Save it without one and send it again.",
        ),
        (
            tables.OLE + b"\0" * 600,
            "This is an old spreadsheet (.xls). Save it as .xlsx or CSV and send it again.",
        ),
        (
            b"%PDF-1.7\n1 0 obj\n",
            "This is not a table but a file of the type PDF. Send .xlsx or CSV.",
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "This is not a table but a file of the type PNG. Send .xlsx or CSV.",
        ),
        (b"<html><table>", "This is a web page or XML, not a table. Save it as .xlsx or CSV and send it again."),
        (packed({"xl/workbook.xml": b"<workbook/>"}), "The file is damaged: it cannot be read as a spreadsheet."),
        (packed({"xl/workbook.xml": ENTITIES}), "The file is damaged: it cannot be read as a spreadsheet."),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    assert only_problem(tables.read(content)) == (0, sentence)


def test_an_open_quotation_mark_does_not_swallow_the_rest() -> None:
    row, sentence = only_problem(tables.read(b'Nimi;Puh\nOlena;1\n"Ali;2\nFatima;3\n'))
    assert (row, sentence) == (
        3,
        "A quotation mark in this row is not closed, or stands within a cell. Correct it and send it again.",
    )


def test_text_that_breaks_its_own_promise_is_located() -> None:
    assert only_problem(tables.read(b"\xef\xbb\xbfNimi\nOlena\n\xe4\n"))[0] == 3


def test_a_child_that_is_ended_by_its_limits_becomes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "WALL_SECONDS", 0)
    assert only_problem(tables.read(b"Nimi\nOlena\n"))[1] == "The file takes too long to read."


def test_the_child_knows_no_secret_and_no_database() -> None:
    assert set(tables.ENVIRONMENT) == {"PYTHONPATH", "LANG"}


def test_a_cell_that_unpacks_to_nearly_all_that_is_allowed_is_only_too_long() -> None:
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    text = b"x" * (budgets.MOST_UNPACKED - 100_000)
    with zipfile.ZipFile(io.BytesIO(workbook(HEADINGS))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cell = b'<c r="A1" t="inlineStr"><is><t>' + text + b"</t></is></c></row></sheetData></worksheet>"
    parts["xl/worksheets/sheet1.xml"] = sheet + cell
    assert tables.read(packed(parts)).rows[0].flaws == {0: "long"}


@pytest.mark.parametrize(("limit", "value"), [("MEMORY", 40_000_000), ("CPU_SECONDS", 0)])
def test_a_child_that_hits_its_limits_becomes_a_sentence(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    content = workbook(*[[f"{row} {column}" for column in range(30)] for row in range(2_000)])
    monkeypatch.setattr(budgets, limit, value)
    assert only_problem(tables.read(content))[1] in {
        "The file is damaged, or takes too much memory or time to read.",
        "The file takes too much memory to read.",
    }
