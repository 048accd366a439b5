"""What a person agreed to is kept word by word."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import timezone

from kotisatama.forms import actions, filling, queries
from kotisatama.forms.models import Agreement, Submission, Version
from kotisatama.forms.structure import Definition, Question, Section
from kotisatama.kernel import row_security
from kotisatama.kernel.testing import ROOT
from tests import builders

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
ANSWERS = {
    "topics": ["work"], "urgent": "no", "municipality": "167", "service_language": "fi", "with_family": "no",
    "reply_by": "visit", "consent": "OK",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class WithOptions(Question):
    """A question with columns of our own."""

    options: Mapping[str, str] = dataclasses.field(default_factory=dict)


def with_options(form: Definition, options: Mapping[str, Mapping[str, str]]) -> Definition:
    def mark(item: Question | Section) -> Any:
        if isinstance(item, Section):
            return dataclasses.replace(item, items=tuple(mark(each) for each in item.items))
        plain = {each.name: getattr(item, each.name) for each in dataclasses.fields(item)}
        return WithOptions(**{**plain, "options": options.get(item.name, {})})

    return dataclasses.replace(form, pages=tuple(mark(page) for page in form.pages))


@pytest.fixture
def version() -> Version:
    builders.a_municipality()
    actions.import_form(WORKBOOK, publish=True)
    return Version.objects.get(form__code="yhteydenotto")


def send(version: Version, language: str) -> Submission:
    form, moment = queries.definition(version), actions.this_moment()
    answers = filling.initial_answers(form, today=moment["today"], now=moment["now"]) | ANSWERS
    draft = actions.keep_draft(holder="h", version=version, language=language, answers=answers, page=4)
    return actions.submit(draft, controller="167", language=language)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "uk", "ar"])
def test_the_statement_is_kept_as_it_was_shown_with_language_and_version(version: Version, language: str) -> None:
    with row_security.context(controllers=["167"], holder="h"):
        submission = send(version, language)
        kept = Agreement.objects.get()
    question = queries.definition(version).questions["consent"]
    assert kept.text == question.labels[language]
    assert (kept.language, kept.version_id, kept.answer) == (language, version.pk, "OK")
    assert (kept.question, kept.submission_id, kept.at) == ("consent", submission.pk, submission.submitted_at)
    assert kept.at <= timezone.now()


@pytest.mark.django_db
def test_a_language_that_the_form_lacks_is_kept_as_the_one_that_was_shown(version: Version) -> None:
    with row_security.context(controllers=["167"], holder="h"):
        send(version, "so")
        kept = Agreement.objects.get()
    assert kept.text == queries.definition(version).questions["consent"].labels[kept.language]
    assert kept.language != "so"


@pytest.mark.django_db
def test_another_municipality_sees_no_agreement(version: Version) -> None:
    with row_security.context(controllers=["167"], holder="h"):
        send(version, "fi")
    with row_security.context(controllers=["426"], holder="h"):
        assert not Agreement.objects.exists()


@pytest.mark.django_db
def test_a_purpose_makes_a_question_a_statement(version: Version) -> None:
    form = with_options(queries.definition(version), {"phone_safe": {"consent": "sharing"}})
    found = {each.name: queries.purpose_of(each) for each in form.questions.values()}
    assert (found["phone_safe"], found["consent"], found["message"]) == ("sharing", "", None)
