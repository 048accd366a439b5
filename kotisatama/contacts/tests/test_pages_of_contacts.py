"""The pages of contacts: ready for the next one, forgiving, quick, and never without an audit line."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kotisatama.contacts.models import Contact
from kotisatama.kernel import identifiers, row_security
from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

NEW = "/desk/contacts/new/"


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def browser(worker: Worker) -> Client:
    return builders.signed_in(worker)


def page_fields(worker: Worker, **changed: Any) -> dict[str, Any]:
    assert worker.service_point is not None
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    return {
        "key": str(identifiers.new_id()),
        "at": now,
        "shown_at": now,
        "service_point": worker.service_point.pk,
        "channel": "drop_in",
        "municipality": "167",
        "service_language": "ar",
        "topics": ["letters"],
    } | changed


def saved() -> list[Contact]:
    with row_security.context(controllers=["167", "426"]):
        return list(Contact.objects.select_related("person").order_by("created_at"))


def make_person(worker: Worker, name: str, **fields: Any) -> Person:
    with builders.as_worker(worker):
        return people.make_person(controller="167", name=name, by=worker, **fields)


def test_six_fields_are_enough_and_the_page_stands_ready_again(browser: Client, worker: Worker) -> None:
    answer = browser.post(NEW, page_fields(worker), follow=True)
    assert answer.redirect_chain == [(NEW, 302)]
    assert "The contact is saved." in answer.content.decode()
    assert "autofocus" in answer.content.decode()
    (contact,) = saved()
    assert (contact.topics, contact.service_language, contact.person) == (["letters"], "ar", None)


def test_the_next_page_remembers_channel_municipality_and_language(browser: Client, worker: Worker) -> None:
    browser.post(NEW, page_fields(worker, channel="phone", municipality="426"))
    form = browser.get(NEW).context["form"]
    initial = {name: form[name].initial for name in ("channel", "municipality", "service_language", "topics")}
    assert initial == {"channel": "phone", "municipality": "426", "service_language": "ar", "topics": None}


def test_the_same_page_sent_twice_is_one_contact_and_one_answer(browser: Client, worker: Worker) -> None:
    fields = page_fields(worker)
    first, second = browser.post(NEW, fields), browser.post(NEW, fields)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, NEW)
    assert len(saved()) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("topics", [], "This field is required."),
        ("topics", ["nonsense"], "Select a valid choice"),
        ("channel", "pigeon", "Select a valid choice"),
        ("municipality", "999", "Select a valid choice"),
        ("at", "yesterday", "Enter a valid date/time."),
        ("at", "2040-01-01T00:00", "The time is in the future."),
        ("note", "x" * 2001, "at most 2000 characters"),
        ("citizenship", "XX1", "Select a valid choice"),
        ("worker", "1", "This page does not know the field “worker”."),
        ("key", "no-key", "Enter a valid UUID."),
        ("referred_to", "x\x00y", "Null characters are not allowed."),
    ],
)
def test_bad_input_is_refused_where_it_is_and_what_was_typed_stays(
    browser: Client, worker: Worker, field: str, value: Any, sentence: str
) -> None:
    answer = browser.post(NEW, page_fields(worker, duration="15-30", outcome="solved") | {field: value})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in text or field == "key"
    assert '<option value="15-30" selected>' in text
    assert saved() == []


def test_a_time_left_as_it_was_shown_means_the_moment_of_saving(browser: Client, worker: Worker) -> None:
    early = "2026-01-05T09:00"
    browser.post(NEW, page_fields(worker, at=early, shown_at=early))
    browser.post(NEW, page_fields(worker, at="2026-01-05T09:00", shown_at="2026-01-05T10:00"))
    first, second = saved()
    assert (timezone.now() - first.at).total_seconds() < 60
    assert timezone.localtime(second.at).strftime("%Y-%m-%dT%H:%M") == early


def test_without_script_the_client_is_found_and_nothing_typed_is_lost(browser: Client, worker: Worker) -> None:
    person = make_person(worker, "Олександра Шевченко")
    answer = browser.post(NEW, page_fields(worker, q="Oleksandra", find="1", note="Letter from Kela"))
    text = answer.content.decode()
    assert str(person.pk) in text
    assert "Letter from Kela" in text
    assert '<option value="letters" selected' in text
    browser.post(NEW, page_fields(worker, person=str(person.pk), q="Oleksandra"))
    assert [contact.person for contact in saved()] == [person]


def test_a_contact_from_a_clients_page_starts_from_the_client(browser: Client, worker: Worker) -> None:
    person = make_person(worker, "Olena", municipality="426", service_languages=["uk", "ru"])
    back = reverse("people:detail", args=[person.pk])
    answer = browser.get(NEW, {"person": str(person.pk), "next": back})
    form = answer.context["form"]
    assert (form["municipality"].initial, form["service_language"].initial) == ("426", "uk")
    assert browser.post(NEW, page_fields(worker, person=str(person.pk), next=back))["Location"] == back
    part = browser.get("/desk/contacts/new/home/", {"person": str(person.pk)}).content.decode()
    assert '<option value="uk" selected' in part


def test_nobody_is_sent_to_another_site_after_saving(browser: Client, worker: Worker) -> None:
    for address in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert browser.post(NEW, page_fields(worker, next=address))["Location"] == NEW


def test_a_client_of_others_is_nobody_here(browser: Client, worker: Worker) -> None:
    stranger = builders.a_person(controller="260")
    answer = browser.post(NEW, page_fields(worker, person=str(stranger.pk)))
    assert "not there any more" in answer.content.decode()
    assert saved() == []


def test_whoever_only_records_sees_no_search_for_clients() -> None:
    association = builders.an_organisation("setlementti", kind="association")
    browser = builders.signed_in(builders.a_worker(Role.PEER_SUPPORTER, association))
    assert "person-search" not in browser.get(NEW).content.decode()
    assert browser.get("/desk/contacts/new/people/", {"q": "Olena"}).status_code == 403


def test_every_page_leaves_its_line(browser: Client, worker: Worker) -> None:
    contact, person = builders.a_contact(worker), make_person(worker, "Olena Shevchenko")
    before = len(builders.audit_actions())
    for address in (
        reverse("contacts:list"),
        reverse("contacts:detail", args=[contact.pk]),
        reverse("contacts:edit", args=[contact.pk]),
        f"{NEW}?person={person.pk}",
        "/desk/contacts/new/people/?q=Olena",
    ):
        assert browser.get(address).status_code == 200
    lines = ["contacts.listed", "contact.viewed", "contact.viewed", "person.viewed", "persons.searched"]
    assert builders.audit_actions()[before:] == lines


def test_the_list_shows_the_own_contacts_and_everyones_on_wish(browser: Client, worker: Worker) -> None:
    builders.a_contact(worker, topics=["legal"])
    builders.a_contact(builders.a_worker(), topics=["letters"], channel="phone")
    address = reverse("contacts:list")

    def topics(**wanted: str) -> list[str]:
        return [row.contact.topics[0] for row in browser.get(address, wanted).context["rows"]]

    assert topics() == ["legal"]
    assert topics(whose="all") == ["letters", "legal"]
    assert topics(whose="all", channel="phone") == ["letters"]
    assert topics(whose="all", topic="legal", municipality="167", language="uk") == ["legal"]
    assert topics(from_day="2040-01-01") == []
    assert topics(whose="all", channel="pigeon") == ["legal"]


@pytest.mark.parametrize("address", ["/desk/contacts/", "/desk/contacts/?whose=all"])
def test_the_list_takes_the_same_number_of_queries_for_3_and_30_contacts(
    browser: Client, worker: Worker, address: str
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    browser.get(address)  # The first page of a session writes the session too.
    for _number in range(3):
        builders.a_contact(worker, person=builders.a_person())
    before = count()
    for _number in range(27):
        builders.a_contact(worker, person=builders.a_person())
    assert count() == before


def test_changing_shows_what_was_saved_meanwhile_and_loses_nothing(browser: Client, worker: Worker) -> None:
    contact = builders.a_contact(worker)
    address = reverse("contacts:edit", args=[contact.pk])
    fields = page_fields(worker, channel="video", topics=["legal"], version=1) | {"municipality": "167"}
    del fields["key"], fields["shown_at"]
    assert browser.post(address, fields | {"channel": "chat"}).status_code == 302
    answer = browser.post(address, fields)
    text = answer.content.decode()
    assert "Somebody else changed this contact" in text
    assert "Saved meanwhile: Chat" in text
    assert '<option value="video" selected>' in text
    assert browser.post(address, fields | {"version": answer.context["form"]["version"].value()}).status_code == 302
    assert saved()[0].channel == "video"


def test_a_page_of_a_contact_of_others_is_not_found(browser: Client) -> None:
    outside = builders.an_outsider()
    contact = builders.a_contact(outside, controller="260")
    for name in ("detail", "edit"):
        assert browser.get(reverse(f"contacts:{name}", args=[contact.pk])).status_code == 404
    for name in ("tie", "undo"):
        assert browser.post(reverse(f"contacts:{name}", args=[contact.pk])).status_code == 404


def test_an_anonymous_contact_is_tied_from_its_page(browser: Client, worker: Worker) -> None:
    contact, person = builders.a_contact(worker), make_person(worker, "Olena Shevchenko")
    page = reverse("contacts:detail", args=[contact.pk])
    assert str(person.pk) in browser.get(page, {"q": "Олена"}).content.decode()
    browser.post(reverse("contacts:tie", args=[contact.pk]), {"person": str(person.pk)})
    assert saved()[0].person == person
    assert "What it said before" in browser.get(page).content.decode()


def test_a_contact_is_taken_back_from_its_page(browser: Client, worker: Worker) -> None:
    contact = builders.a_contact(worker)
    assert "Take back" in browser.get(reverse("contacts:detail", args=[contact.pk])).content.decode()
    assert browser.post(reverse("contacts:undo", args=[contact.pk]))["Location"] == NEW
    assert saved() == []
