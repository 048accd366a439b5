"""The forms that come with the service: whole, complete in their languages, and possible to send."""

import pathlib
from typing import Any

import pytest

from kotisatama.forms import actions, definition, filling, queries, translating_states, xlsform
from kotisatama.forms.structure import Definition
from kotisatama.forms.translating_checks import complaints
from kotisatama.forms.translating_texts import FormText, texts_of

FOLDER = pathlib.Path(definition.__file__).parent / "definitions"
PACKAGED = sorted(path.stem for path in FOLDER.glob("*.xlsx"))
LANGUAGES = ("fi", "sv", "en", "ru", "uk", "ar")
# What the inbox, the register and the routing know by name (intake/mapping.py).
KNOWN_TO_INTAKE = frozenset({"phone", "email", "phone_safe", "reply_by", "municipality", "service_language", "name"})

Answers = dict[str, Any]
REPLY: Answers = {"reply_by": "sms", "phone": "+358 40 000 1000", "phone_safe": "no"}
# The fewest answers with which each form can be sent, one set for each way through it.
WAYS: dict[str, list[Answers]] = {
    "palaute": [
        {"subject": "accessibility", "message": "x", "wants_answer": "no"},
        {"subject": "remote", "message": "x", "wants_answer": "yes", "service_language": "uk", **REPLY},
    ],
    "suostumus-tietojen-jakamiseen": [
        {
            "whose": "child", "name": "Olena", "date_of_birth": "1990-02-11", "child_name": "Ivan",
            "child_date_of_birth": "2019-02-11", "municipality": "167", "service_language": "uk",
            "receivers": ["school", "other"], "other_receiver": "x", "kinds": ["contact"], "purpose": "x",
            "validity": "matter", "consent": "OK", "signed_name": "Olena", **REPLY,
        },
    ],
    "tyonantajan-ja-tyontekijan-kysymys": [
        {
            "role": "employer", "topics": ["work.employer"], "message": "x", "urgent": "no", "municipality": "426",
            "service_language": "ar", "interpreter": "yes", "consent": "OK", **REPLY,
        },
        {
            "role": "worker", "topics": ["safety.exploitation", "work.rights"], "message": "x", "urgent": "yes",
            "municipality": "secret", "service_language": "en", "consent": "OK", **REPLY,
        },
    ],
    "vertaistuki-toive": [
        {
            "wishes": ["talking"], "service_language": "other", "other_language": "ไทย", "municipality": "309",
            "supporter": "any", "ways": ["phone"], "times": ["evening"], "name": "Nok", "consent": "OK", **REPLY,
        },
    ],
}  # fmt: skip


def rows(code: str) -> dict[str, Any]:
    return xlsform.read_workbook(FOLDER / f"{code}.xlsx").to_json()


def compiled(code: str) -> Definition:
    found = definition.compile_definition(xlsform.read_workbook(FOLDER / f"{code}.xlsx"))
    assert found.problems == ()
    assert found.definition is not None
    return found.definition


def lacks(text: FormText) -> list[str]:
    """The languages that a text has no words or wrong words in."""
    return [
        language
        for language in LANGUAGES
        if not text.target(language) or complaints(text.source, text.target(language))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("code", PACKAGED)
def test_every_packaged_form_imports_without_a_problem_and_can_be_published(code: str) -> None:
    imported = actions.import_form(FOLDER / f"{code}.xlsx", publish=True)
    assert imported.problems == []
    assert imported.form == code
    version = queries.published_version(code)
    assert version is not None
    assert [share.share for share in translating_states.language_shares(version)] == [1.0] * 5
    assert queries.title(version, "ar").language == "ar"


@pytest.mark.parametrize("code", PACKAGED)
def test_every_text_of_a_packaged_form_is_there_in_its_six_languages(code: str) -> None:
    texts = texts_of(rows(code))
    assert texts.default == "fi"
    assert set(texts.languages) >= set(LANGUAGES)
    faults = {text.key: lacks(text) for text in texts.texts if lacks(text)}
    assert set(faults) == set()


@pytest.mark.parametrize("code", PACKAGED)
def test_the_inbox_knows_who_wrote_and_how_to_answer(code: str) -> None:
    form = compiled(code)
    assert set(form.questions) >= KNOWN_TO_INTAKE
    assert "secret" in {choice.name for choice in form.choices[form.questions["municipality"].choices]}


@pytest.mark.parametrize(("code", "answers"), [(code, answers) for code, ways in WAYS.items() for answers in ways])
def test_a_form_can_be_sent_with_the_fewest_answers(code: str, answers: Answers) -> None:
    form = compiled(code)
    evaluation = filling.evaluate(form, answers, language="fi", **actions.this_moment())
    assert filling.complaints(form, answers, evaluation, "fi") == []
    kept, _calculated = filling.settled(form, answers, evaluation)
    assert set(kept) == set(answers), "nothing that was answered is dropped"


@pytest.mark.parametrize(("code", "answers"), [(code, ways[0]) for code, ways in WAYS.items()])
def test_each_of_the_fewest_answers_is_needed(code: str, answers: Answers) -> None:
    form = compiled(code)
    for name in answers:
        fewer = {other: value for other, value in answers.items() if other != name}
        evaluation = filling.evaluate(form, fewer, language="fi", **actions.this_moment())
        assert [each.field for each in filling.complaints(form, fewer, evaluation, "fi")], name


def test_a_consent_lasts_two_years_at_most() -> None:
    form = compiled("suostumus-tietojen-jakamiseen")
    today = actions.this_moment()["today"]
    for year, is_right in ((today.year - 1, False), (today.year + 1, True), (today.year + 3, False)):
        answers = WAYS["suostumus-tietojen-jakamiseen"][0] | {"validity": "day", "valid_to": f"{year}-01-02"}
        evaluation = filling.evaluate(form, answers, language="fi", **actions.this_moment())
        found = [each.field for each in filling.complaints(form, answers, evaluation, "fi")]
        assert (found == []) is is_right
