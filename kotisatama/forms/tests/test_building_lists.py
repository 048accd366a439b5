"""The page of a list of choices when others change the list meanwhile, and when the list is long."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.forms import actions
from kotisatama.forms.models import Form, Version
from kotisatama.forms.tests.building_rows import LABELS, numbered, row, rows_of
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
FI, SV = LABELS


@pytest.fixture
def main_user() -> Worker:
    return builders.a_worker(Role.MAIN_USER)


@pytest.fixture
def client(main_user: Worker) -> Client:
    return builders.signed_in(main_user)


@pytest.fixture
def draft(main_user: Worker) -> Version:
    return a_draft(3, main_user)


def choice(value: str, text: str, **cells: str) -> dict[str, str]:
    return {"list_name": "places", "name": value, FI: text, **cells}


def a_draft(size: int, by: Worker) -> Version:
    """A form with one list of so many choices, each with a cell that the page does not show."""
    choices = [choice(f"v{at}", f"Paikka {at}", colour=f"region {at}") for at in range(size)]
    rows = rows_of([row("select_one places", "place")], choices)
    return actions.start_version(Form.objects.create(code="trial", title="Trial"), rows=rows, by=by)


def page(client: Client, version: Version) -> Any:
    return client.get(address(version)).context["form"]


def address(version: Version) -> str:
    return reverse("building:list", args=[version.form.code, version.number, "places"])


def typed(form: Any) -> dict[str, Any]:
    """What a browser sends of the page."""
    fields = {name: form[name].value() for name in form.fields}
    frame = {"was": form.was, "seen": form.seen, "rows": form.size}
    return {name: "" if value is None else value for name, value in fields.items()} | frame


def choices_of(version: Version) -> list[tuple[str, str, str]]:
    version.refresh_from_db()
    rows = version.source["choices"]["rows"]
    return [(cells["name"], cells.get(FI, ""), cells.get("colour", "")) for _number, cells in rows]


def change(version: Version, choices: list[dict[str, str]], by: Worker) -> None:
    """What a colleague saves meanwhile."""
    version.refresh_from_db()
    sheet = {**version.source["choices"], "rows": numbered(choices)}
    actions.change_rows(version, rows={**version.source, "choices": sheet}, revision=version.revision, by=by)


def others(version: Version, by: Worker) -> None:
    """The last choice comes first under other words, and a new one stands after it."""
    first, second, third = (choice(f"v{at}", f"Paikka {at}", colour=f"region {at}") for at in range(3))
    change(version, [third | {FI: "Toisin"}, choice("v9", "Yhdeksäs", colour="region 9"), first, second], by)


def test_more_rows_tell_that_somebody_else_changed_the_list_and_mix_nothing_up(
    client: Client, draft: Version, main_user: Worker
) -> None:
    fields = typed(page(client, draft)) | {"text-0-fi": "Oma"}
    others(draft, main_user)
    more = client.post(address(draft), fields | {"do": "more"})
    assert "meanwhile" in more.content.decode()
    told = more.context["form"]
    assert told.meanwhile == [("v2", "Toisin"), ("v9", "Yhdeksäs")]
    assert told.was == fields["was"]
    assert choices_of(draft)[0] == ("v2", "Toisin", "region 2")
    assert client.post(address(draft), typed(told) | {"do": "save"}).status_code == 302
    assert choices_of(draft) == [
        ("v2", "Toisin", "region 2"),
        ("v9", "Yhdeksäs", "region 9"),
        ("v0", "Oma", "region 0"),
        ("v1", "Paikka 1", "region 1"),
    ]


def test_what_others_did_to_a_list_stays_when_it_is_saved_again(
    client: Client, draft: Version, main_user: Worker
) -> None:
    fields = typed(page(client, draft)) | {"text-0-fi": "Oma"}
    others(draft, main_user)
    told = client.post(address(draft), fields).context["form"]
    assert client.post(address(draft), typed(told)).status_code == 302
    assert choices_of(draft) == [
        ("v2", "Toisin", "region 2"),
        ("v9", "Yhdeksäs", "region 9"),
        ("v0", "Oma", "region 0"),
        ("v1", "Paikka 1", "region 1"),
    ]


def test_a_choice_that_others_added_keeps_its_place_in_a_list_that_was_put_in_another_order(
    client: Client, draft: Version, main_user: Worker
) -> None:
    fields = typed(page(client, draft)) | {"place-0": "99", "text-3-fi": "Uusi", "place-3": "15"}
    others(draft, main_user)
    told = client.post(address(draft), fields).context["form"]
    assert client.post(address(draft), typed(told)).status_code == 302
    assert [value for value, _text, _colour in choices_of(draft)] == ["uusi", "v1", "v2", "v9", "v0"]


def test_a_second_change_by_others_is_told_once_more(client: Client, draft: Version, main_user: Worker) -> None:
    fields = typed(page(client, draft)) | {"text-0-fi": "Oma"}
    others(draft, main_user)
    told = client.post(address(draft), fields).context["form"]
    change(draft, [choice("v0", "Kolmannen"), choice("v1", "Paikka 1")], main_user)
    again = client.post(address(draft), typed(told))
    assert "meanwhile" in again.content.decode()
    assert choices_of(draft)[0][1] == "Kolmannen"


def test_a_choice_that_others_removed_comes_back_only_when_it_was_changed_here(
    client: Client, draft: Version, main_user: Worker
) -> None:
    fields = typed(page(client, draft)) | {"text-0-fi": "Oma"}
    change(draft, [choice("v2", "Paikka 2", colour="region 2")], main_user)
    told = client.post(address(draft), fields).context["form"]
    assert client.post(address(draft), typed(told)).status_code == 302
    assert choices_of(draft) == [("v2", "Paikka 2", "region 2"), ("v0", "Oma", "")]


@pytest.mark.parametrize("was", ["", "{", "[1, [], null]", '[{"name": 3}]', "[" * 100_000, r'[{"name": "\ud800"}]'])
def test_no_earlier_list_that_was_made_up_breaks_the_page(client: Client, draft: Version, was: str) -> None:
    before = choices_of(draft)
    answer = client.post(address(draft), typed(page(client, draft)) | {"was": was})
    assert answer.status_code == 200
    assert choices_of(draft) == before


def test_the_longest_list_of_the_page_is_saved_with_a_change(client: Client, main_user: Worker) -> None:
    draft = a_draft(242, main_user)
    fields = typed(page(client, draft)) | {"text-241-fi": "Viimeinen"}
    assert client.post(address(draft), fields).status_code == 302
    assert choices_of(draft)[-1] == ("v241", "Viimeinen", "region 241")


def test_a_list_that_is_too_long_for_the_page_is_shown_whole_and_not_changed(client: Client, main_user: Worker) -> None:
    draft = a_draft(260, main_user)
    before = choices_of(draft)
    shown = client.get(address(draft)).content.decode()
    assert "This list is too long for the page. Change it in a workbook." in shown
    assert "Paikka 259" in shown
    assert 'name="text-0-fi"' not in shown
    answer = client.post(address(draft), {"list_name": "places", "was": page(client, draft).was, "text-0-fi": "x"})
    assert "too long" in answer.content.decode()
    assert choices_of(draft) == before
