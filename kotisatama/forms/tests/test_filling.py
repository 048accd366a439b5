"""Filling in the contact form: what is kept, what is refused, what follows."""

import datetime
import functools
import pathlib
import zoneinfo
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from kotisatama.forms import definition, filling, instance, xlsform
from kotisatama.forms.tests.test_xlsform import LABEL, question, workbook

ZONE = zoneinfo.ZoneInfo("Europe/Helsinki")
TODAY = datetime.date(2026, 11, 24)
NOW = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)
WHEN: dict[str, Any] = {"today": TODAY, "now": NOW, "timezone": ZONE}
CONTACT_FORM = pathlib.Path(definition.__file__).parent / "definitions" / "yhteydenotto.xlsx"
LETTER = {"document": "0190", "name": "kirje.jpg", "size": 1000}


@functools.cache
def contact_form() -> definition.Definition:
    form = definition.compile_definition(xlsform.read_workbook(CONTACT_FORM)).definition
    assert form is not None
    return form


def form_of(*survey: dict[str, Any], choices: list[dict[str, Any]] | None = None) -> definition.Definition:
    compiled = definition.compile_definition(xlsform.read_workbook(workbook(list(survey), choices)))
    assert compiled.problems == ()
    assert compiled.definition is not None
    return compiled.definition


def clean(page: str, data: dict[str, Any], answers: dict[str, Any] | None = None, **more: Any) -> filling.Cleaned:
    return filling.clean_page(contact_form(), page, data, answers or {}, **{"language": "fi", **WHEN, **more})


def codes(cleaned: filling.Cleaned) -> dict[str, str]:
    return {field: error.code for field, error in cleaned.errors.items()}


ABOUT = {"topics": ["work", "housing"], "message": "Hei", "urgent": "no"}
YOU = {"municipality": "167", "service_language": "fi", "date_of_birth": ""}
FAMILY = {"with_family": "no"}
CONTACT = {"reply_by": "visit", "name": "", "consent": "OK"}


def whole_form() -> dict[str, Any]:
    answers = filling.initial_answers(contact_form(), today=TODAY, now=NOW)
    for page, data in (("page_about", ABOUT), ("page_you", YOU), ("page_family", FAMILY), ("page_contact", CONTACT)):
        cleaned = clean(page, data, answers)
        assert cleaned.errors == {}
        answers = cleaned.answers
    return answers


def test_a_page_that_is_right_is_kept() -> None:
    cleaned = clean("page_about", ABOUT)
    assert cleaned.errors == {}
    assert cleaned.answers["topics"] == ["work", "housing"]
    assert cleaned.answers["message"] == "Hei"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"topics": []}, "topics", "required"),
        ({"topics": ["work", "dont_know"]}, "topics", "constraint"),
        ({"topics": ["work", "astronomy"]}, "topics", "choice"),
        ({"urgent": "maybe"}, "urgent", "choice"),
        ({"urgent": ["yes", "no"]}, "urgent", "several"),
        ({"message": "x" * 2001}, "message", "constraint"),
        ({"message": "x" * 10_001}, "message", "too_long"),
        ({"message": "a\x00b"}, "message", "control_characters"),
        ({"letter": "a file by its name"}, "letter", "file"),
        ({"welcome": "x"}, "welcome", "not_asked"),
        ({"age": "17"}, "age", "unknown"),
        ({"controller": "167"}, "controller", "unknown"),
        ({"member-0-member_name": "x"}, "member-0-member_name", "unknown"),
        ({"message-0-message": "x"}, "message-0-message", "unknown"),
        ({"x" * 5_000: "x"}, "x" * 100, "unknown"),
    ],
)
def test_what_does_not_belong_on_a_page_is_refused(changes: dict[str, Any], field: str, code: str) -> None:
    assert codes(clean("page_about", ABOUT | changes)) == {field: code}


def test_what_was_typed_is_kept_although_it_is_wrong() -> None:
    cleaned = clean("page_about", ABOUT | {"message": "x" * 2001})
    assert cleaned.answers["message"] == "x" * 2001
    cleaned = clean("page_you", YOU | {"date_of_birth": "31.2.2020"})
    assert cleaned.answers["date_of_birth"] == "31.2.2020"
    assert codes(cleaned) == {"date_of_birth": "date"}
    complaints = filling.check_all(contact_form(), cleaned.answers, **WHEN)
    assert ("page_you", "date_of_birth", "date") in [complaint[:3] for complaint in complaints]


def test_a_choice_that_is_not_on_the_list_is_never_kept() -> None:
    assert "urgent" not in clean("page_about", ABOUT | {"urgent": "maybe"}).answers
    assert clean("page_about", ABOUT | {"urgent": "maybe"}, {"urgent": "yes"}).answers["urgent"] == "yes"


def test_two_thousand_characters_fit_although_the_browser_sends_two_for_each_new_line() -> None:
    text = "a\r\n" * 999 + "bb"
    cleaned = clean("page_about", ABOUT | {"message": text})
    assert cleaned.errors == {}
    assert len(cleaned.answers["message"]) == 2_000


def test_a_calculated_value_from_the_browser_is_refused() -> None:
    cleaned = clean("page_you", YOU | {"age": "44"})
    assert codes(cleaned) == {"age": "not_asked"}
    assert cleaned.answers.get("age") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1990-02-11", "1990-02-11"),
        ("11.2.1990", "1990-02-11"),
        ("11. 2. 1990", "1990-02-11"),
        ("١١.٢.١٩٩٠", "1990-02-11"),
    ],
)
def test_a_date_is_understood_as_people_write_it(typed: str, kept: str) -> None:
    cleaned = clean("page_you", YOU | {"date_of_birth": typed})
    assert (cleaned.errors, cleaned.answers["date_of_birth"], cleaned.answers["age"]) == ({}, kept, "36")


@pytest.mark.parametrize(
    ("typed", "code"), [("1.1.1899", "constraint"), ("25.11.2026", "constraint"), ("1/2/1990", "date")]
)
def test_a_date_that_cannot_be_is_refused(typed: str, code: str) -> None:
    assert codes(clean("page_you", YOU | {"date_of_birth": typed}))["date_of_birth"] == code


def test_a_constraint_speaks_the_language_of_the_page_or_a_general_sentence() -> None:
    data = YOU | {"date_of_birth": "25.11.2026"}
    assert clean("page_you", data, language="ar").errors["date_of_birth"].message == "تحقق من التاريخ."
    with translation.override("en"):
        assert str(clean("page_you", data, language="so").errors["date_of_birth"].message) == "Check this answer."


def test_a_minor_needs_a_guardian_and_a_date_taken_back_asks_no_more() -> None:
    child = clean("page_you", YOU | {"date_of_birth": "25.11.2008"})
    assert (codes(child), child.newly_shown) == ({"guardian": "required"}, ("guardian",))
    assert clean("page_you", YOU | {"date_of_birth": "22.11.2008"}).errors == {}
    assert "age" not in clean("page_you", YOU, child.answers).answers


def test_a_question_that_is_not_asked_is_neither_required_nor_sent() -> None:
    answers = whole_form()
    with_other = clean(
        "page_you", YOU | {"service_language": "other", "other_language": "Suahili", "interpreter": "no"}, answers
    )
    assert with_other.errors == {}
    back = clean("page_you", YOU, with_other.answers)
    assert back.answers["other_language"] == "Suahili"
    evaluation = filling.evaluate(contact_form(), back.answers, **WHEN)
    kept, calculated = filling.settled(contact_form(), back.answers, evaluation)
    assert "other_language" not in kept
    assert kept["today"] == "2026-11-24"
    assert calculated == {"children": "0"}


def test_a_phone_number_in_arabic_digits_is_kept_in_plain_ones() -> None:
    cleaned = clean("page_contact", CONTACT | {"reply_by": "sms", "phone": "+٣٥٨ ٤٠ ١٢٣", "phone_safe": "no"})
    assert (cleaned.errors, cleaned.answers["phone"]) == ({}, "+358 40 123")
    wrong = clean("page_contact", CONTACT | {"reply_by": "sms", "phone": "soita", "phone_safe": "no"})
    assert (codes(wrong), wrong.answers["phone"]) == ({"phone": "constraint"}, "soita")


def test_the_consent_must_be_ticked() -> None:
    unticked = {key: value for key, value in CONTACT.items() if key != "consent"}
    assert codes(clean("page_contact", unticked, {"consent": "OK"})) == {"consent": "required"}


MEMBER = {"member-0-member_name": "Amal", "member-0-member_birth_year": "٢٠٢٠", "member-0-member_relation": "child"}


def test_rows_of_a_repeat_are_kept_in_order_and_counted() -> None:
    second = {"member-1-member_name": "", "member-1-member_birth_year": "1990", "member-1-member_relation": "spouse"}
    cleaned = clean("page_family", {"with_family": "yes", **MEMBER, **second})
    assert cleaned.errors == {}
    assert cleaned.answers["member"] == [
        {"member_name": "Amal", "member_birth_year": 2020, "member_relation": "child"},
        {"member_birth_year": 1990, "member_relation": "spouse"},
    ]
    assert cleaned.answers["children"] == "1"


def test_a_wrong_row_is_named_by_its_field_and_keeps_what_was_typed() -> None:
    cleaned = clean("page_family", {"with_family": "yes", **MEMBER, "member-1-member_birth_year": "twenty"})
    assert codes(cleaned) == {"member-1-member_birth_year": "integer", "member-1-member_relation": "required"}
    assert cleaned.answers["member"][1] == {"member_birth_year": "twenty"}


def test_buttons_add_and_remove_rows_and_ask_for_nothing_yet() -> None:
    added = clean("page_family", {"with_family": "yes", **MEMBER, "member-add": "1"})
    assert (added.rows_changed, added.errors, len(added.answers["member"])) == (True, {}, 2)
    removed = clean("page_family", {"with_family": "yes", **MEMBER, "member-1-member_name": "B", "member-remove": "0"})
    assert removed.answers["member"] == [{"member_name": "B"}]


def test_empty_rows_are_left_out_but_one_is_asked_for() -> None:
    empty = {"member-0-member_name": "", "member-0-member_birth_year": "", "member-1-member_name": ""}
    cleaned = clean("page_family", {"with_family": "yes", **empty})
    assert cleaned.answers["member"] == [{}]
    assert codes(cleaned) == {"member-0-member_birth_year": "required", "member-0-member_relation": "required"}


def test_more_than_twenty_rows_are_refused() -> None:
    cleaned = clean(
        "page_family", {"with_family": "yes", **MEMBER, "member-20-member_name": "x", "member-999-member_name": "x"}
    )
    assert codes(cleaned) == {"member": "too_many"}
    assert len(cleaned.answers["member"]) == 1


def test_rows_do_not_count_when_the_family_is_not_concerned() -> None:
    answers = clean("page_family", {"with_family": "yes", **MEMBER}, whole_form()).answers
    answers = clean("page_family", {"with_family": "no"}, answers).answers
    assert len(answers["member"]) == 1
    evaluation = filling.evaluate(contact_form(), answers, **WHEN)
    assert not evaluation.is_relevant("member-0-member_name")
    kept, calculated = filling.settled(contact_form(), answers, evaluation)
    assert "member" not in kept
    assert calculated == {"children": "0"}
    assert filling.check_all(contact_form(), answers, **WHEN) == []


def test_a_file_comes_from_the_store_and_not_from_a_text() -> None:
    cleaned = clean("page_about", ABOUT, files={"letter": LETTER})
    assert (cleaned.errors, cleaned.answers["letter"]) == ({}, LETTER)
    again = clean("page_about", ABOUT, cleaned.answers)
    assert again.answers["letter"] == LETTER
    assert "letter" not in clean("page_about", ABOUT | {"letter-remove": "1"}, again.answers).answers
    assert codes(clean("page_about", ABOUT, files={"message": LETTER}))
    assert codes(clean("page_about", ABOUT, files={"stranger": LETTER})) == {"stranger": "unknown"}


def test_fields_of_the_page_frame_are_ignored_when_they_are_named() -> None:
    assert clean("page_about", ABOUT | {"key": "1", "csrfmiddlewaretoken": "x"}, ignore=("key",)).errors == {}


def test_the_earlier_answers_are_not_changed() -> None:
    before: dict[str, Any] = {"member": [{"member_name": "A"}]}
    clean("page_family", {"with_family": "yes", **MEMBER}, before)
    assert before == {"member": [{"member_name": "A"}]}


def test_everything_is_checked_again_when_the_form_is_sent() -> None:
    assert filling.check_all(contact_form(), whole_form(), **WHEN) == []
    forged = whole_form() | {
        "urgent": "perhaps",
        "topics": ["magic"],
        "date_of_birth": 7,
        "consent": "",
        "reply_by": {},
    }
    complaints = filling.check_all(contact_form(), forged, **WHEN)
    assert [complaint[:3] for complaint in complaints] == [
        ("page_about", "topics", "choice"),
        ("page_about", "urgent", "choice"),
        ("page_you", "date_of_birth", "date"),
        ("page_contact", "reply_by", "choice"),
        ("page_contact", "consent", "required"),
    ]


def test_a_page_without_relevant_questions_is_passed_over() -> None:
    form = form_of(
        question("a"), question("g", "begin_group", relevant="${a} = 'x'"), question("b"), {"type": "end_group"},
        question("h", "begin_group"), question("c", "calculate", calculation="1"), {"type": "end_group"},
    )  # fmt: skip
    shown = {
        a: [page.name for page in filling.visible_pages(form, filling.evaluate(form, {"a": a}, **WHEN))] for a in "xy"
    }
    assert shown == {"x": ["a", "g"], "y": ["a"]}


def test_a_choice_filter_offers_and_accepts_only_what_fits() -> None:
    towns = [
        {"list_name": "t", "name": name, LABEL: name, "land": land} for name, land in (("oslo", "no"), ("turku", "fi"))
    ]
    lands = [{"list_name": "l", "name": name, LABEL: name} for name in ("no", "fi")]
    form = form_of(
        question("land_asked", "select_one l"),
        question("town", "select_one t", choice_filter="land = ${land_asked}"),
        choices=[*towns, *lands],
    )
    evaluation = filling.evaluate(form, {"land_asked": "fi"}, **WHEN)
    assert [choice.name for choice in filling.choices_for(form, "town", evaluation)] == ["turku"]
    cleaned = filling.clean_page(form, "town", {"town": "oslo"}, {"land_asked": "fi"}, **WHEN)
    assert codes(cleaned) == {"town": "choice"}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("integer", "1 000", 1000), ("integer", "-5", -5), ("integer", "۱۲", 12), ("integer", "2,5", "2,5"),
        ("integer", "9" * 17, "9" * 17), ("decimal", "2,5", 2.5), ("decimal", "١٫٥", 1.5), ("decimal", "1e3", "1e3"),
        ("time", "9.30", "09:30:00"), ("time", "25:00", "25:00"), ("dateTime", "2026-11-24T09:30",
        "2026-11-24T09:30:00+02:00"),
        ("dateTime", "1.7.2026 9.30", "2026-07-01T09:30:00+03:00"), ("text", " two\nlines ", "two lines"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_value_or_stays_as_it_was(kind: str, typed: str, kept: object) -> None:
    cleaned = filling.clean_page(form_of(question("a", kind)), "a", {"a": typed}, {}, **WHEN)
    assert cleaned.answers["a"] == kept
    assert bool(cleaned.errors) is (typed == kept)


def test_once_and_defaults_and_hidden_values() -> None:
    form = form_of(
        question("a", "integer", default="3"), question("h", "hidden", default="campaign"),
        question("first", "calculate", calculation="once(${a})"), question("b"),
    )  # fmt: skip
    answers = filling.initial_answers(form, today=TODAY, now=NOW)
    assert answers == {"a": 3}
    answers = filling.clean_page(form, "a", {"a": "4"}, answers, **WHEN).answers
    answers = filling.clean_page(form, "a", {"a": "5"}, answers, **WHEN).answers
    assert (answers["a"], answers["first"], answers["h"]) == (5, "4", "campaign")
    assert codes(filling.clean_page(form, "a", {"a": "5", "h": "forged"}, answers, **WHEN)) == {"h": "unknown"}


def test_a_group_in_a_repeat_follows_its_row() -> None:
    form = form_of(
        question("r", "begin_repeat"), question("kind"), question("g", "begin_group", relevant="${kind} = 'x'"),
        question("why", required="yes"), {"type": "end_group"}, {"type": "end_repeat"},
    )  # fmt: skip
    cleaned = filling.clean_page(form, "r", {"r-0-kind": "x", "r-1-kind": "y"}, {}, **WHEN)
    assert codes(cleaned) == {"r-0-why": "required"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["document", "name", "member_name"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=2_000)
@given(st.dictionaries(st.sampled_from([*contact_form().questions, "member", "page_you"]), VALUES, max_size=8))
def test_whatever_stands_in_a_draft_the_form_can_be_checked(answers: dict[str, Any]) -> None:
    filling.check_all(contact_form(), answers, **WHEN)
    evaluation = filling.evaluate(contact_form(), answers, **WHEN)
    filling.settled(contact_form(), answers, evaluation)
    assert evaluation.environment.budget.left > instance.STEPS * 0.9


@settings(max_examples=150, deadline=2_000)
@given(
    st.dictionaries(
        st.sampled_from(
            ["with_family", "member-0-member_name", "member-3-member_birth_year", "member-add", "member-remove", "x"]
        )
        | st.text(max_size=12),
        st.text(max_size=30) | st.lists(st.text(max_size=10), max_size=3),
        max_size=6,
    )
)
def test_whatever_is_posted_a_page_answers(data: dict[str, Any]) -> None:
    cleaned = clean("page_family", data)
    assert len(cleaned.answers.get("member", [])) <= 20
