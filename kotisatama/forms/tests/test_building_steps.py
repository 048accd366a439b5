"""Buttons of the builder: steps taken back, locks, the check; what was made up leads nowhere."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kotisatama.forms import actions
from kotisatama.forms.models import Form, Version
from kotisatama.forms.tests.building_browser import address, row_of, step, typed
from kotisatama.forms.tests.building_rows import LABELS, cells_of, family, names
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def main_user() -> Worker:
    return builders.a_worker(Role.MAIN_USER)


@pytest.fixture
def draft(main_user: Worker) -> Version:
    form = Form.objects.create(code="trial", title="Trial")
    return actions.start_version(form, rows=family(), by=main_user)


@pytest.fixture
def client(main_user: Worker) -> Client:
    return builders.signed_in(main_user)


def test_steps_are_taken_back_one_by_one_and_taken_again(client: Client, draft: Version) -> None:
    seen = [draft.source]
    for _ in range(22):
        step(client, draft, f"duplicate:{row_of(draft, 'bye')}")
        draft.refresh_from_db()
        seen.append(draft.source)
    for rows in reversed(seen[:-1]):
        step(client, draft, "back")
        draft.refresh_from_db()
        assert draft.source == rows
    step(client, draft, "back")
    draft.refresh_from_db()
    assert draft.source == seen[0]
    for rows in seen[1:3]:
        step(client, draft, "again")
        draft.refresh_from_db()
        assert draft.source == rows
    step(client, draft, f"remove:{row_of(draft, 'bye')}")
    assert not client.get(address(draft)).context["again"]


def test_taking_back_twice_with_one_click_takes_back_one_step(client: Client, draft: Version) -> None:
    for _ in range(2):
        step(client, draft, f"duplicate:{row_of(draft, 'bye')}")
        draft.refresh_from_db()
    fields = {"revision": draft.revision, "do": "back"}
    for _twice in range(2):
        page = client.post(address(draft, "step"), fields, follow=True).content.decode()
        assert "Somebody else" not in page
    draft.refresh_from_db()
    assert [name for name in names(draft.source) if name.startswith("bye")] == ["bye", "bye_2"]


def test_each_saved_step_leaves_one_line_with_codes_only(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "who")) | {"label-fi": "Kuka oikein?"}
    for _twice in range(2):
        client.post(address(draft, "question"), fields)
    step(client, draft, "back")
    lines = [line for line in builders.audit_lines() if line.action.startswith("form.")]
    assert [(line.action, line.details["step"]) for line in lines] == [
        ("form.rows_changed", "change"),
        ("form.rows_changed", "back"),
    ]
    assert {key for line in lines for key in line.details} == {"version", "code", "number", "step"}


def test_steps_are_not_taken_back_over_a_change_made_elsewhere(
    client: Client, draft: Version, main_user: Worker
) -> None:
    step(client, draft, f"duplicate:{row_of(draft, 'bye')}")
    draft.refresh_from_db()
    rows = {**draft.source, "name": "uploaded"}
    actions.change_rows(draft, rows=rows, revision=draft.revision, by=main_user)
    assert not client.get(address(draft)).context["back"]
    step(client, draft, "back")
    draft.refresh_from_db()
    assert draft.source == rows
    step(client, draft, f"duplicate:{row_of(draft, 'bye')}")
    step(client, draft, "back")
    draft.refresh_from_db()
    assert draft.source == rows


def test_the_moved_card_keeps_the_focus(client: Client, draft: Version) -> None:
    answer = step(client, draft, f"up:{row_of(draft, 'who')}")
    draft.refresh_from_db()
    page = client.get(answer["Location"]).content.decode()
    focused = re.findall(r'id="([^"]+)"[^>]* autofocus', page)
    assert focused == [f"down-{row_of(draft, 'who')}"]


def test_a_locked_question_is_shown_and_stays(client: Client, draft: Version, main_user: Worker) -> None:
    rows = family()
    rows["survey"]["columns"].append("kotisatama::locked")
    next(cells for _n, cells in rows["survey"]["rows"] if cells.get("name") == "who")["kotisatama::locked"] = "yes"
    draft = actions.change_rows(draft, rows=rows, revision=1, by=main_user)
    number = row_of(draft, "who")
    page = client.get(address(draft), {"row": number})
    assert "This question is locked" in page.content.decode()
    fields = typed(client, draft, row=number)
    attempt = fields | {"label-fi": "Muu", "required": "yes", "relevant-0-value": "no", "label-sv": "Vem?"}
    assert client.post(address(draft, "question"), attempt).status_code == 302
    draft.refresh_from_db()
    assert cells_of(draft.source, "who") == {**cells_of(rows, "who"), LABELS[1]: "Vem?"}
    for do in (f"remove:{number}", f"out:{number}", f"wrap:{number}", f"remove:{row_of(draft, 'page_you')}"):
        step(client, draft, do)
    draft.refresh_from_db()
    assert cells_of(draft.source, "who") == {**cells_of(rows, "who"), LABELS[1]: "Vem?"}


def test_faults_of_the_check_stand_at_their_cards(client: Client, draft: Version) -> None:
    rows = family()
    rows["survey"]["rows"][2][1]["type"] = "txet"
    Version.objects.filter(pk=draft.pk).update(source=rows, sha256="0" * 64)
    drawn = client.get(address(draft)).context["drawn"]
    faulty = {card.name: [problem.message for problem in card.problems] for card in drawn.walk() if card.problems}
    assert faulty == {"who": ["There is no type “txet”. Did you mean “text”?"]}
    step(client, draft, "check")
    draft.refresh_from_db()
    assert draft.state == Version.State.DRAFT


def test_a_form_without_faults_is_checked(client: Client, draft: Version) -> None:
    step(client, draft, "check")
    draft.refresh_from_db()
    assert draft.state == Version.State.CHECKED


def test_a_published_version_is_shown_and_not_changed(client: Client, draft: Version) -> None:
    step(client, draft, "check")
    actions.publish_version(draft)
    page = client.get(address(draft), {"row": 3})
    assert page.context["panel"] is None
    step(client, draft, "remove:3")
    client.post(address(draft, "settings"), {"form_title": "x", "revision": 1})
    client.post(address(draft, "new-list"), {"list_name": "x"})
    draft.refresh_from_db()
    assert draft.source == family() | {"settings": draft.source["settings"]}


def test_choices_are_moved_by_their_places_and_added(client: Client, draft: Version) -> None:
    form = client.get(address(draft, "list", "yesno")).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields} | {"was": form.was, "rows": form.size}
    fields |= {"place-0": "20", "place-1": "10", "text-2-fi": "Ehkä", "text-2-sv": "Kanske"}
    assert client.post(address(draft, "list", "yesno"), fields).status_code == 302
    draft.refresh_from_db()
    found = [(cells["name"], cells[LABELS[1]]) for _n, cells in draft.source["choices"]["rows"]]
    assert found == [("no", "Nej"), ("yes", "Ja"), ("ehka", "Kanske")]
    refused = client.post(address(draft, "list", "yesno"), fields | {"text-3-fi": "Vielä"})
    assert "meanwhile" in refused.content.decode()


def test_a_language_is_added_and_asked_for_on_every_card(client: Client, draft: Version) -> None:
    fields = {"form_title": "Uusi", "default_language": "suomi (fi)", "language": "uk", "revision": 1}
    assert client.post(address(draft, "settings"), fields).status_code == 302
    draft.refresh_from_db()
    assert draft.source["settings"]["rows"][0][1]["form_title"] == "Uusi"
    drawn = client.get(address(draft)).context["drawn"]
    assert "uk" in next(card for card in drawn.walk() if card.name == "who").missing


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "up:999999999999"},
        {"do": "move:2:after:x"},
        {"do": "move:2:nowhere:3"},
        {"do": "frob:2"},
        {"do": "wrap:2", "frame": "text"},
        {"do": "up:-1"},
        {"do": "back", "revision": "x"},
    ],
)
def test_no_button_that_was_made_up_breaks_the_page(client: Client, draft: Version, fields: dict[str, str]) -> None:
    for revision in ({}, {"revision": "1"}):
        assert client.post(address(draft, "step"), revision | fields).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"revision": "1", "number": "3", "was": "{"},
        {"revision": "7", "number": "3", "was": "[]", "row_name": "family", "type": "begin_group"},
        {"revision": "1", "number": "2", "type": "text", "was": "{}"},
        {"revision": "1", "number": "0", "target": "88", "place": "x", "type": "text", "label-fi": "\x00"},
        {"revision": "1", "number": "6", "type": "text"},
    ],
)
def test_no_panel_that_was_made_up_breaks_the_page(client: Client, draft: Version, fields: dict[str, str]) -> None:
    assert client.post(address(draft, "question"), fields).status_code in (200, 302)
    draft.refresh_from_db()
    assert names(draft.source)[:2] == ["page_you", "family"]


def test_a_fault_of_a_choice_leads_to_its_list_and_not_to_a_question_of_the_same_row(
    client: Client, draft: Version, main_user: Worker
) -> None:
    rows = family()
    for number in (2, 3):
        rows["choices"]["rows"][number - 2][1]["list_name"] = "yes/no"
    rows["choices"]["rows"][1][1][LABELS[0]] = ""
    rows["survey"]["rows"][0][1]["name"] = ""
    for cells in (cells for _number, cells in rows["survey"]["rows"]):
        cells["type"] = cells["type"].replace("yesno", "yes/no")
    draft = actions.change_rows(draft, rows=rows, revision=1, by=main_user)
    page = client.get(reverse("forms:check", args=["trial", draft.number])).content.decode()
    links = {html.unescape(link) for link in re.findall(r'href="([^"]+sheet=[^"]+)"', page)}
    assert links
    assert client.get(address(draft), {"sheet": "choices", "row": "3"})["Location"] == address(draft, "list", "yes/no")
    assert client.get(address(draft, "list", "yes/no")).context["form"].name == "yes/no"
    assert client.get(address(draft), {"sheet": "settings", "row": "2"})["Location"] == address(draft, "settings")
    assert client.get(address(draft), {"sheet": "choices", "row": "99"}).status_code == 302
    assert client.get(address(draft), {"sheet": "survey", "row": "3"}).context["panel"].number == 3
    for link in links:
        assert client.get(link, follow=True).status_code == 200


@pytest.mark.parametrize("name", ["form", "settings", "question", "new-list"])
def test_an_address_with_a_character_that_cannot_be_kept_leads_nowhere(
    client: Client, draft: Version, name: str
) -> None:
    draft.number = "2026\0"
    assert client.get(address(draft, name)).status_code == 404


@pytest.mark.parametrize(
    "query", [{"row": "999"}, {"row": "x"}, {"new": "999"}, {"new": "3", "place": "first"}, {"row": "5"}]
)
def test_an_address_that_leads_nowhere_shows_the_form(client: Client, draft: Version, query: dict[str, str]) -> None:
    assert client.get(address(draft), query).status_code == 200


def test_a_page_of_many_questions_takes_as_many_queries_as_one_of_few(client: Client, draft: Version) -> None:
    client.get(address(draft))
    with CaptureQueriesContext(connection) as first:
        client.get(address(draft), {"row": 3})
    for _ in range(5):
        step(client, draft, f"duplicate:{row_of(draft, 'page_family')}")
    with CaptureQueriesContext(connection) as second:
        client.get(address(draft), {"row": 3})
    assert len(second) == len(first)
