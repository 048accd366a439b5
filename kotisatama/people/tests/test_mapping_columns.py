"""The mapping of an import: read as text, wrong parts told with their lines; and days as old registers write them."""

from datetime import date

import pytest

from kotisatama.people.importing import dates, mapping, tables
from kotisatama.people.importing.mapping import BadMapping

GOOD = """source: maire
controller: "167"
key: Nro
separator: tab
fields:
  name: [Etunimi, Sukunimi]
  citizenships: {column: Maa, values: {NO: "NO", "?": ""}, other: ""}
  phone_safe: {constant: "no"}
"""


def problems(content: str) -> list[tuple[int, str, str]]:
    with pytest.raises(BadMapping) as raised:
        mapping.read(content)
    return [(each.row, each.column, each.message) for each in raised.value.problems]


def test_texts_stay_texts() -> None:
    """In YAML 1.1 the code of Norway would be false."""
    found = mapping.read(GOOD)
    assert found.fields["citizenships"].values == {"no": "NO", "?": ""}
    assert found.fields["phone_safe"].constant == "no"
    assert (found.controller, found.separator) == ("167", "\t")
    assert found.columns == ["Nro", "Etunimi", "Sukunimi", "Maa"]


def test_a_mapping_written_as_a_file_is_the_same_again() -> None:
    found = mapping.read(GOOD)
    assert mapping.read(mapping.to_yaml(found)) == found
    assert mapping.from_tree(mapping.to_tree(found)) == found


def test_the_example_of_the_how_to_page_can_be_read() -> None:
    example = tables.ROOT / "kotisatama/people/importing/example.yaml"
    assert "hetu" in mapping.read(example.read_bytes()).fields


@pytest.mark.parametrize(
    ("content", "row", "column", "beginning"),
    [
        ("", 0, "source", "Name the old register"),
        ("- a\n- b\n", 1, "", "The mapping is a list of names with values"),
        (GOOD + "colour: red\n", 9, "colour", "The mapping has no part “colour”."),
        (GOOD.replace("  name", "  nmae"), 5, "fields", "The mapping must say where the name stands."),
        (GOOD.replace("key: Nro", "dates: [d.m.yy]"), 3, "dates", "The date format “d.m.yy” is not known."),
        (GOOD.replace("separator: tab", "separator: '|'"), 4, "separator", "One of these is expected here:"),
        (GOOD + "  email: {constant: x, column: y}\n", 9, "fields.email", "Name either columns or a constant."),
        (GOOD + "  email: {colum: y}\n", 9, "fields.email", "Name either columns or a constant."),
        (GOOD.replace("key: Nro", "key: [a, b]"), 3, "key", "One text is expected here."),
        (GOOD + "key: Id\n", 9, "", "The mapping cannot be read: “key” stands twice."),
        ("a: &x [b]\nc: *x\n", 2, "", "The mapping cannot be read: an alias (*) stands here."),
        ("a: [b\n", 2, "", "The mapping cannot be read: "),
        ("a: " + "[" * 500 + "]" * 500, 0, "", "The mapping cannot be read: "),
        ("x" * (mapping.MOST_BYTES + 1), 0, "", "The mapping is too large."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content: str, row: int, column: str, beginning: str) -> None:
    found = problems(content)
    assert any(
        (each[0], each[1]) == (row, column) and each[2].startswith(beginning) for each in found
    ), found  # fmt: skip


def test_no_object_is_made_from_a_tag() -> None:
    found = mapping.read(GOOD.replace("Nro", "!!python/name:os.system Nro"))
    assert found.key == "Nro"


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("1.5.1994", dates.USUAL, (date(1994, 5, 1), False)),
        ("01. 05. 1994", dates.USUAL, (date(1994, 5, 1), False)),
        ("1994-05-01T00:00:00", (), (date(1994, 5, 1), False)),
        ("5/1/1994", ("m/d/yyyy",), (date(1994, 5, 1), False)),
        ("5/1/1994", ("d/m/yyyy",), (date(1994, 1, 5), False)),
        ("19940501", ("yyyymmdd",), (date(1994, 5, 1), False)),
        ("34455", ("excel",), (date(1994, 5, 1), False)),
        ("1994", ("yyyy",), (date(1994, 1, 1), True)),
        ("31.2.1994", dates.USUAL, None),
        ("1994", ("d.m.yyyy",), None),
        ("spring 1994", dates.USUAL, None),
        ("1.5.94", dates.USUAL, None),
    ],
)
def test_days_are_read_in_the_ways_that_the_mapping_names(
    text: str, formats: tuple[str, ...], expected: tuple[date, bool] | None
) -> None:
    assert dates.read(text, formats) == expected
