"""A helper fills in with the person: sees what is shared, is marked, and never sends."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kotisatama.forms import actions as forms
from kotisatama.forms import queries
from kotisatama.forms.models import Draft, DraftKey
from kotisatama.forms.tests.test_agreements import with_options
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.testing import ROOT
from kotisatama.portal import filling_in, holder, reading_back
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.visitors import ABOUT, CONTACT, FORM, PAGES
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
HELPING = "/en/helping/"


@pytest.fixture
def person() -> Client:
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    browser = Client()
    visitors.fill(browser)
    return browser


def pages_of(person: Client) -> list[str]:
    return [each.name for each in person.get(f"{FORM}helper/").context["pages"]]


def helpers_code(person: Client, *places: int) -> str:
    names = pages_of(person)
    return visitors.code_of(person, page="helper", pages=[names[place - 1] for place in places])


def a_helper(code: str, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assert visitors.go_on(browser, code)["Location"] == HELPING
    return browser


def help_with(helper: Client, number: int, answers: dict[str, Any], go: str = "next") -> Any:
    context = helper.get(f"{HELPING}{number}/").context
    hidden = {"page:draft": str(context["draft"]), "page:seen": context["seen"], "page:go": go}
    return helper.post(f"{HELPING}{number}/", {**answers, **hidden})


def test_a_helper_sees_the_shared_pages_and_no_others(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1, 3))
    page = helper.get(HELPING).content.decode()
    assert f"{HELPING}1/" in page
    assert f"{HELPING}3/" in page
    assert f"{HELPING}2/" not in page
    assert "I do not understand this letter." in helper.get(f"{HELPING}1/").content.decode()
    for number in (0, 2, 4, 99):
        assert helper.get(f"{HELPING}{number}/").status_code == 404
        assert helper.post(f"{HELPING}{number}/", CONTACT).status_code == 404


def test_no_shared_page_carries_an_answer_of_another_page(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1, 3))
    for path in (HELPING, f"{HELPING}1/", f"{HELPING}3/"):
        page = helper.get(path).content.decode()
        assert "000 0000" not in page
        assert "1990" not in page
        assert "form-preview" not in page


def test_what_the_helper_writes_is_marked_and_stays_marked_in_the_submission(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    assert help_with(helper, 1, ABOUT | {"message": "The letter is from Kela."})["Location"] == HELPING
    draft = visitors.draft_of(person)
    assert draft.filled_by["message"] == "helper"
    assert draft.filled_by["urgent"] == "person"
    page = person.get(f"{FORM}check/").content.decode()
    assert page.count("Written by your helper") == 1
    visitors.send(person)
    (submission,) = visitors.submissions()
    assert submission.filled_by["message"] == "helper"
    assert submission.filled_by["phone"] == "person"
    assert set(submission.filled_by) <= set(submission.answers)


def test_what_the_person_changes_afterwards_is_the_persons_again(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    help_with(helper, 1, ABOUT | {"message": "The letter is from Kela."})
    visitors.post(person, 1, ABOUT | {"message": "It is from Kela, I think."})
    assert visitors.draft_of(person).filled_by["message"] == "person"


def a_child(place: int, name: str) -> dict[str, Any]:
    row = {"member_name": name, "member_birth_year": str(2015 + place), "member_relation": "child"}
    return {f"member-{place}-{key}": value for key, value in row.items()}


def test_rows_keep_who_wrote_them_when_one_above_is_removed(person: Client) -> None:
    rows = {"with_family": "yes", **a_child(0, "Ali")}
    visitors.post(person, 3, rows)
    helper = a_helper(helpers_code(person, 3))
    more = rows | a_child(1, "Sara")
    assert help_with(helper, 3, more).status_code == 302
    who = visitors.draft_of(person).filled_by
    assert (who["member-0-member_name"], who["member-1-member_name"]) == ("person", "helper")
    visitors.post(person, 3, more | {"member-remove": "0"})
    who = visitors.draft_of(person).filled_by
    assert who["member-0-member_name"] == "helper"
    assert "member-1-member_name" not in who


def test_a_helper_cannot_send_nor_do_anything_else_of_the_persons(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1, 2, 3, 4))
    key = str(person.get(f"{FORM}check/").context["key"])
    assert helper.get(f"{FORM}check/")["Location"] == FORM
    assert helper.post(f"{FORM}check/", {"page:key": key, "page:go": "send"})["Location"] == f"{FORM}gone/"
    assert helper.get(f"{FORM}2/")["Location"] == FORM
    for path in ("later/", "helper/", "renewed/"):
        assert helper.post(f"{FORM}{path}", {"page:key": key})["Location"] == FORM
    helper.post(f"{FORM}forget/", {"what": "everywhere"})
    assert visitors.submissions() == []
    assert visitors.draft_of(person).answers["phone"] == CONTACT["phone"]


def test_both_sides_are_told(person: Client) -> None:
    code = helpers_code(person, 1)
    assert "Nobody has used it yet" in person.get(f"{FORM}1/").content.decode()
    helper = a_helper(code)
    for path in (f"{FORM}1/", f"{FORM}check/"):
        assert "A helper can see and fill in" in person.get(path).content.decode()
    for path in (HELPING, f"{HELPING}1/"):
        assert "Only the person can send the form." in helper.get(path).content.decode()


def test_the_person_ends_the_help_at_once(person: Client) -> None:
    code = helpers_code(person, 1)
    helper = a_helper(code)
    person.post(f"{FORM}helper/", {"do": "end"})
    assert helper.get(HELPING).status_code == 410
    assert helper.get(f"{HELPING}1/").status_code == 410
    assert helper.post(f"{HELPING}1/", ABOUT).status_code == 410
    assert visitors.go_on(Client(), code).status_code == 422


def test_the_help_ends_after_a_day(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    with row_security.context(holder=visitors.holder_of(person)):
        (key,) = DraftKey.objects.filter(kind="helper")
        assert timedelta(hours=23) < key.expires_at - timezone.now() <= timedelta(hours=24)
        DraftKey.objects.update(expires_at=timezone.now())
    assert helper.get(f"{HELPING}1/").status_code == 410


def test_the_help_ends_when_the_form_is_sent(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    visitors.send(person)
    assert helper.get(f"{HELPING}1/").status_code == 410


def test_a_helpers_code_opens_for_one_helper(person: Client) -> None:
    code = helpers_code(person, 1)
    helper = a_helper(code)
    a_helper(code, helper)  # the same press once more
    assert visitors.go_on(Client(), code).status_code == 422


def test_a_helper_who_has_finished_sees_nothing_more(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    helper.post(f"{HELPING}leave/")
    assert helper.get(HELPING).status_code == 410
    assert visitors.keys_of(person) == ["helper_code"]


def test_a_counsellor_who_is_signed_in_can_help(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1), builders.signed_in(builders.a_worker(Role.COUNSELLOR)))
    assert help_with(helper, 1, ABOUT | {"message": "From the counsellor."}).status_code == 302
    assert visitors.draft_of(person).filled_by["message"] == "helper"


def test_a_helpers_own_form_stays_apart(person: Client) -> None:
    helper = Client()
    visitors.fill(helper, [ABOUT | {"message": "The helper's own."}])
    a_helper(helpers_code(person, 1), helper)
    assert "The helper&#x27;s own." in helper.get(f"{FORM}1/").content.decode()
    assert "The helper&#x27;s own." not in helper.get(f"{HELPING}1/").content.decode()


def test_person_and_helper_writing_at_once_are_asked(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    open_page = visitors.shown(person, 1)
    help_with(helper, 1, ABOUT | {"message": "From the helper."})
    response = visitors.post(person, 1, ABOUT | {"message": "From me."}, **open_page)
    assert response.status_code == 409
    assert "From the helper." in response.content.decode()


def test_at_least_one_page_is_shared_and_no_page_is_invented(person: Client) -> None:
    fields = {"page:key": str(identifiers.new_id()), "do": "make"}
    assert person.post(f"{FORM}helper/", fields).status_code == 422
    assert person.post(f"{FORM}helper/", fields | {"pages": ["invented"]}).status_code == 422
    assert person.post(f"{FORM}helper/", {"do": "make", "pages": pages_of(person)}).status_code == 400


def test_a_helpers_secret_opens_nothing_in_the_database_but_its_own_key(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    bearer = holder._hash(helper.cookies[holder.HELPER].value)
    with row_security.context(holder=bearer):
        assert [key.kind for key in DraftKey.objects.all()] == ["helper"]
        assert not Draft.objects.exists()


def test_the_language_can_be_changed_by_the_helper(person: Client) -> None:
    helper = a_helper(helpers_code(person, 1))
    response = help_with(helper, 1, ABOUT | {"page:language": "fi"})
    assert response["Location"] == "/fi/helping/1/"
    assert 'lang="fi"' in helper.get("/fi/helping/1/").content.decode()
    assert PAGES[0]["message"] in helper.get("/fi/helping/1/").content.decode()


def test_questions_that_the_form_keeps_from_helpers_are_on_no_helpers_page_nor_are_repeats_with_one(
    person: Client,
) -> None:
    options = {"message": {"shared": "no"}, "member_name": {"shared": "No"}, "urgent": {"shared": "yes"}}
    form = with_options(queries.definition(visitors.draft_of(person).version), options)
    private = reading_back.unshared(form)
    assert set(private) == {"message", "member"}
    left = [filling_in.without(page, private) for page in form.pages]
    asked = {each.name for page in left for each in page.questions()}
    assert asked & {"message", "member_name", "member_birth_year"} == set()
    assert {"topics", "urgent", "with_family"} <= asked
