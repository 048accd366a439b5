"""Whatever is sent goes into the draft that its page showed, and its receipt to the browser that sent it."""

from typing import Any

import pytest
from django.test import Client

from kotisatama.forms import actions as forms
from kotisatama.forms import merging
from kotisatama.forms.structure import Definition, Section
from kotisatama.forms.tests.test_filling import form_of
from kotisatama.kernel import identifiers
from kotisatama.kernel.testing import ROOT
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.visitors import ABOUT, CONTACT, FORM
from tests import builders

pytestmark = pytest.mark.django_db
HELPING = "/en/helping/"
STATEMENTS = 18
WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"


@pytest.fixture(autouse=True)
def published() -> None:
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems


def a_person(message: str = "") -> Client:
    browser = Client()
    visitors.fill(browser, [ABOUT | {"message": message} if message else ABOUT, *visitors.PAGES[1:]])
    return browser


def helpers_code(person: Client, place: int = 1) -> str:
    names = [each.name for each in person.get(f"{FORM}helper/").context["pages"]]
    return visitors.code_of(person, page="helper", pages=[names[place - 1]])


def test_a_helpers_old_tab_never_writes_into_the_form_of_the_next_person() -> None:
    first, second, helper = a_person("The first letter."), a_person("The second letter."), Client()
    assert visitors.go_on(helper, helpers_code(first))["Location"] == HELPING
    context = helper.get(f"{HELPING}1/").context
    tab = {"page:draft": str(context["draft"]), "page:seen": context["seen"], "page:go": "next"}
    assert visitors.go_on(helper, helpers_code(second))["Location"] == HELPING
    helper.post(f"{HELPING}1/", ABOUT | tab | {"message": "The first letter.", "urgent": "no"})
    kept = visitors.draft_of(second).answers
    assert (kept["message"], kept["urgent"]) == ("The second letter.", "yes")


def test_sending_again_leads_to_the_receipt_and_never_sends_another_draft() -> None:
    phone, library = a_person("The letter of the phone."), a_person("The letter of the library.")
    assert visitors.go_on(library, visitors.code_of(phone)).status_code == 302
    context = library.get(f"{FORM}check/").context
    read = {"page:key": str(context["key"]), "page:go": "send"}
    first, again = (library.post(f"{FORM}check/", read)["Location"] for _click in range(2))
    assert first == again
    assert [each.answers["message"] for each in visitors.submissions()] == ["The letter of the phone."]
    assert visitors.draft_of(library).answers["message"] == "The letter of the library."


def test_an_older_tab_sends_the_draft_that_it_showed() -> None:
    phone, library = a_person("The letter of the phone."), a_person("The letter of the library.")
    context = library.get(f"{FORM}check/").context
    tab = {"page:key": str(context["key"]), "page:revision": str(context["revision"]), "page:go": "send"}
    assert visitors.go_on(library, visitors.code_of(phone)).status_code == 302
    assert library.get(library.post(f"{FORM}check/", tab)["Location"]).status_code == 200
    assert [each.answers["message"] for each in visitors.submissions()] == ["The letter of the library."]


def test_a_key_that_nothing_was_shown_with_sends_nothing() -> None:
    person = a_person()
    sent = person.post(f"{FORM}check/", {"page:key": str(identifiers.new_id()), "page:go": "send"})
    assert sent["Location"] == f"{FORM}gone/"
    assert visitors.submissions() == []


def test_a_form_is_sent_with_few_statements(django_assert_num_queries: Any) -> None:
    """Each is a way to the database and back, while which somebody waits: docs/how-to/speed.md."""
    for person in (a_person(), a_person()):
        context = person.get(f"{FORM}check/").context
        read = {"page:key": str(context["key"]), "page:go": "send"}
        with django_assert_num_queries(STATEMENTS):
            assert "/sent/" in person.post(f"{FORM}check/", read)["Location"]


def test_the_receipt_is_for_the_browser_that_sends_though_another_tried_before() -> None:
    phone, library = Client(), Client()
    visitors.fill(phone, visitors.PAGES[:3])
    assert visitors.go_on(library, visitors.code_of(phone)).status_code == 302
    assert visitors.send(library).status_code == 422  # a page is missing still
    assert visitors.post(phone, 4, CONTACT).status_code == 302
    sent = visitors.send(phone)
    assert phone.get(sent["Location"]).status_code == 200
    assert library.get(sent["Location"]).status_code == 404


def test_a_helpers_words_are_asked_about_before_the_language_changes() -> None:
    person, helper = a_person(), Client()
    visitors.go_on(helper, helpers_code(person))
    context = helper.get(f"{HELPING}1/").context
    tab = {"page:draft": str(context["draft"]), "page:seen": context["seen"]}
    visitors.post(person, 1, ABOUT | {"message": "Mine."})
    answer = helper.post(f"{HELPING}1/", ABOUT | tab | {"message": "The helper's.", "page:language": "fi"})
    assert answer.status_code == 409
    assert "The helper&#x27;s." in answer.content.decode()


def test_other_pages_chosen_on_the_same_page_are_another_code_and_the_first_ends() -> None:
    person = a_person()
    names = [each.name for each in person.get(f"{FORM}helper/").context["pages"]]
    key = str(identifiers.new_id())
    codes = [
        person.post(f"{FORM}helper/", {"page:key": key, "do": "code", "pages": pages}).context["made"]
        for pages in ([names[0], names[2]], [names[0]], [names[0]])
    ]
    assert codes[0] != codes[1] == codes[2]
    assert visitors.go_on(Client(), codes[0]).status_code == 422
    helper = Client()
    visitors.go_on(helper, codes[1])
    assert helper.get(f"{HELPING}3/").status_code == 404


def nested() -> Definition:
    rows: list[dict[str, Any]] = [
        {"type": "begin_group", "name": "p", "label": "Page"},
        {"type": "begin_repeat", "name": "member", "label": "Member"},
        {"type": "begin_repeat", "name": "child", "label": "Child", "kotisatama::shared": "no"},
        {"type": "text", "name": "age", "label": "Age"},
        {"type": "end_repeat"},
        {"type": "end_repeat"},
        {"type": "end_group"},
    ]
    return form_of(*rows)


def test_rows_inside_rows_changed_elsewhere_are_asked_about_as_one_answer() -> None:
    page: Section = nested().pages[0]
    assert merging.units(page) == ["member"]
    elsewhere, mine = [{"child": [{"age": "1"}]}], [{"child": [{"age": "2"}]}]
    merged = merging.merge(
        {"member": elsewhere}, {"member": mine}, merging.units(page), marks={"member": "other"}, chosen={}
    )
    assert merged.both["member"].elsewhere == elsewhere
