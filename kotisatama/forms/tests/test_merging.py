"""Two browsers, one draft: whatever they do, no answer is lost without a question."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kotisatama.forms import merging

NAMES = ["a", "b", "rows"]
TEXTS = st.sampled_from(["", "x", "y"])
ANSWERS = st.fixed_dictionaries(
    {
        "a": TEXTS,
        "b": st.lists(st.sampled_from("xyz"), unique=True),
        "rows": st.lists(st.dictionaries(st.just("n"), TEXTS)),
    }
)


def page(shown: dict[str, Any]) -> dict[str, str]:
    return merging.read_seen(merging.seen(shown, NAMES, {}))


@given(shown=ANSWERS, here=ANSWERS, elsewhere=ANSWERS)
def test_each_answer_is_that_of_whoever_changed_it_or_asked_about(
    shown: dict[str, Any], here: dict[str, Any], elsewhere: dict[str, Any]
) -> None:
    merged = merging.merge(elsewhere, here, NAMES, marks=page(shown), chosen={})
    for name in NAMES:
        was, mine, theirs, now = (merging.digest(each.get(name)) for each in (shown, here, elsewhere, merged.answers))
        if mine != was and theirs not in (was, mine):
            assert name in merged.both
            assert now == theirs
        else:
            assert name not in merged.both
            assert now == (mine if theirs == was else theirs)


@given(shown=ANSWERS, here=ANSWERS, elsewhere=ANSWERS, choice=st.sampled_from([merging.HERE, merging.ELSEWHERE]))
def test_a_choice_decides(shown: dict[str, Any], here: dict[str, Any], elsewhere: dict[str, Any], choice: str) -> None:
    first = merging.merge(elsewhere, here, NAMES, marks=page(shown), chosen={})
    asked = merging.read_seen(merging.seen(elsewhere, NAMES, first.both))
    second = merging.merge(elsewhere, here, NAMES, marks=asked, chosen=dict.fromkeys(first.both, choice))
    assert not second.both
    for name in first.both:
        wanted = here if choice == merging.HERE else elsewhere
        assert merging.digest(second.answers.get(name)) == merging.digest(wanted.get(name))


@given(st.text())
def test_no_text_breaks_the_reading_of_marks(text: str) -> None:
    merging.merge({"a": "x"}, {"a": "y"}, NAMES, marks=merging.read_seen(text), chosen={})
