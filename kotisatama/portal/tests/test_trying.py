"""The test run: the visitor's pages in any language of the form, nothing saved, and why what is hidden."""

import pathlib

import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.forms import actions
from kotisatama.forms.models import Draft, Submission, Version
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
WORKBOOK = pathlib.Path(actions.__file__).parent / "definitions" / "yhteydenotto.xlsx"
FIRST = {"topics": "letters", "message": "Kirje", "urgent": "yes"}


@pytest.fixture
def draft() -> Version:
    published = Version.objects.get(pk=actions.import_form(WORKBOOK, publish=True).version_id or 0)
    return actions.start_version(published.form, rows=published.source, by=builders.a_worker(Role.MAIN_USER))


@pytest.fixture
def client() -> Client:
    return builders.signed_in(builders.a_worker(Role.MAIN_USER))


def address(version: Version) -> str:
    return reverse("trying:page", args=[version.form.code, version.number])


def test_only_who_manages_forms_tries_a_draft(draft: Version) -> None:
    assert builders.signed_in(builders.a_worker(Role.COUNSELLOR)).get(address(draft)).status_code == 403


def test_a_draft_is_tried_in_a_language_of_the_form(client: Client, draft: Version) -> None:
    page = client.get(address(draft), {"language": "ar"})
    assert page.context["page"].title.language == "ar"
    assert '<html lang="ar" dir="rtl"' in page.content.decode()
    assert client.get(address(draft), {"language": "xx"}).context["run"].language == "fi"


def test_answers_travel_in_the_page_to_the_end_and_nothing_is_saved(client: Client, draft: Version) -> None:
    page = client.get(address(draft))
    pages = [
        FIRST,
        {"municipality": "426", "service_language": "ar", "interpreter": "yes"},
        {"with_family": "no"},
        {"reply_by": "sms", "phone": "+358 40 000 0000", "phone_safe": "yes", "consent": "OK"},
    ]
    for fields in pages:
        assert page.context["page"] is not None
        page = client.post(address(draft), {**fields, "page:go": "next", "page:state": page.context["run"].state})
    assert page.context["outcome"]["complaints"] == []
    assert dict(page.context["outcome"]["calculated"])["children"] == "0"
    back = client.post(address(draft), {"page:go": "back", "page:state": page.context["run"].state})
    assert back.context["page"].number == 4
    assert not Draft.objects.exists()
    assert not Submission.objects.exists()


def test_what_is_missing_keeps_one_on_the_page(client: Client, draft: Version) -> None:
    state = client.get(address(draft)).context["run"].state
    page = client.post(address(draft), {"page:go": "next", "page:state": state})
    assert page.context["page"].number == 1
    assert page.context["page"].problems


def test_a_hidden_question_tells_its_condition_with_the_answers_of_now(client: Client, draft: Version) -> None:
    page = client.get(address(draft))
    page = client.post(address(draft), {**FIRST, "page:go": "next", "page:state": page.context["run"].state})
    hidden = {each.name: each for each in page.context["why"].here}
    other = hidden["other_language"]
    assert [part.holds for part in other.parts] == [False]
    assert "“In which language would you like service?”" in other.parts[0].words
    assert other.present[0].value == ""
    wished = {"municipality": "426", "service_language": "ar", "page:go": "show"}
    page = client.post(address(draft), {**wished, "page:state": page.context["run"].state})
    other = next(each for each in page.context["why"].here if each.name == "other_language")
    assert other.present[0].value
    member = next(each for each in page.context["why"].elsewhere if each.name == "member_name")
    assert member.because_of is not None


@pytest.mark.parametrize("state", ["x", "", "eyJhIjoxfQ:1abc:zzz"])
def test_a_state_that_was_made_up_begins_again(client: Client, draft: Version, state: str) -> None:
    page = client.post(address(draft), {"page:state": state, "page:go": "next", "topics": "letters"})
    assert page.context["page"].number == 1


def test_a_draft_with_faults_leads_back_to_them(client: Client, draft: Version) -> None:
    rows = {**draft.source, "survey": {**draft.source["survey"], "rows": draft.source["survey"]["rows"][:3]}}
    actions.change_rows(draft, rows=rows, revision=1, by=builders.a_worker(Role.MAIN_USER))
    assert client.get(address(draft)).status_code == 302
