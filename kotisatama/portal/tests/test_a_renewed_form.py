"""A newer version is published while a draft is on an older one: moving is offered, shown, and never done unasked."""

import copy
from typing import Any

import pytest
from django.test import Client

from kotisatama.documents.models import Document
from kotisatama.forms import actions as forms
from kotisatama.forms.models import Version
from kotisatama.kernel import row_security
from kotisatama.kernel.testing import ROOT
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.test_filling_in_a_form import a_letter
from kotisatama.portal.tests.visitors import ABOUT, CONTACT, FORM, PAGES
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
OFFER = f"{FORM}renewed/"


@pytest.fixture
def person() -> Client:
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    browser = Client()
    visitors.fill(browser, [ABOUT | {"topics": ["letters", "work"]}, *PAGES[1:]])
    return browser


def renew(*, without_choice: str = "", without: str = "", with_type: tuple[str, str] | None = None) -> Version:
    """Publish the form with a new question, and without a choice of topics, a question, or with another type of one."""
    current = Version.objects.select_related("form").get(state=Version.State.PUBLISHED)
    rows = copy.deepcopy(current.source)
    survey: list[list[Any]] = [each for each in rows["survey"]["rows"] if each[1].get("name") != without]
    place = next(number for number, each in enumerate(survey) if each[1].get("name") == "message")
    survey.insert(
        place,
        [
            6,
            {"type": "text", "name": "since", "label::English (en)": "Since when?", "label::suomi (fi)": "Mistä asti?"},
        ],
    )
    for _number, row in survey:
        if with_type and row.get("name") == with_type[0]:
            row["type"] = with_type[1]
    rows["survey"]["rows"] = survey
    rows["choices"]["rows"] = [each for each in rows["choices"]["rows"] if each[1].get("name") != without_choice]
    worker = builders.a_worker()
    version = forms.start_version(current.form, rows=rows, by=worker)
    assert forms.check_version(version, revision=1, by=worker) == []
    forms.publish_version(version)
    return version


def decide(person: Client, do: str, **more: str) -> Any:
    context = person.get(OFFER).context
    fields = {"page:version": str(context["version"]), "page:revision": str(context["revision"]), "do": do}
    return person.post(OFFER, fields | more)


def test_nothing_is_offered_while_the_version_is_the_published_one(person: Client) -> None:
    assert OFFER not in person.get(f"{FORM}1/").content.decode()
    assert person.get(OFFER)["Location"] == FORM


def test_the_offer_shows_what_goes_along_what_is_lost_and_what_is_new(person: Client) -> None:
    renew(without_choice="work", without="name", with_type=("date_of_birth", "text"))
    for path in (f"{FORM}1/", f"{FORM}check/"):
        assert OFFER in person.get(path).content.decode()
    context = person.get(OFFER).context
    assert {each.name for each in context["carried"]} >= {"topics", "message", "phone", "municipality"}
    assert {each.name for each in context["lost"]} == {"topics", "date_of_birth"}
    assert [label.text for label in context["new"]] == ["Since when?"]
    assert "11.2.1990" in person.get(OFFER).content.decode() or "1990" in person.get(OFFER).content.decode()


def test_moving_takes_the_answers_along_and_keeps_who_wrote_them(person: Client) -> None:
    version = renew(without_choice="work")
    before = visitors.draft_of(person)
    assert decide(person, "move")["Location"] == FORM
    draft = visitors.draft_of(person)
    assert draft.version_id == version.pk
    assert draft.answers["topics"] == ["letters"]
    assert draft.answers["phone"] == CONTACT["phone"]
    assert draft.filled_by["phone"] == "person"
    assert (draft.pk, draft.submission_key) == (before.pk, before.submission_key)
    assert "Since when?" in person.get(FORM).content.decode()
    assert visitors.send(person).status_code == 302


def test_staying_is_remembered_and_the_retired_version_is_sent(person: Client) -> None:
    old = visitors.draft_of(person).version_id
    renew()
    assert decide(person, "stay")["Location"] == f"{FORM}4/"
    assert OFFER not in person.get(f"{FORM}1/").content.decode()
    assert visitors.send(person).status_code == 302
    (submission,) = visitors.submissions()
    assert submission.version_id == old


def test_a_still_newer_version_is_offered_again(person: Client) -> None:
    renew()
    decide(person, "stay")
    current = Version.objects.get(state=Version.State.PUBLISHED)
    worker = builders.a_worker()
    newest = forms.start_version(current.form, rows=current.source, by=worker)
    forms.check_version(newest, revision=1, by=worker)
    forms.publish_version(newest)
    assert OFFER in person.get(f"{FORM}1/").content.decode()


def test_the_file_of_a_question_that_is_gone_is_removed(person: Client) -> None:
    visitors.post(person, 1, ABOUT | {"letter": a_letter()})
    renew(without="letter")
    decide(person, "move")
    with row_security.context(holder=visitors.holder_of(person)):
        assert not Document.objects.exists()


def test_what_was_shown_is_what_is_done(person: Client) -> None:
    renew()
    context = person.get(OFFER).context
    visitors.post(person, 1, ABOUT | {"message": "Changed meanwhile."})
    fields = {"page:version": str(context["version"]), "page:revision": str(context["revision"]), "do": "move"}
    response = person.post(OFFER, fields)
    assert response.status_code == 409
    assert "changed meanwhile" in response.content.decode()
    assert person.post(OFFER, {"do": "move"}).status_code == 400


def test_pressing_the_button_twice_moves_once(person: Client) -> None:
    renew()
    context = person.get(OFFER).context
    fields = {"page:version": str(context["version"]), "page:revision": str(context["revision"]), "do": "move"}
    assert [person.post(OFFER, fields)["Location"] for _ in range(2)] == [FORM, FORM]


def test_a_new_visitor_begins_in_the_new_version(person: Client) -> None:
    renew()
    assert "Since when?" in Client().get(FORM).content.decode()
