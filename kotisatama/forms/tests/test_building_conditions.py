"""Drop-downs write expressions, and expressions of that shape come back into drop-downs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotisatama.forms.building import conditions, wording
from kotisatama.forms.building.conditions import THIS, Condition, Conditions
from kotisatama.forms.expressions import parse
from kotisatama.kernel.errors import NotAllowed

KINDS = {
    "family": "select_one", "topics": "select_multiple", "age": "integer", "born": "date", "who": "text",
    "sum": "calculate", THIS: "text",
}  # fmt: skip
WRITTEN = [
    (Condition("family", "is", "yes"), "${family} = 'yes'"),
    (Condition("family", "is_not", "yes"), "${family} != 'yes'"),
    (Condition("topics", "contains", "work"), "selected(${topics}, 'work')"),
    (Condition("topics", "lacks", "work"), "not(selected(${topics}, 'work'))"),
    (Condition("who", "contains", "it's"), 'contains(${who}, "it\'s")'),
    (Condition("age", "more", "17"), "${age} > 17"),
    (Condition("age", "least", "-1.5"), "${age} >= -1.5"),
    (Condition("born", "most", "today"), "${born} <= today()"),
    (Condition("born", "less", "2000-01-31"), "${born} < date('2000-01-31')"),
    (Condition("who", "answered"), "${who} != ''"),
    (Condition("who", "empty"), "${who} = ''"),
    (Condition("sum", "is", "3"), "${sum} = 3"),
    (Condition("sum", "is", "three"), "${sum} = 'three'"),
    (Condition(THIS, "shorter", "200"), "string-length(.) <= 200"),
    (Condition(THIS, "is_not", "x"), ". != 'x'"),
]


@pytest.mark.parametrize(("condition", "expression"), WRITTEN)
def test_a_condition_is_written_and_read_back(condition: Condition, expression: str) -> None:
    written = conditions.write(Conditions((condition,)), KINDS)
    assert written == expression
    assert conditions.read(expression, KINDS) == Conditions((condition,))


@pytest.mark.parametrize("joiner", ["and", "or"])
def test_several_conditions_are_joined_by_one_word(joiner: str) -> None:
    lines = tuple(condition for condition, _expression in WRITTEN)
    written = conditions.write(Conditions(lines, joiner), KINDS)
    assert conditions.read(written, KINDS) == Conditions(lines, joiner)


@pytest.mark.parametrize(
    "expression",
    [
        "${family} = 'yes' and ${age} > 1 or ${who} = 'a'",
        "(${family} = 'yes')  and (",
        "18 < ${age}",
        "${age} > ${sum}",
        "${age} = '18'",
        "selected(${who}, 'a')",
        "count(${member}[child = 'yes']) > 0",
        "regex(., '^a')",
        "true()",
        "${age} = 1e5",
    ],
)
def test_any_other_expression_stays_text(expression: str) -> None:
    assert conditions.read(expression, KINDS) is None


def test_brackets_that_change_nothing_do_not_keep_an_expression_from_the_drop_downs() -> None:
    assert conditions.read("(${family}='yes') and (${age}>17)", KINDS) is not None


@pytest.mark.parametrize(
    "condition",
    [
        Condition("age", "more", "many"),
        Condition("born", "less", "31.1.2000"),
        Condition("who", "is", ""),
        Condition("who", "is", "'\""),
        Condition("who", "frobs", "a"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(condition: Condition) -> None:
    with pytest.raises(NotAllowed):
        conditions.write(Conditions((condition,)), KINDS)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.builds(
            Condition,
            st.sampled_from(list(KINDS)),
            st.sampled_from(list(conditions.OPERATORS)),
            st.text(max_size=8) | st.integers(-999, 999).map(str) | st.dates().map(str),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["and", "or"]),
)
def test_what_drop_downs_write_they_read_again(lines: list[Condition], joiner: str) -> None:
    try:
        written = conditions.write(Conditions(tuple(lines), joiner), KINDS)
    except NotAllowed:
        return
    read = conditions.read(written, KINDS)
    assert read is not None
    assert conditions.write(read, KINDS) == written


@pytest.mark.parametrize(
    "expression",
    [
        "${a} = 'x' and (${b} > 1 or not(${c} = ''))",
        "count(${member}[child = 'yes'][1]) - (2 - 1) > -3",
        "../a/b | /data/x",
        "sum(instance('l')/root/item[name = current()/../x]/n) div 2",
        "(1 + 2) * 3 mod 4",
    ],
)
def test_a_tree_is_told_as_the_expression_that_it_came_from(expression: str) -> None:
    assert parse(wording.text_of(parse(expression))) == parse(expression)


def test_a_condition_is_told_in_words() -> None:
    words = wording.in_words(parse("${family} = 'yes'"), {"family": "Perhe?"}, {"family": {"yes": "Kyllä"}})
    assert words == "“Perhe?” is “Kyllä”"


def test_the_checker_names_the_place() -> None:
    assert (
        conditions.complaint("${a} = ", frozenset("a"))
        == "Here should be a value, but the expression ends. (character 8)"
    )
    assert "no question" in conditions.complaint("${b} = 1", frozenset("a"))
    assert conditions.complaint("", frozenset()) == ""
