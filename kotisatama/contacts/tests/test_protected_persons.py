"""Contacts of a protected person: recorded and counted, and none tells where the person lives or is met."""

from typing import Any

import pytest
from django.utils import timezone

from kotisatama.contacts import actions
from kotisatama.contacts.models import Change, Contact
from kotisatama.kernel import identifiers, row_security
from kotisatama.people import actions as people
from kotisatama.people.models import Person, Protection
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

STREET = "Salakuja 5"


@pytest.fixture(name="aino")
def aino_fixture() -> Worker:
    return builders.a_worker(Role.COUNSELLOR)


@pytest.fixture(name="lead")
def lead_fixture() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD)


def protect(person: Person, by: Worker) -> Protection:
    today = timezone.localdate()
    with builders.as_worker(by):
        made = people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=by)
        person.refresh_from_db()
    return made


def fields(worker: Worker, **further: Any) -> dict[str, Any]:
    return {
        "key": identifiers.new_id(),
        "at": timezone.now(),
        "service_point": worker.service_point,
        "channel": "drop_in",
        "municipality": "426",
        "service_language": "uk",
        "topics": ["housing.search"],
        "by": worker,
    } | further


def test_earlier_contacts_count_as_secret_and_say_everything_again_when_it_ends(aino: Worker, lead: Worker) -> None:
    person = builders.a_person()
    contact = builders.a_contact(aino, person=person, municipality="426", note=STREET, referred_to="Liperin kunta")
    with builders.as_worker(aino):
        actions.change_contact(contact, version=1, reason="Muutti", by=aino, note=f"{STREET} B")
        before = Change.objects.get().before
    protection = protect(person, aino)
    with builders.as_worker(lead):
        hidden, change = Contact.objects.get(), Change.objects.get()
        assert (hidden.municipality, hidden.note, hidden.referred_to) == ("secret", "", "")
        assert (change.before, change.reason) == ({}, "")
        opened = people.open_protected(person, reason="serve", by=lead)
        assert {part.source for part in opened.parts} == {"contacts_contact", "contacts_change"}
        people.end_protection(protection, version=1, by=lead)
        again, change = Contact.objects.get(), Change.objects.get()
        assert (again.municipality, again.note, again.referred_to) == ("426", f"{STREET} B", "Liperin kunta")
        assert (change.before, change.reason) == (before, "Muutti")


def test_a_new_contact_keeps_its_note_under_the_seal(aino: Worker, lead: Worker) -> None:
    person = builders.a_person()
    protect(person, aino)
    with builders.as_worker(aino):
        contact = actions.record_contact(**fields(aino, person=person, note=STREET))
        assert Contact.objects.values_list("municipality", "note").get() == ("secret", "")
        actions.change_contact(Contact.objects.get(), version=1, reason="", by=aino, note="Salakuja 6")
        assert Contact.objects.values_list("municipality", "note").get() == ("secret", "")
        assert "note" not in Change.objects.get().before
    with builders.as_worker(lead):
        opened = people.open_protected(person, reason="serve", by=lead)
    said = {part.row: part.content for part in opened.parts if part.source == "contacts_contact"}
    assert said == {contact.pk: {"note": "Salakuja 6", "place": str(aino.service_point)}}


def test_an_anonymous_contact_that_becomes_a_protected_persons_is_hidden(aino: Worker) -> None:
    person = builders.a_person()
    contact = builders.a_contact(aino, note=STREET)
    protect(person, aino)
    with builders.as_worker(aino):
        actions.tie_to_person(contact, person, by=aino)
        assert Contact.objects.values_list("municipality", "note").get() == ("secret", "")
        assert "municipality" not in Change.objects.get().before


def test_contacts_under_another_controller_are_hidden_too(aino: Worker) -> None:
    """A colleague's organisation met the person under its own mandate; the one who protects has none from there."""
    person = builders.a_person()
    contact = builders.a_contact(aino, person=person, note=STREET)
    kitee = builders.an_outsider().organisation.home
    with row_security.context(controllers=[builders.JOENSUU, builders.KITEE]):
        Contact.objects.filter(pk=contact.pk).update(controller=kitee)
    protect(person, aino)
    with row_security.context(controllers=[builders.KITEE]):
        assert Contact.objects.get().note == ""


def test_the_pages_of_a_contact_name_no_place(aino: Worker) -> None:
    person = builders.a_person()
    contact = builders.a_contact(aino, person=person, municipality="426", note=STREET)
    browser, place = builders.signed_in(aino), str(aino.service_point)
    assert place in browser.get(f"/desk/contacts/{contact.pk}/").content.decode().partition("<main")[2]
    protect(person, aino)
    page = browser.get(f"/desk/contacts/{contact.pk}/").content.decode()
    assert "kept under the non-disclosure" in page
    edit = browser.get(f"/desk/contacts/{contact.pk}/edit/").content.decode()
    for shown in (page, edit):
        assert place not in shown.partition("<main")[2]  # The frame names the worker's own place.
        assert STREET not in shown
    assert 'name="municipality"' not in edit


def test_a_contact_stays_with_its_controller_when_it_is_changed(aino: Worker) -> None:
    person = builders.a_person(controller=builders.LIPERI)
    contact = builders.a_contact(aino, person=person)
    protect(person, aino)
    with builders.as_worker(aino):
        actions.change_contact(contact, version=1, reason="", by=aino, channel="phone")
        assert Contact.objects.get().controller_id == builders.LIPERI
