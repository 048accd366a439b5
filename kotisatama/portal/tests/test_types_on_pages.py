"""Signatures, lists to open and rows inside rows on a visitor's pages, without a script."""

import pytest
from django.test import Client

from kotisatama.forms import actions as forms
from kotisatama.forms.tests.test_xlsform import LABEL, question, workbook
from tests import builders

pytestmark = pytest.mark.django_db

PAGE = "/fi/form/typed/1/"
CHOICES = [{"list_name": "l", "name": name, LABEL: name} for name in ("bus", "car")]
SURVEY = [
    question("p", "begin_group"),
    question("way", "select_one l or_other", appearance="minimal"),
    question("clock", "time"),
    question("member", "begin_repeat", **{"kotisatama::most_rows": "2"}),
    question("child", "begin_repeat"),
    question("age", "integer"),
    {"type": "end_repeat"},
    {"type": "end_repeat"},
    question("signed", "image", appearance="signature", required="yes"),
    {"type": "end_group"},
]


@pytest.fixture
def visitor() -> Client:
    builders.a_service_point(is_main=True)
    settings = {"form_id": "typed", "form_title": "Typed", "version": "1"}
    assert not forms.import_form(workbook(SURVEY, CHOICES, settings), publish=True).problems
    return Client()


def test_a_page_draws_rows_inside_rows_a_list_to_open_and_a_field_for_the_name(visitor: Client) -> None:
    page = visitor.get(PAGE).content.decode()
    assert '<select class="ds-input" id="q-way" name="way"' in page
    assert 'data-row="member-0-child-0"' in page
    assert 'name="member-0-child-0-age"' in page
    assert 'name="member-0-child-add"' in page
    assert "<h3>" in page
    assert 'type="text" name="signed"' in page
    assert page.index('id="q-way_other"') > page.index('id="q-way"')
    assert "forms/signature" in page


def test_what_is_posted_comes_back_as_it_was_typed(visitor: Client) -> None:
    data = {"way": "bus", "clock": "9.05", "member-0-child-0-age": "7", "member-0-child-1-age": "", "signed": "Amal"}
    response = visitor.post(PAGE, data | {"page:go": "next"})
    assert response.status_code == 302
    page = visitor.get(PAGE).content.decode()
    assert 'value="9:05"' in page
    assert 'value="Amal"' in page
    assert '<option value="bus" selected' in page
    check = visitor.get("/fi/form/typed/check/").content.decode()
    assert "Kysymys (1.1)" in check
    assert "Amal" in check


def test_a_row_too_many_is_told_at_the_top_with_the_way_to_its_repeat(visitor: Client) -> None:
    response = visitor.post(PAGE, {"signed": "Amal", "member-0-child-0-age": "1", "member-7-child-0-age": "2"})
    assert response.status_code == 422
    assert [(problem.message, problem.anchor) for problem in response.context["problems"]] == [
        ("Kysymys: Voit lisätä enintään 2.", "q-member-0")
    ]


def test_ten_thousand_rows_in_one_post_are_refused_with_a_page_in_plain_words(visitor: Client) -> None:
    response = visitor.post(PAGE, {f"member-{row}-child-0-age": "1" for row in range(10_000)})
    assert response.status_code == 400
    assert "<h1" in response.content.decode()
