"""The same form open in two places: nothing is overwritten silently, and what differs is asked about."""

from typing import Any

import pytest
from django.test import Client

from kotisatama.forms import actions as forms
from kotisatama.kernel.testing import ROOT
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.visitors import ABOUT, FAMILY, FORM, PAGES
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"


@pytest.fixture
def phone() -> Client:
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    browser = Client()
    visitors.fill(browser)
    return browser


@pytest.fixture
def library(phone: Client) -> Client:
    browser = Client()
    assert visitors.go_on(browser, visitors.code_of(phone)).status_code == 302
    return browser


def answers(phone: Client) -> dict[str, Any]:
    return dict(visitors.draft_of(phone).answers)


def test_different_answers_of_one_page_are_both_kept(phone: Client, library: Client) -> None:
    on_phone, in_library = visitors.shown(phone, 1), visitors.shown(library, 1)
    assert visitors.post(library, 1, ABOUT | {"message": "Written in the library."}, **in_library).status_code == 302
    assert visitors.post(phone, 1, ABOUT | {"urgent": "no"}, **on_phone).status_code == 302
    assert answers(phone)["message"] == "Written in the library."
    assert answers(phone)["urgent"] == "no"


def test_the_same_answer_changed_in_two_places_is_shown_twice_and_asked(phone: Client, library: Client) -> None:
    on_phone, in_library = visitors.shown(phone, 1), visitors.shown(library, 1)
    visitors.post(library, 1, ABOUT | {"message": "Written in the library.", "urgent": "no"}, **in_library)
    response = visitors.post(phone, 1, ABOUT | {"message": "Written on the phone."}, **on_phone)
    page = response.content.decode()
    assert response.status_code == 409
    assert page.count("Written on the phone.") == 2  # as one of the two, and in its field
    assert page.count("Written in the library.") == 1
    assert answers(phone)["message"] == "Written in the library."
    assert answers(phone)["urgent"] == "no"


@pytest.mark.parametrize(
    ("choice", "kept"), [("here", "Written on the phone."), ("elsewhere", "Written in the library.")]
)
def test_the_chosen_answer_is_kept(phone: Client, library: Client, choice: str, kept: str) -> None:
    on_phone, in_library = visitors.shown(phone, 1), visitors.shown(library, 1)
    visitors.post(library, 1, ABOUT | {"message": "Written in the library."}, **in_library)
    mine = ABOUT | {"message": "Written on the phone."}
    asked = visitors.post(phone, 1, mine, **on_phone).context
    hidden = {"page:draft": str(asked["draft"]), "page:seen": asked["seen"]}
    assert visitors.post(phone, 1, mine, **hidden).status_code == 409
    assert visitors.post(phone, 1, mine, **hidden, **{"page:keep-message": choice}).status_code == 302
    assert answers(phone)["message"] == kept


def test_a_choice_that_was_overtaken_is_asked_again(phone: Client, library: Client) -> None:
    on_phone, in_library = visitors.shown(phone, 1), visitors.shown(library, 1)
    visitors.post(library, 1, ABOUT | {"message": "First."}, **in_library)
    mine = ABOUT | {"message": "Written on the phone."}
    asked = visitors.post(phone, 1, mine, **on_phone).context
    visitors.post(library, 1, ABOUT | {"message": "Second."}, **visitors.shown(library, 1))
    hidden = {"page:draft": str(asked["draft"]), "page:seen": asked["seen"], "page:keep-message": "here"}
    response = visitors.post(phone, 1, mine, **hidden)
    assert response.status_code == 409
    assert "Second." in response.content.decode()
    assert answers(phone)["message"] == "Second."


def test_a_page_with_two_answers_is_not_left_by_any_button(phone: Client, library: Client) -> None:
    on_phone, in_library = visitors.shown(phone, 1), visitors.shown(library, 1)
    visitors.post(library, 1, ABOUT | {"message": "Written in the library."}, **in_library)
    mine = ABOUT | {"message": "Written on the phone."}
    for more in ({"go": "back"}, {"go": "later"}, {"page:language": "fi"}):
        response = visitors.post(phone, 1, mine, **{**on_phone, **more})
        assert response.status_code == 409, more
        assert "Written on the phone." in response.content.decode()


def test_rows_of_a_repeat_changed_in_two_places_are_asked_about_as_a_whole(phone: Client, library: Client) -> None:
    family = {"with_family": "yes", "member-0-member_name": "Ali", "member-0-member_birth_year": "2015"}
    visitors.post(phone, 3, family)
    on_phone, in_library = visitors.shown(phone, 3), visitors.shown(library, 3)
    visitors.post(library, 3, family | {"member-0-member_name": "Ali Hassan"}, **in_library)
    response = visitors.post(phone, 3, family | {"member-0-member_name": "Alī"}, **on_phone)
    assert response.status_code == 409
    assert "Ali Hassan" in response.content.decode()
    assert answers(phone)["member"][0]["member_name"] == "Ali Hassan"


def test_what_was_read_is_what_is_sent(phone: Client, library: Client) -> None:
    revision = str(phone.get(f"{FORM}check/").context["revision"])
    visitors.post(library, 3, FAMILY | {"with_family": "yes", "member-0-member_name": "Ali"})
    response = visitors.send(phone, **{"page:revision": revision})
    assert response.status_code == 409
    assert "Read them once more" in response.content.decode()
    assert visitors.submissions() == []
    assert visitors.send(phone).status_code in (302, 422)


def test_pressing_send_in_both_places_sends_once(phone: Client, library: Client) -> None:
    key = str(phone.get(f"{FORM}check/").context["key"])
    fields = {"page:key": key, "page:go": "send"}
    assert "/sent/" in library.post(f"{FORM}check/", fields)["Location"]
    assert "/sent/" in library.post(f"{FORM}check/", fields)["Location"]
    assert phone.post(f"{FORM}check/", fields)["Location"] == f"{FORM}gone/"
    assert len(visitors.submissions()) == 1


def test_a_hidden_field_with_nonsense_breaks_nothing(phone: Client) -> None:
    for seen in ("=;=;;", "message", "x" * 50_000, "message=!;urgent=!!", "\x00=\x00"):
        assert visitors.post(phone, 1, ABOUT, **{"page:seen": seen}).status_code in (302, 409)


def test_saving_the_same_page_again_is_no_change(phone: Client) -> None:
    before = visitors.draft_of(phone).revision
    visitors.post(phone, 1, PAGES[0], **visitors.shown(phone, 1))
    assert visitors.draft_of(phone).revision == before
