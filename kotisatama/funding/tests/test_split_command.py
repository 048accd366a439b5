"""`kotisatama split` as somebody types it: the parts on standard output, what is wrong on standard error."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

RECORDED = Path(__file__).parents[1] / "data" / "foreign_citizens_json_stat2.json"
PEOPLE = "167=2302,276=184,426=142,309=133,146=76"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("split", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def changed(path: Path, **changes: Any) -> str:
    """The recorded answer with some keys changed, as a file."""
    answer = json.loads(RECORDED.read_text(encoding="utf-8")) | changes
    file = path / "changed.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    return str(file)


def with_area(path: Path, old: str, new: str) -> str:
    file = path / "area.json"
    file.write_text(RECORDED.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("source", [("--people", PEOPLE), ("--statistic", str(RECORDED))])
def test_the_worked_case_as_json(source: tuple[str, str]) -> None:
    found = json.loads(
        run("--amount", "45555.00", "--method", "as-decided", "--lead", "167", *source, "--format", "json")
    )
    assert set(found) == {"method", "total", "parts"}
    assert (found["method"], found["total"]) == ("as-decided", "45555.00")
    assert found["parts"][0] == {"municipality": "167", "people": 2302, "percent": "81.13", "amount": "36958.77"}
    assert [part["amount"] for part in found["parts"]] == ["36958.77", "2956.52", "2282.31", "2136.53", "1220.87"]


def test_a_table_for_people_to_read() -> None:
    table = run("--amount", "45555.00", "--lead", "167", "--people", "167=2302,276=173,426=142,309=133,146=87")
    assert "167 Joensuu" in table
    assert "45,555.00" in table.splitlines()[-1]


def test_some_municipalities_of_a_statistic() -> None:
    found = json.loads(run("--amount", "10.00", "--statistic", str(RECORDED), "--among", "167,146", "--format", "json"))
    assert [part["municipality"] for part in found["parts"]] == ["167", "146"]
    assert sum(Decimal(part["amount"]) for part in found["parts"]) == Decimal("10.00")


@pytest.mark.parametrize(
    ("words", "place", "sentence"),
    [
        (("--amount", "45555,00"), "--amount: ", "Write 45555.00"),
        (("--amount", "45 555.00"), "--amount: ", "Write 45555.00"),
        (("--amount", "45555.000"), "--amount: ", "more than two decimals"),
        (("--amount", "-45555.00"), "--amount: ", "not negative"),
        (("--amount", "much"), "--amount: ", "not an amount"),
        (("--minimum", "1,5"), "--minimum: ", "Write 1.5"),
        (("--lead", "167", "--lead", "276"), "--lead: ", "Two leads"),
        (("--lead", "999"), "--lead: ", "not among"),
        (("--lead", "16"), "--lead: ", "three digits"),
        (("--method", "halves"), "--method: ", "exact or as-decided"),
        (("--method", "as-decided"), "--lead: ", "which municipality leads"),
        (("--people", "167=2302"), "--people: ", "at least two"),
        (("--people", "167=2302,276=0"), "--people: ", "276: with 0 people"),
        (("--people", "167=2302,276=184,167=1"), "--people: ", "167 stands twice"),
        (("--people", "167=2302,276"), "--people: ", "Entry 2"),
        (("--people", "167=2302,276=1.5"), "--people: ", "276: “1.5”"),
        (("--people", "167=2302,Liperi=3"), "--people: ", "“Liperi”"),
        (("--people", ""), "--people: ", "at least two"),
    ],
)
def test_bad_input_is_told_where_it_stands(words: tuple[str, ...], place: str, sentence: str) -> None:
    given = {"--amount": ("45555.00",), "--people": (PEOPLE,)}
    own = dict.fromkeys(words[::2])
    rest = [word for name, value in given.items() if name not in own for word in (name, *value)]
    with pytest.raises(CommandError) as refused:
        run(*words, *rest)
    assert str(refused.value).startswith(place)
    assert sentence in str(refused.value)


def test_a_statistic_without_a_number_names_the_area(tmp_path: Path) -> None:
    file = changed(tmp_path, value=[2302, 184, None, 133, 76])
    with pytest.raises(CommandError, match=r"--statistic: .*KU426 Liperi \(value 3 is empty\)"):
        run("--amount", "1.00", "--statistic", file)


@pytest.mark.parametrize("area", ["KU999", "MK12"])
def test_an_unknown_area_of_a_statistic_is_named(tmp_path: Path, area: str) -> None:
    with pytest.raises(CommandError, match=area.removeprefix("KU")):
        run("--amount", "1.00", "--statistic", with_area(tmp_path, "KU426", area))


def test_the_whole_country_is_no_partner(tmp_path: Path) -> None:
    found = json.loads(run("--amount", "1.00", "--statistic", with_area(tmp_path, "KU167", "SSS"), "--format", "json"))
    assert [part["municipality"] for part in found["parts"]] == ["276", "426", "309", "146"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id": None}, "not a file in json-stat2"),
        ({"size": [5, 1, 1]}, "sizes"),
        ({"size": [4, 1, 1, 1]}, "Alue"),
        ({"value": [2302, 184, "142", 133, 76]}, r"KU426 Liperi \(value 3\)"),
        ({"value": [2302, 184, -1, 133, 76]}, "KU426"),
        ({"value": [2302, 184, 1.5, 133, 76]}, "KU426"),
        ({"value": {"0": 2302}}, "KU276"),
        ({"value": []}, "KU167"),
        ({"dimension": {}}, "does not describe"),
    ],
)
def test_a_statistic_that_is_not_one_is_refused(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run("--amount", "1.00", "--statistic", changed(tmp_path, **changes))


def test_a_file_that_is_not_there_or_not_json(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("--amount", "1.00", "--statistic", str(tmp_path / "nothing.json"))
    (tmp_path / "text.json").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="not a file in json-stat2"):
        run("--amount", "1.00", "--statistic", str(tmp_path / "text.json"))
