"""Texts of the answer templates: every language, every place, nothing personal in a text message."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kotisatama.kernel import identifiers
from kotisatama.messages import actions, answer_templates, queries
from kotisatama.messages.answer_templates import TEMPLATES, BrokenTemplate
from kotisatama.messages.tests import rows
from kotisatama.translation.models import Text
from tests import builders

pytestmark = pytest.mark.django_db
VALUES = {
    "link": "https://kotisatama.example/fi/correct/K7QF-29XM-4HTB-W3RD/",
    "site": "International House Joensuu",
    "place": "Torikatu",
    "phone": "+358 13 000 0000",
    "address": "Torikatu 1",
    "hours": "Mon–Thu 9–15",
    "reference": "K7QF-29XM",
    "text": "Vapaa teksti {name}",
}


@pytest.mark.parametrize("language", ["fi", "sv", "en", "ru", "uk", "ar"])
@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_has_its_text_in_the_languages_of_the_form(code: str, language: str) -> None:
    found = queries.compose(code, language=language, parameters=VALUES)
    assert found.language == language
    assert found.direction == ("rtl" if language == "ar" else "ltr")
    assert "{" not in found.body.replace(VALUES["text"], "")
    assert "K7QF-29XM" in found.body
    assert bool(found.subject) == (TEMPLATES[code].channel == "email")


@pytest.mark.parametrize(
    ("language", "real"), [("prs", "en"), ("so", "en"), ("ckb", "ar"), ("xx", "en"), ("other", "en")]
)
def test_a_language_without_text_falls_back_and_says_so(language: str, real: str) -> None:
    assert queries.compose("answer.free", language=language, parameters=VALUES).language == real


def test_a_translation_that_nobody_has_read_is_a_draft() -> None:
    assert queries.compose("answer.free", language="ar", parameters=VALUES).is_draft
    assert not queries.compose("answer.free", language="en", parameters=VALUES).is_draft


def test_no_text_is_marked_as_read_by_a_human() -> None:
    assert not Text.objects.filter(namespace="message", state="reviewed").exists()


@pytest.mark.parametrize("place", ["name", "0", "text.__class__", "", "text!r", " text"])
def test_a_text_with_an_unknown_place_is_refused(place: str) -> None:
    Text.objects.filter(namespace="message", key="answer.free.body", language="fi").update(value=f"Hei {{{place}}}")
    with pytest.raises(BrokenTemplate):
        queries.compose("answer.free", language="fi", parameters=VALUES)


def test_a_place_that_nobody_filled_is_refused() -> None:
    with pytest.raises(BrokenTemplate):
        queries.compose("answer.free", language="fi", parameters={"text": "Hei"})


def test_braces_in_the_workers_words_stay_braces() -> None:
    body = queries.compose("answer.free", language="fi", parameters=VALUES | {"text": "{reference} {phone}"}).body
    assert "{reference} {phone}" in body


def test_text_messages_take_the_centres_own_words_only() -> None:
    for template in queries.templates("sms"):
        assert template.parameters <= answer_templates.NEUTRAL
        assert not template.has_free_text


def test_opening_hours_are_in_the_readers_language() -> None:
    point = rows.a_main_service_point()
    assert queries.opening_hours_text(point, "fi") == "ma–pe 9.00–15.00"
    assert queries.opening_hours_text(point, "en").startswith("Mon–Fri 9:00")


words = st.text(st.characters(categories=["L", "Nd"]), min_size=4, max_size=30).filter(lambda text: not text.isascii())


@given(answers=st.dictionaries(st.sampled_from(["name", "message", "guardian", "email", "other_language"]), words))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_of_the_person_stands_in_a_text_message(answers: dict[str, Any]) -> None:
    rows.a_main_service_point()
    worker = builders.a_worker()
    submission = rows.a_submission(**answers)
    values = [str(value) for value in submission.answers.values() if isinstance(value, str) and len(value) > 3]
    for template in queries.templates("sms"):
        with builders.as_worker(worker):
            message = actions.queue_message(
                key=identifiers.new_id(),
                controller="426",
                channel="sms",
                address=submission.answers["phone"],
                language="uk",
                template=template.code,
                parameters={"reference": submission.reference},
                by=worker,
                submission=submission,
                numbers=rows.numbers(submission),
            )
        assert not [value for value in values if value in message.body]
        assert not re.search(r"40\s?123\s?4567", message.body)


def test_a_number_within_a_text_from_right_to_left_is_kept_apart() -> None:
    parameters = {"site": "S", "place": "P", "phone": "+358 40 000 0001", "address": "A 1", "reference": "AAAA-BBBB"}
    arabic = queries.compose("answer.sms_call_us", language="ar", parameters=parameters).body
    assert "\u2066+358 40 000 0001\u2069" in arabic
    assert "\u2066" not in queries.compose("answer.sms_call_us", language="fi", parameters=parameters).body


def test_a_link_within_a_text_from_right_to_left_is_whole() -> None:
    link = "https://kotisatama.example/ar/correct/K7QF-29XM-4HTB-W3RD/"
    parameters = {"site": "S", "place": "P", "phone": "+358 40 000 0001", "address": "A", "link": link}
    parameters["reference"] = "AAAA-BBBB"
    for template in ("correction.sms", "correction.email"):
        body = queries.compose(template, language="ar", parameters=parameters).body
        before, after = body.split(link)
        assert not {"\u2066", "\u2069", "\u200f"} & {before[-1:], after[:1]}
