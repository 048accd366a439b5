"""Expressions: the shared vectors, what is refused, and that nothing else ever happens."""

import contextlib
import datetime
import io
import json
import pathlib
import zoneinfo
from typing import Any

import pytest
from django.conf import settings as settings_of_project
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from kotisatama.forms import expressions, functions_page, lists
from kotisatama.forms.expressions import clock, evaluator, functions, mathematics, signatures, vectors
from kotisatama.forms.instance import ChoiceLists, item_node

VECTORS = json.loads((pathlib.Path(__file__).parent / "data" / "xpath_vectors.json").read_text())
EXCEPTIONS: dict[str, str] = {}  # expression: the reason why our value differs. None does.


document, choices = vectors.document, vectors.choices


def environment(timezone: str = "UTC", steps: int = 100_000) -> expressions.Environment:
    zone = zoneinfo.ZoneInfo(timezone)
    return expressions.Environment(
        document=document(VECTORS["instance"]),
        today=datetime.date(2026, 11, 24),
        now=datetime.datetime(2026, 11, 24, 12, 30, tzinfo=datetime.UTC),
        timezone=zone,
        instances={name: choices(items) for name, items in VECTORS["secondary_instances"].items()},
        budget=expressions.Budget(steps),
    )


def value_of(expression: str, timezone: str = "UTC") -> str:
    place = environment(timezone)
    node = next(node for node in place.document.walk() if node.name == "c")
    return expressions.string(expressions.parse(expression), place, node)


@pytest.mark.parametrize(("expression", "expected"), [vector for vector in VECTORS["vectors"]])
def test_every_shared_vector_has_its_value(expression: str, expected: str) -> None:
    assert expression not in EXCEPTIONS
    assert value_of(expression, VECTORS["timezone"]) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("selected('fi sv en ru', '')", "false"),
        ("string-length(normalize-space('  a  b '))", "3"),
        ("-(2 - 5) * - -1", "3"),
        ("7 mod 3 = 1 and 7 div 2 = 3.5", "true"),
        ("count(/data/r | /data/a | /data/r)", "3"),
        ("count(//q)", "2"),
        ("/data/r[1]/following-sibling::r/q", "3"),
        ("sum(/data/r/q) + max(/data/r/q) - min(4, /data/r/q)", "6"),
        ("join('-', /data/r/q, 'x')", "1-3-x"),
        ("coalesce(/data/e, '', 'd')", "d"),
        ("substring-after('a-b-c', '-')", "b-c"),
        ("checklist(1, 2, true(), false(), true())", "true"),
        ("format-date('2026-02-01', '%e.%n.%Y %% %y')", "1.2.2026 % 26"),
        ("format-date('', '%Y')", ""),
        ("date('2026-02-30')", ""),
        ("today()", "2026-11-24"),
        ("today() - 1 = '2026-11-23'", "true"),
        ("date(today() - 1) = '2026-11-23'", "true"),
        ("boolean-from-string('1')", "true"),
        ("exp(1000)", "Infinity"),
        ("sqrt(-1)", ""),
        ("1e3", None),
        ("string-length(uuid())", "36"),
        ("distance('0 0; 0 1') > 111000", "true"),
        ("0.0000001 * 1", "0.0000001"),
        ("round(-2.5)", "-2"),
        ("substr('hello', -3)", "llo"),
        ("base64-decode('w6Q=')", "ä"),
    ],
)
def test_what_the_vectors_do_not_say(expression: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(expressions.ExpressionProblem):
            expressions.parse(expression)
    else:
        assert value_of(expression) == expected


@pytest.mark.parametrize(
    ("timezone", "hour"), [("UTC", "10:20"), ("Europe/Helsinki", "12:20"), ("America/New_York", "05:20")]
)
def test_moments_are_on_the_clock_of_the_timezone_and_days_are_days_everywhere(timezone: str, hour: str) -> None:
    assert value_of("format-date-time(/data/dt, '%H:%M')", timezone) == hour
    assert value_of("decimal-date-time(/data/d)", timezone) == "18690"
    assert value_of("/data/d < today()", timezone) == "true"


def test_now_is_written_in_the_timezone() -> None:
    assert value_of("now()", "Europe/Helsinki") == "2026-11-24T14:30:00.000+02:00"


NAMES = expressions.Names(frozenset({"age", "member", "member_name"}), tables={"towns": ["code", "name"]})


@pytest.mark.parametrize(
    ("expression", "column", "words"),
    [
        ("selectd(., 'a')", 1, "Did you mean “selected”"),
        ("1 + frobnicate()", 5, "no function “frobnicate”"),
        ("selected(.)", 1, "takes 2 arguments, not 1"),
        ("substr('a')", 1, "takes 2 to 3 arguments"),
        ("coalesce()", 1, "at least 1 argument"),
        ("pulldata('a.csv', 'b', 'c', 'd')", 1, "no file “a.csv”"),
        ("pulldata('towns', 'b', 'code', 'd')", 1, "no column “b”"),
        ("pulldata(concat('t', 'owns'), 'name', 'code', 'd')", 1, "in quotation marks"),
        ("indexed-repeat(${age}, ${member}, 1, ${member})", 1, "pairs of repeat and row"),
        ("1 + randomize(${age})", 5, "“randomize” is not supported"),
        ("${last-saved#age}", 1, "Earlier answers"),
        ("'a\ud800'", 3, "half a sign"),
        ("${agee} > 3", 1, "no question “agee”"),
        ("/data/agee", 7, "no question “agee”"),
        ("count(${member}[member_nme = 'a'])", 17, "no question “member_nme”"),
        ("jr:choice-name(${age}, '${agee}')", 1, "no question “agee”"),
        ("(1 + 2", 7, "Here should be “)”"),
        ("1 +", 4, "the expression ends"),
        ("", 1, "the expression ends"),
        ("'abc", 1, "not closed"),
        ("‘abc’", 1, "straight quotation marks"),
        ("a = b = ] c", 9, "there is “]”"),
        ("$age", 1, "${name}"),
        ("@a", 1, "Attributes"),
        ("1 2", 3, "should end"),
        ("9" * 400, 1, "too large"),
        ("(" * 200 + "1" + ")" * 200, 51, "too complex"),
        ("-" * 200 + "1", 52, "minus"),
        ("1" + " + 1" * 200, 1, "too complex"),
        ("1" + " + 1" * 2000, 4000, "longer than"),
    ],
)
def test_a_wrong_expression_is_refused_where_it_goes_wrong(expression: str, column: int, words: str) -> None:
    with pytest.raises(expressions.ExpressionProblem, match=r".") as refusal:
        expressions.parse(expression, NAMES if "a = b" not in expression else None)
    assert words in refusal.value.message
    assert refusal.value.column == column


def test_names_inside_a_list_are_its_columns_and_not_questions() -> None:
    tree = expressions.parse("instance('l')/root/item[name = ${age} and x = /data/member/member_name]/label", NAMES)
    assert expressions.dependencies(tree) == {"age", "data", "member", "member_name"}


def test_a_reference_in_a_repeat_means_the_same_row_and_outside_all_rows() -> None:
    place = environment()
    first, second = [node for node in place.document.walk() if node.name == "q"]
    outside = next(node for node in place.document.walk() if node.name == "c")
    tree = expressions.parse("${q} + 0")
    assert [expressions.string(tree, place, node) for node in (first, second, outside)] == ["1", "3", "1"]
    every = expressions.parse("sum(${q})")
    assert [expressions.string(every, place, node) for node in (second, outside)] == ["3", "4"]
    assert expressions.string(expressions.parse("count(${r})"), place, second) == "2"
    assert expressions.string(expressions.parse("indexed-repeat(${q}, ${r}, 1)"), place, second) == "1"


def test_once_keeps_what_is_there() -> None:
    place = environment()
    filled = next(node for node in place.document.walk() if node.name == "a")
    assert expressions.string(expressions.parse("once('new')"), place, filled) == "hello"


def test_an_evaluation_that_takes_too_many_steps_stops() -> None:
    place = environment(steps=200)
    tree = expressions.parse("count(//*[count(//*[count(//*) > 1]) > 1])")
    with pytest.raises(expressions.TooComplex):
        expressions.string(tree, place, place.document)


def test_a_catastrophic_pattern_takes_no_time() -> None:
    place = environment()
    node = place.document.children[0]
    node.children[0].text = "a" * 5_000 + "!"
    assert expressions.string(expressions.parse("regex(/data/a, '^(a+)+$')"), place, node) == "false"


def test_a_tree_survives_json() -> None:
    tree = expressions.parse("if(${age} > 3.5, concat('a', -1), instance('l')/root/item[2]/label)")
    assert json.loads(json.dumps(tree)) == tree


PIECES = st.sampled_from([
    "1", "2.5", "'a'", '"b"', "${age}", "${x}", "/data/a", "..", ".", "/", "//", "*", "+", "-", " and ",
    " or ", " div ",
    "mod", "(", ")", "[", "]", ",", "=", "!=", "<=", "|", "not(", "count(", "selected(", "current()", "instance('l')",
    "self::", "node()", "r[", "position()", "\x00", "é", "$", "'", "::", "@",
])  # fmt: skip


@settings(max_examples=400, deadline=2_000)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_gives_a_tree_or_a_problem_and_every_tree_a_value_or_too_complex(expression: str) -> None:
    try:
        tree = expressions.parse(expression)
    except expressions.ExpressionProblem as problem:
        assert 1 <= problem.column <= len(expression) + 1  # noqa: PT017 - either a tree or this
        return
    place = environment(steps=5_000)
    with contextlib.suppress(expressions.TooComplex):
        assert isinstance(expressions.string(tree, place, place.document.children[0]), str)
    assert json.loads(json.dumps(tree)) == tree


def test_the_list_of_functions_in_the_docs_is_up_to_date_and_complete() -> None:
    page = (settings_of_project.ROOT / functions_page.PLACE).read_text(encoding="utf-8")
    assert functions_page.text(page) == page, "Run `kotisatama form-functions-doc`."
    served = {*mathematics.FUNCTIONS, *functions._TEXTS, *functions._NODES, *clock.FUNCTIONS, *evaluator._LAZY}
    assert served == set(signatures.SIGNATURES)
    assert not served & set(signatures.REFUSED)


TOWNS = {"columns": ["code", "name"], "rows": [["167", "Joensuu"], ["167", "Toinen"], ["276"]]}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("pulldata('towns', 'name', 'code', '167')", "Joensuu"),
        ("pulldata('towns.csv', 'name', 'code', 160 + 7)", "Joensuu"),
        ("pulldata('towns', 'name', 'code', '276')", ""),
        ("pulldata('towns', 'name', 'code', '1')", ""),
        ("pulldata('towns', 'mayor', 'code', '167')", ""),
        ("pulldata('villages', 'name', 'code', '167')", ""),
        ("pulldata('l', 'label', 'name', /data/pick)", "Ex"),
    ],
)
def test_a_form_reads_the_tables_that_it_brings_along(expression: str, expected: str) -> None:
    place = environment()
    towns = ChoiceLists.document_of(item_node(each, "") for each in lists.lookup_choices(TOWNS))
    place.instances = {**place.instances, "towns": towns}
    assert expressions.string(expressions.parse(expression), place, place.document) == expected


def test_a_reference_inside_repeats_in_one_another_means_the_nearest_row() -> None:
    place = environment()
    place.document = vectors.document(
        "<data><o><x>1</x><i><y>a</y></i><i><y>b</y></i></o><o><x>2</x><i><y>c</y></i><i><y>d</y></i></o></data>"
    )
    place.index()
    inner = [node for node in place.document.walk() if node.name == "y"]
    for expression, expected in [("${x}", "1122"), ("count(${i})", "2222"), ("${y}", "abcd"), ("count(${o})", "2222")]:
        tree = expressions.parse(expression)
        assert "".join(expressions.string(tree, place, node) for node in inner) == expected, expression
    tree = expressions.parse("indexed-repeat(${y}, ${o}, 2, ${i}, 1)")
    assert [expressions.string(tree, place, node) for node in inner] == ["c"] * 4


@pytest.mark.parametrize(
    "expression", ["concat(/data/a, /data/a)", "join(/data/a, 'x', 'y', 'z')", "string(/data)", "sum(//*)"]
)
def test_a_text_that_becomes_too_long_is_an_end(expression: str) -> None:
    place = environment()
    for node in place.document.children[0].children[:2]:
        node.text = "a" * 70_000
    with pytest.raises(expressions.TooComplex):
        expressions.string(expressions.parse(expression), place, place.document)


def test_looking_for_what_is_not_there_costs_what_is_looked_at() -> None:
    place = environment(steps=1_000)
    tree = expressions.parse("count(//*[//*[//nowhere]])")
    with pytest.raises(expressions.TooComplex):
        expressions.string(tree, place, place.document)


def run_command(content: Any, tmp_path: pathlib.Path) -> tuple[Any, str]:
    file, said = tmp_path / "vectors.json", (io.StringIO(), io.StringIO())
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    call_command("form-evaluate", str(file), stdout=said[0], stderr=said[1])
    return json.loads(said[0].getvalue()), said[1].getvalue()


def test_the_command_prints_every_shared_vector_with_its_value(tmp_path: pathlib.Path) -> None:
    assert run_command(VECTORS, tmp_path) == (VECTORS["vectors"], "")


def test_the_command_prints_null_and_says_why(tmp_path: pathlib.Path) -> None:
    wrong = ["1 +", "count(//*[//*[//*[//*[//*]]]])", "'\ud800'", "../a"]
    found, said = run_command(VECTORS | {"vectors": wrong}, tmp_path)
    assert found == [["1 +", None], [wrong[1], None], ["'\ud800'", None], ["../a", "hello"]]
    for words in ("the expression ends", "too many steps", "half a sign"):
        assert words in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"instance": '<!DOCTYPE d [<!ENTITY a "b">]><data><c>&a;</c></data>'}, "document type"),
        ({"instance": '<!DOCTYPE d SYSTEM "file:///etc/passwd"><data><c/></data>'}, "document type"),
        ({"instance": "<data><c>"}, "not XML"),
        ({"instance": "<data><c>&a;</c></data>"}, "not XML"),
        ({"instance": "<data>" + "<a>" * 200 + "</a>" * 200 + "<c/></data>"}, "deeper than"),
        ({"instance": "<data>" + "<a/>" * 60_000 + "<c/></data>"}, "more than 50000 nodes"),
        ({"instance": "<data/>"}, "no node /data/c"),
        ({"instance": 3}, "not a text"),
        ({"timezone": "Europe/Nowhere"}, "no timezone"),
        ({"timezone": "../../etc/passwd"}, "no timezone"),
        ({"vectors": 3}, "not a list"),
        ({"vectors": [3]}, "pair"),
        ({"secondary_instances": []}, "object of lists"),
        ({"secondary_instances": {"l": ["x"]}}, "list of objects"),
    ],
)
def test_the_command_refuses_a_file_that_it_cannot_use(
    changes: dict[str, Any], words: str, tmp_path: pathlib.Path
) -> None:
    with pytest.raises(CommandError, match=words):
        run_command(VECTORS | changes, tmp_path)


@pytest.mark.parametrize("content", ["", "[", "[]", "null", "[" * 100_000, "\x00"])
def test_the_command_refuses_what_is_no_such_file(content: str, tmp_path: pathlib.Path) -> None:
    with pytest.raises(CommandError):
        run_command(content, tmp_path)
