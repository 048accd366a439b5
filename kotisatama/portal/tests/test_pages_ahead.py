"""The pages of a form ahead of their being opened, and the worker script that keeps them on a phone."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kotisatama.forms import actions as forms
from kotisatama.kernel.testing import ROOT
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.visitors import ABOUT, FORM, PAGES
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"


@pytest.fixture
def phone() -> Client:
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    return Client()


def ahead(browser: Client) -> dict[str, Any]:
    found = browser.get(f"{FORM}ahead/").json()
    assert isinstance(found, dict)
    return found


def test_all_pages_come_before_anything_was_answered(phone: Client) -> None:
    pages = ahead(phone)["pages"]
    own = [f"{FORM}{number}/" for number in range(1, len(PAGES) + 1)]
    assert set(own) | {f"{FORM}{name}/" for name in ("check", "forget", "lost", "forgotten")} == set(pages)
    assert 'name="with_family"' in pages[own[2]]
    assert all("csrfmiddlewaretoken" in pages[path] for path in own)


def test_a_page_ahead_is_the_page_that_would_be_opened(phone: Client) -> None:
    visitors.post(phone, 1, ABOUT)
    given = ahead(phone)["pages"]
    for number in range(1, len(PAGES) + 1):
        opened = phone.get(f"{FORM}{number}/").content.decode()
        assert without_token(given[f"{FORM}{number}/"]) == without_token(opened)
    assert ABOUT["message"] in given[f"{FORM}1/"]


def without_token(page: str) -> list[str]:
    """The page but for what is new each time: the token, and the moment of the preview."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "form-preview" not in line]


def test_nothing_of_another_visitor_comes_ahead(phone: Client) -> None:
    visitors.post(phone, 1, ABOUT)
    assert not any(ABOUT["message"] in page for page in ahead(Client())["pages"].values())


def test_pages_ahead_begin_nothing_and_leave_no_secret(phone: Client) -> None:
    response = phone.get(f"{FORM}ahead/")
    assert "kotisatama_draft" not in response.cookies
    assert response.headers["Cache-Control"] == "no-store"


def test_what_is_posted_from_a_page_ahead_goes_into_a_draft_begun_meanwhile(phone: Client) -> None:
    blank = {"page:draft": "", "page:seen": ""}
    visitors.post(phone, 1, ABOUT, **blank)
    assert visitors.post(phone, 3, PAGES[2], **blank).status_code == 302
    assert visitors.draft_of(phone).answers["with_family"] == "no"


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_pages(
    phone: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    visitors.post(phone, 1, ABOUT)
    with django_assert_max_num_queries(16):
        ahead(phone)


def test_the_worker_script_may_serve_every_language_and_is_asked_for_anew() -> None:
    response = Client().get("/sw.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_an_unknown_form_has_no_pages_ahead(phone: Client) -> None:
    assert phone.get("/en/form/nothing/ahead/").status_code == 404
