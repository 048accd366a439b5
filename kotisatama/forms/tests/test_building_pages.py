"""The builder's pages without a script: what is posted is saved, and kept when it cannot be."""

import pytest
from django.test import Client

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


def test_only_who_manages_forms_builds(draft: Version) -> None:
    for role in (Role.COUNSELLOR, Role.TEAM_LEAD):
        worker = builders.signed_in(builders.a_worker(role))
        assert worker.get(address(draft)).status_code == 403
        assert worker.post(address(draft, "step"), {"do": "remove:2", "revision": 1}).status_code == 403


def test_a_question_is_shown_with_all_that_it_has_and_saved_unchanged_it_changes_nothing(
    client: Client, draft: Version
) -> None:
    before = draft.source
    for name in ("page_you", "family", "who", "member", "age", "children", "bye"):
        fields = typed(client, draft, row=row_of(draft, name))
        answer = client.post(address(draft, "question"), fields)
        assert answer.status_code == 302, answer.context["panel"].form.errors
        draft.refresh_from_db()
        assert draft.source == before
    assert draft.revision == 1


def test_texts_in_all_languages_are_saved_at_once(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "who"))
    answer = client.post(address(draft, "question"), fields | {"label-fi": "Kuka?", "label-sv": "Vem?", "hint-sv": "H"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    cells = cells_of(draft.source, "who")
    assert (cells[LABELS[0]], cells[LABELS[1]], cells["hint::svenska (sv)"]) == ("Kuka?", "Vem?", "H")
    assert cells["comment"] == "ask the funder"


def test_a_question_with_new_choices_is_added_into_a_page(client: Client, draft: Version) -> None:
    fields = typed(client, draft, new=row_of(draft, "page_you"), place="last")
    wished = {"type": "select_one", "label-fi": "Kotikieli", "new_choices": "suomi\nруська\n\nsuomi"}
    assert client.post(address(draft, "question"), fields | wished).status_code == 302
    draft.refresh_from_db()
    assert names(draft.source)[:5] == ["page_you", "family", "who", "kotikieli", "/"]
    assert cells_of(draft.source, "kotikieli")["type"] == "select_one kotikieli"
    assert [cells["name"] for _n, cells in draft.source["choices"]["rows"][2:]] == ["suomi", "choice"]


def test_a_condition_is_chosen_from_drop_downs(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "bye"))
    lines = {
        "relevant-0-question": "family", "relevant-0-operator": "is", "relevant-0-value": "Kyllä",
        "relevant-1-question": "children", "relevant-1-operator": "more", "relevant-1-value": "2",
        "relevant-joiner": "or",
    }  # fmt: skip
    again = client.post(address(draft, "question"), fields | lines | {"do": "relevant:more"})
    assert [line.value for line in again.context["panel"].relevant.lines] == ["yes", "2", ""]
    assert client.post(address(draft, "question"), fields | lines).status_code == 302
    draft.refresh_from_db()
    assert cells_of(draft.source, "bye")["relevant"] == "${family} = 'yes' or ${children} > 2"


def test_a_value_that_does_not_fit_is_told_at_its_line_and_kept(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "bye")) | {"relevant-0-value": "many", "label-fi": "Hei"}
    answer = client.post(address(draft, "question"), fields)
    assert answer.context["panel"].relevant.lines[0].error
    assert "many" in answer.content.decode()
    assert 'href="?' not in answer.content.decode()
    assert client.get(address(draft, "question")).status_code == 302
    assert "Hei" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_condition_of_more_parts_than_the_page_has_lines_stays_whole(
    client: Client, draft: Version, main_user: Worker
) -> None:
    rows, parts = family(), [f"${{children}} != {number}" for number in range(21)]
    for count in (20, 21):
        written = " and ".join(parts[:count])
        next(cells for _n, cells in rows["survey"]["rows"] if cells.get("name") == "bye")["relevant"] = written
        draft = actions.change_rows(draft, rows=rows, revision=draft.revision, by=main_user)
        fields = typed(client, draft, row=row_of(draft, "bye"))
        assert fields["relevant-mode"] == ("lines" if count == 20 else "text")
        assert client.post(address(draft, "question"), fields | {"label-fi": f"Hei {count}"}).status_code == 302
        draft.refresh_from_db()
        assert cells_of(draft.source, "bye")["relevant"] == written
        rows = draft.source
    asked = fields | {"revision": draft.revision, "label-fi": "Hei 21", "do": "relevant:lines"}
    kept = client.post(address(draft, "question"), asked).context["panel"].relevant
    assert (kept.mode, kept.text, kept.is_readable) == ("text", written, False)


def test_an_expression_with_a_character_that_cannot_be_kept_is_refused(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "bye")) | {"relevant-mode": "text"}
    answer = client.post(address(draft, "question"), fields | {"relevant-text": "${who} = 'a\0b'"})
    assert "cannot be seen" in answer.content.decode()


@pytest.mark.parametrize("value", ["a\0b", "a\x07"])
def test_a_value_with_a_character_that_cannot_be_seen_is_refused_at_its_line(
    client: Client, draft: Version, value: str
) -> None:
    fields = typed(client, draft, row=row_of(draft, "bye"))
    lines = {"relevant-0-question": "who", "relevant-0-operator": "is", "relevant-0-value": value}
    answer = client.post(address(draft, "question"), fields | lines)
    assert "cannot be seen" in answer.context["panel"].relevant.lines[0].error
    draft.refresh_from_db()
    assert draft.revision == 1


def test_an_expression_is_checked_before_it_is_saved(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "who")) | {"relevant-mode": "text"}
    answer = client.post(address(draft, "question"), fields | {"relevant-text": "${famly} = 'yes'"})
    assert "There is no question “famly”" in answer.content.decode()
    assert client.post(address(draft, "question"), fields | {"relevant-text": "not(false())"}).status_code == 302


def test_faults_stand_at_their_fields(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "who"))
    for wrong in ({"name": "family"}, {"type": "select_one", "choices": ""}, {"calculation": "1 +"}, {"name": "a b"}):
        answer = client.post(address(draft, "question"), fields | wrong)
        assert answer.status_code == 200
        assert set(answer.context["panel"].form.errors) == {"choices" if "type" in wrong else next(iter(wrong))}


def test_two_who_change_one_question_are_told_and_nothing_typed_is_lost(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "who"))
    client.post(address(draft, "question"), fields | {"label-fi": "Toisen", "label-sv": "Annans"})
    answer = client.post(address(draft, "question"), fields | {"label-fi": "Oma"})
    panel = answer.context["panel"]
    assert panel.notice
    assert panel.meanwhile == [("Text, Finnish", "Toisen")]
    assert panel.form["label-fi"].value() == "Oma"
    assert panel.form["label-sv"].value() == "Annans"
    draft.refresh_from_db()
    assert cells_of(draft.source, "who")[LABELS[0]] == "Toisen"
    again = fields | {"label-fi": "Oma", "label-sv": "Annans", "was": panel.was, "revision": draft.revision}
    assert client.post(address(draft, "question"), again).status_code == 302
    draft.refresh_from_db()
    assert cells_of(draft.source, "who")[LABELS[0]] == "Oma"
    assert cells_of(draft.source, "who")[LABELS[1]] == "Annans"


def test_two_who_change_different_questions_do_not_disturb_each_other(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "who"))
    step(client, draft, f"duplicate:{row_of(draft, 'family')}")
    assert client.post(address(draft, "question"), fields | {"label-fi": "Oma"}).status_code == 302
    draft.refresh_from_db()
    assert "family_2" in names(draft.source)
    assert cells_of(draft.source, "who")[LABELS[0]] == "Oma"


def test_what_was_typed_for_a_question_that_somebody_removed_can_be_added_again(client: Client, draft: Version) -> None:
    fields = typed(client, draft, row=row_of(draft, "bye")) | {"label-fi": "Hei hei"}
    step(client, draft, f"remove:{row_of(draft, 'bye')}")
    answer = client.post(address(draft, "question"), fields)
    assert "removed this question meanwhile" in answer.content.decode()
    assert "Hei hei" in answer.content.decode()


def test_the_same_save_twice_is_one_save(client: Client, draft: Version) -> None:
    fields = typed(client, draft, new=row_of(draft, "page_you")) | {"label-fi": "Uusi"}
    first = client.post(address(draft, "question"), fields)
    second = client.post(address(draft, "question"), fields)
    assert first["Location"] == second["Location"]
    draft.refresh_from_db()
    assert names(draft.source).count("uusi") == 1
    moved = {"revision": draft.revision, "do": f"down:{row_of(draft, 'family')}"}
    assert (
        client.post(address(draft, "step"), moved)["Location"]
        == client.post(address(draft, "step"), moved)["Location"].replace("&focus=down", "") + "&focus=down"
    )
    draft.refresh_from_db()
    assert names(draft.source)[1:3] == ["who", "family"]
