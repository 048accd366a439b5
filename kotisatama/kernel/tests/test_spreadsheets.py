"""No file that leaves the service has a text that a spreadsheet calculates."""

import pytest

from kotisatama.kernel.spreadsheets import harmless
from tests import source


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_looks_like_a_formula_is_defused(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("cell", [-1, -0.5, None, "", "1+1", "a=b"])
def test_numbers_and_other_texts_stay_as_they_are(cell: object) -> None:
    assert harmless(cell) == cell


def test_the_list_of_signs_stands_once() -> None:
    signs = '"=", "+", "-", "@"'
    own = (path for path in source.files(".py") if "tests" not in path.parts)
    found = [source.name_of(path) for path in own if signs in path.read_text(encoding="utf-8")]
    assert found == ["kotisatama/kernel/spreadsheets.py"]
