"""An anonymous contact becomes a client's with its history, and on its day anonymous again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.contacts import actions
from kotisatama.contacts.models import Change, Contact
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def browser(worker: Worker) -> Client:
    return builders.signed_in(worker)


def columns(contact: Contact, worker: Worker) -> dict[str, Any]:
    with builders.as_worker(worker):
        row = Contact.objects.filter(pk=contact.pk).values().get()
    return {name: value for name, value in row.items() if name != "version"}


def anonymous(worker: Worker) -> Contact:
    return builders.a_contact(worker=worker, gender="female", age_band="30-44", mother_tongue="uk")


@pytest.mark.parametrize("municipality", ["167", "secret"])
def test_on_its_day_a_tie_is_undone_to_the_letter(worker: Worker, browser: Client, municipality: str) -> None:
    contact = anonymous(worker)
    before = columns(contact, worker)
    person = builders.a_person(municipality=municipality)
    browser.post(reverse("contacts:tie", args=[contact.pk]), {"person": str(person.pk)})
    assert columns(contact, worker)["person_id"] == person.pk
    for _time in range(2):
        browser.post(reverse("contacts:untie", args=[contact.pk]))
    assert columns(contact, worker) == before
    assert builders.audit_actions().count("contact.untied") == 1


def test_the_next_day_a_tie_stays(worker: Worker) -> None:
    contact, person = anonymous(worker), builders.a_person()
    with builders.as_worker(worker):
        actions.tie_to_person(contact, person, by=worker)
        tie = Change.objects.get()
        Change.objects.filter(pk=tie.pk).update(at=tie.at - timedelta(days=1))
        with pytest.raises(NotAllowed, match="same day"):
            actions.untie_from_person(contact, by=worker)


def test_a_new_client_made_from_the_contacts_page_is_offered_there(worker: Worker, browser: Client) -> None:
    contact = anonymous(worker)
    address = reverse("contacts:detail", args=[contact.pk])
    assert f"next={address}" in browser.get(address).content.decode()
    fields = {"key": identifiers.new_id(), "next": address, "name": "Olena Bondar", "municipality": "167"}
    answer = browser.post(reverse("people:new"), fields)
    with builders.as_worker(worker):
        person = Person.objects.get()
    assert answer["Location"] == f"{address}?person={person.pk}"
    assert [each.person.pk for each in browser.get(answer["Location"]).context["found"]] == [person.pk]
