"""The pages of persons: found, shown, made once, changed without overwriting anybody."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kotisatama.kernel import identifiers, row_security
from kotisatama.people import actions
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

SEARCH, NEW = "/desk/people/", "/desk/people/new/"


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def browser(worker: Worker) -> Client:
    return builders.signed_in(worker)


def make(worker: Worker, name: str = "Oleksandra Shevchenko", **fields: Any) -> Person:
    with builders.as_worker(worker):
        return actions.make_person(controller="167", name=name, by=worker, **fields)


def everybody() -> list[Person]:
    with row_security.context(controllers=["167", "426"]):
        return list(Person.objects.order_by("created_at"))


def fields_of_new(**changed: Any) -> dict[str, Any]:
    return {"key": str(identifiers.new_id()), "name": "Oleksandra Shevchenko", "municipality": "167"} | changed


def test_the_search_shows_names_in_their_letters_and_leaves_a_line_without_the_words(
    browser: Client, worker: Worker
) -> None:
    make(worker, names=["Олександра Шевченко"], mother_tongue="uk", service_languages=["uk"])
    text = browser.get(SEARCH, {"q": "shevchenko"}).content.decode()
    assert '<bdi lang="uk" dir="ltr">Олександра Шевченко</bdi>' in text
    assert "українська" in text
    line = builders.audit_lines()[-1]
    assert (line.action, line.details) == ("persons.searched", {"found": 1})


@pytest.mark.parametrize(("text", "shown"), [("", "Find a client"), ("nobody at all", "Nobody was found.")])
def test_an_empty_search_says_what_to_do(browser: Client, text: str, shown: str) -> None:
    assert shown in browser.get(SEARCH, {"q": text}).content.decode()


def test_the_page_of_a_person_tells_who_and_how_to_reach(browser: Client, worker: Worker) -> None:
    person = make(
        worker,
        channels=[("phone", "0401234567", True), ("email", "olena@example.fi", False)],
        ground_of_stay="temporary_protection",
        hetu="010594Y9032",
    )
    builders.a_contact(worker, person=person)
    before = len(builders.audit_actions())
    text = browser.get(reverse("people:detail", args=[person.pk])).content.decode()
    for part in ("+358401234567", "Leave no message", "Temporary protection", "010594•••••", "Finding a home"):
        assert part in text
    assert "010594Y9032" not in text
    assert builders.audit_actions()[before:] == ["person.viewed"]


def test_the_identity_code_is_shown_on_asking_and_that_leaves_a_line(browser: Client, worker: Worker) -> None:
    person = make(worker, hetu="010594Y9032")
    address = reverse("people:identity_code", args=[person.pk])
    assert browser.get(address).status_code == 405
    assert "010594Y9032" in browser.post(address).content.decode()
    assert builders.audit_actions()[-1] == "person.identity_code_viewed"


def test_a_person_with_non_disclosure_is_marked_before_the_name(browser: Client, worker: Worker) -> None:
    person = make(worker, municipality="secret")
    text = browser.get(reverse("people:detail", args=[person.pk])).content.decode()
    assert text.index("Non-disclosure") < text.index("<h1>")
    assert "Secret (non-disclosure)" in text


def test_a_new_person_needs_a_name_only(browser: Client) -> None:
    answer = browser.post(NEW, fields_of_new(municipality="unknown"))
    (person,) = everybody()
    assert answer["Location"] == reverse("people:detail", args=[person.pk])
    assert (person.controller_id, person.municipality) == ("167", "unknown")


def test_a_new_person_belongs_to_the_home_municipality_when_there_is_a_mandate(browser: Client) -> None:
    browser.post(NEW, fields_of_new(municipality="426"))
    browser.post(NEW, fields_of_new(name="Natalia Bondar", municipality="260"))
    assert [person.controller_id for person in everybody()] == ["426", "167"]


def test_the_same_page_sent_twice_makes_one_person(browser: Client) -> None:
    fields = fields_of_new()
    assert browser.post(NEW, fields)["Location"] == browser.post(NEW, fields)["Location"]
    assert len(everybody()) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Олександра Шевченко"},
        {"name": "Sasha", "phone": "040 1234567"},
        {"name": "Sasha", "spellings": "Shevchenko Oleksandra"},
        {"name": "Sasha", "hetu": "010594Y9032"},
    ],
)
def test_whoever_may_be_the_same_one_is_shown_before_saving(
    browser: Client, worker: Worker, typed: dict[str, str]
) -> None:
    known = make(worker, channels=[("phone", "0401234567", True)], hetu="010594Y9032")
    answer = browser.post(NEW, fields_of_new(**typed))
    text = answer.content.decode()
    assert "Is it one of these?" in text
    assert str(known.pk) in text
    assert f'value="{typed["name"]}"' in text
    assert len(everybody()) == 1


def test_whoever_is_none_of_these_is_saved(browser: Client, worker: Worker) -> None:
    make(worker)
    assert browser.post(NEW, fields_of_new(none_of_these="1")).status_code == 302
    assert len(everybody()) == 2


def test_the_page_that_asked_for_a_person_gets_it(browser: Client) -> None:
    answer = browser.post(NEW, fields_of_new(next="/desk/inbox/?x=1"))
    assert answer["Location"] == f"/desk/inbox/?x=1&person={everybody()[0].pk}"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "This field is required."),
        ("name", "x" * 161, "at most 160 characters"),
        ("phone", "twelve", "This is not a telephone number."),
        ("email", "olena@", "This is not an e-mail address."),
        ("hetu", "010594Y9033", "The last character of the identity code does not fit."),
        ("hetu", "131052-308T", "only artificial identity codes"),
        ("date_of_birth", "2190-01-01", "Check the year of birth."),
        ("service_language", "klingon", "Select a valid choice"),
        ("municipality", "999", "Select a valid choice"),
        ("controller", "260", "This page does not know the field “controller”."),
    ],
)
def test_bad_input_is_refused_where_it_is_and_what_was_typed_stays(
    browser: Client, field: str, value: str, sentence: str
) -> None:
    answer = browser.post(NEW, fields_of_new(spellings="Олександра") | {field: value})
    text = answer.content.decode()
    assert sentence in text
    assert "Олександра" in text
    assert everybody() == []


def edit_fields(**changed: Any) -> dict[str, Any]:
    return {"name": "Oleksandra Shevchenko", "municipality": "167", "gender": "unknown", "version": 1} | changed


def test_an_edit_keeps_the_identity_code_unless_it_is_taken_away(browser: Client, worker: Worker) -> None:
    person = make(worker, hetu="010594Y9032")
    address = reverse("people:edit", args=[person.pk])
    browser.post(address, edit_fields(date_of_birth="1994-05-01", service_language="uk", further_languages=["ru"]))
    (changed,) = everybody()
    assert (changed.version, changed.service_languages) == (2, ["uk", "ru"])
    assert "010594•••••" in browser.get(address).content.decode()
    browser.post(address, edit_fields(version=2, hetu_is_removed="on"))
    assert "010594•••••" not in browser.get(address).content.decode()


def test_what_somebody_saved_meanwhile_stands_beside_what_was_typed(browser: Client, worker: Worker) -> None:
    person = make(worker)
    address = reverse("people:edit", args=[person.pk])
    browser.post(address, edit_fields(municipality="426", phone="0401234567"))
    answer = browser.post(address, edit_fields(municipality="309", gender="female"))
    text = answer.content.decode()
    assert "Somebody else changed this person" in text
    assert "Saved meanwhile: Liperi" in text
    assert text.count("Saved meanwhile") == 2  # in the summary and beside the field
    assert '<option value="309" selected' in text
    assert 'value="+358401234567"' in text
    assert '<option value="female" selected' in text
    assert everybody()[0].municipality == "426"
    again = edit_fields(municipality="309", gender="female", phone="+358401234567", version=2)
    assert browser.post(address, again).status_code == 302
    saved = everybody()[0]
    assert (saved.municipality, saved.gender, saved.version) == ("309", "female", 3)


def test_what_two_changed_in_different_fields_is_both_saved(browser: Client, worker: Worker) -> None:
    person = make(worker)
    address = reverse("people:edit", args=[person.pk])
    browser.post(address, edit_fields(phone="0401234567"))
    assert browser.post(address, edit_fields(gender="female", shown_phone="")).status_code == 302
    text = browser.get(address).content.decode()
    assert 'value="+358401234567"' in text
    assert everybody()[0].gender == "female"


def test_a_further_telephone_that_the_form_does_not_show_stays(browser: Client, worker: Worker) -> None:
    person = make(worker, channels=[("phone", "0401234567", True), ("phone", "0409999999", False)])
    address = reverse("people:edit", args=[person.pk])
    browser.post(address, edit_fields(phone="0405555555", shown_phone="+358401234567"))
    with builders.as_worker(worker):
        assert sorted(person.channels.values_list("value", flat=True)) == ["+358405555555", "+358409999999"]


def test_names_have_their_kinds(browser: Client, worker: Worker) -> None:
    person = make(worker)
    address = reverse("people:edit", args=[person.pk])
    browser.post(address, edit_fields(spellings="Олександра", earlier_names="Oleksandra Bondar", called="Sasha"))
    text = browser.get(reverse("people:detail", args=[person.pk])).content.decode()
    for part in ("Sasha</bdi> (called)", "Earlier name", "Oleksandra Bondar"):
        assert part in text
    assert browser.post(address, edit_fields(spellings="Олександра", version=2)).status_code == 302
    with builders.as_worker(worker):
        assert sorted(person.names.values_list("text", flat=True)) == ["Oleksandra Shevchenko", "Олександра"]


@pytest.mark.parametrize("name", ["detail", "edit", "identity_code"])
def test_another_municipalitys_client_does_not_exist_for_you(worker: Worker, name: str) -> None:
    address = reverse(f"people:{name}", args=[make(worker).pk])
    outsider = builders.signed_in(builders.an_outsider())
    assert (outsider.post if name == "identity_code" else outsider.get)(address).status_code == 404


@pytest.mark.parametrize("role", [Role.PARTNER_WORKER, Role.REPORT_READER, Role.MAIN_USER, Role.PEER_SUPPORTER])
def test_pages_of_clients_are_closed_to_who_does_no_client_work(role: Role) -> None:
    browser = builders.signed_in(builders.a_worker(role))
    assert [browser.get(address).status_code for address in (SEARCH, NEW)] == [403, 403]


def test_a_worker_whose_organisation_has_no_mandate_sees_no_clients() -> None:
    organisation = builders.an_organisation("new-partner", mandates=[])
    browser = builders.signed_in(builders.a_worker(organisation=organisation))
    assert [browser.get(address).status_code for address in (SEARCH, NEW, "/desk/contacts/")] == [403, 403, 403]


def test_the_pages_take_the_same_number_of_queries_for_3_and_30_rows(browser: Client, worker: Worker) -> None:
    person = make(worker)
    addresses = [f"{SEARCH}?q=shevchenko", reverse("people:detail", args=[person.pk])]

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            found.append(len(captured))
        return found

    browser.get(SEARCH)
    for number in range(3):
        make(worker, f"Olena Shevchenko {number}", names=[f"Олена {number}"])
        builders.a_contact(worker, person=person)
    before = counts()
    for number in range(16):
        make(worker, f"Olha Shevchenko {number}", names=[f"Ольга {number}"])
        builders.a_contact(worker, person=person)
    assert counts() == before
