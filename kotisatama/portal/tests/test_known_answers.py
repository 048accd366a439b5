"""Answers from the register: shown, explained, and changed by nobody on the form."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from kotisatama.forms import actions as forms
from kotisatama.forms import queries
from kotisatama.forms.models import Draft, Version
from kotisatama.forms.tests.test_agreements import with_options
from kotisatama.kernel import row_security
from kotisatama.kernel.testing import ROOT
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.visitors import ABOUT, CONTACT, FORM, YOU
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
OPTIONS = {"name": {"prefill": "person.name"}, "municipality": {"prefill": "person.municipality"}}
KNOWN = {"person.name": "Олена Шевченко", "person.municipality": "167", "person.hetu": "never asked"}


@pytest.fixture
def version() -> Iterator[Version]:
    """The contact form whose name and municipality are taken from the register."""
    builders.a_service_point(is_main=True)
    forms.import_form(WORKBOOK, publish=True)
    found = Version.objects.get(form__code="yhteydenotto")
    before = queries._definitions[found.pk] = (found.sha256, queries.definition(found))
    queries._definitions[found.pk] = (found.sha256, with_options(before[1], OPTIONS))
    yield found
    queries._definitions.pop(found.pk)


@pytest.fixture
def person(version: Version) -> Client:
    browser = Client()
    browser.cookies["kotisatama_draft"] = "a secret of this browser"
    mine = visitors.holder_of(browser)
    with row_security.context(holder=mine):
        forms.begin_prefilled(holder=mine, version=version, language="en", known=KNOWN)
    return browser


def test_what_is_known_is_there_and_marked_as_from_the_register(person: Client) -> None:
    draft = visitors.draft_of(person)
    assert (draft.answers["name"], draft.answers["municipality"]) == ("Олена Шевченко", "167")
    assert {name: draft.filled_by[name] for name in draft.verified} == {"name": "prefill", "municipality": "prefill"}
    assert "never asked" not in str(draft.answers)


def test_it_is_shown_for_reading_with_the_reason(person: Client) -> None:
    page = person.get(f"{FORM}2/").content.decode()
    assert "These answers come from our register" in page
    assert 'name="municipality"' not in page
    assert "Joensuu" in page
    assert "From our register" in person.get(f"{FORM}check/").content.decode()


def test_a_verified_answer_that_is_posted_is_refused(person: Client) -> None:
    visitors.post(person, 1, ABOUT)
    assert visitors.post(person, 2, YOU).status_code == 422
    rest: dict[str, Any] = {name: value for name, value in YOU.items() if name != "municipality"}
    assert visitors.post(person, 2, rest).status_code == 302
    assert visitors.draft_of(person).answers["municipality"] == "167"


def test_the_submission_says_what_came_from_the_register(person: Client) -> None:
    pages = [
        ABOUT,
        {name: value for name, value in YOU.items() if name != "municipality"},
        {"with_family": "no"},
        CONTACT,
    ]
    visitors.fill(person, pages)
    assert visitors.send(person).status_code == 302
    (submission,) = visitors.submissions()
    assert submission.filled_by["name"] == "prefill"
    assert submission.controller_id == "167"


def test_a_form_that_was_begun_already_stays_as_it_is(version: Version) -> None:
    browser = Client()
    visitors.fill(browser, [ABOUT])
    mine = visitors.holder_of(browser)
    with row_security.context(holder=mine):
        forms.begin_prefilled(holder=mine, version=version, language="en", known=KNOWN)
        assert Draft.objects.get().verified == []


def test_options_are_read_from_the_question(version: Version) -> None:
    question = queries.definition(version).questions["name"]
    assert queries.option(question, "prefill") == "person.name"
    assert queries.option(dataclasses.replace(question, options={}), "prefill") == ""
