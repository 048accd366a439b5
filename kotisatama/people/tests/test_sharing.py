"""Sharing between municipalities: an explicit act, read on one page, ended by a withdrawal or its day."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kotisatama.kernel import row_security
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions, sharing, sharing_access
from kotisatama.people.models import Channel, Person, Sharing
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

LISTS = "/desk/people/sharings/"
TODAY = timezone.localdate()


@pytest.fixture
def lead() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD)


@pytest.fixture
def kitee() -> Worker:
    return builders.an_outsider()


def a_client(lead: Worker, **fields: Any) -> Person:
    """A client of Joensuu whose record opens for the lead, with a telephone, a contact and a case."""
    person = builders.a_person(names=["Олена"], **fields)
    with builders.as_worker(lead):
        Channel.objects.create(
            controller=person.controller, person=person, kind="phone", value="+358401112233", safe_to_leave_message=True
        )
    builders.a_case(person, lead)
    builders.a_contact(lead, person=person, note="A note that stays here")
    return person


def share(person: Person, lead: Worker, *, scope: str = "card", **given: Any) -> Sharing:
    days = {"begins_on": TODAY, "ends_on": TODAY + timedelta(days=30)}
    fields = {"to_controller": builders.KITEE, "basis": "consent", "scope": scope, **days, **given}
    with builders.as_worker(lead):
        return actions.share_person(person, by=lead, **fields)


def page(found: Sharing) -> str:
    return reverse("people:shared", args=[found.pk])


@pytest.mark.parametrize(
    ("scope", "contacts", "cases"),
    [("card", False, False), ("contacts", True, False), ("case", False, True), ("all", True, True)],
)
def test_the_other_municipality_reads_what_the_scope_holds(
    lead: Worker, kitee: Worker, scope: str, contacts: bool, cases: bool
) -> None:
    person = a_client(lead)
    text = builders.signed_in(kitee).get(page(share(person, lead, scope=scope))).content.decode()
    assert "Olena Shevchenko" in text
    assert "401112233" in text
    assert ("Finding a home" in text) is contacts
    assert ("Case opened" in text) is cases
    assert "A note that stays here" not in text
    assert "for reading" in text


def test_the_line_of_a_look_is_seen_by_both_municipalities(lead: Worker, kitee: Worker) -> None:
    found = share(a_client(lead), lead)
    builders.signed_in(kitee).get(page(found))
    for controller in (builders.JOENSUU, builders.KITEE):
        line = builders.audit_lines(controller)[-1]
        assert (line.action, line.details["purpose"]) == ("person.shared_read", "shared")
        assert sorted(line.controllers) == [builders.JOENSUU, builders.KITEE]
        assert line.subject_id == found.person_id


def test_the_rows_open_within_the_page_alone(lead: Worker, kitee: Worker) -> None:
    person = a_client(lead)
    found = share(person, lead, scope="contacts")
    with builders.as_worker(kitee):
        assert not Person.objects.exists()
        with sharing.reading_shared(found, by=kitee):
            assert list(Person.objects.all()) == [person]
            assert person.contacts.exists()
            assert not person.cases.exists()
            assert not Person.objects.filter(pk=person.pk).update(name="Changed")
        assert not Person.objects.exists()
    assert builders.signed_in(kitee).get(reverse("people:detail", args=[person.pk])).status_code == 404


@pytest.mark.parametrize("change", [{"begins_on": TODAY + timedelta(days=1)}, {"ends_on": TODAY}])
def test_a_sharing_runs_from_its_first_day_to_its_last(lead: Worker, kitee: Worker, change: dict[str, Any]) -> None:
    found = share(a_client(lead), lead, **change)
    runs = "ends_on" in change
    assert builders.signed_in(kitee).get(page(found)).status_code == (200 if runs else 404)


def test_a_withdrawal_works_at_the_next_look(lead: Worker, kitee: Worker) -> None:
    found = share(a_client(lead), lead)
    browser, ours = builders.signed_in(kitee), builders.signed_in(lead)
    assert "Olena Shevchenko" in browser.get(LISTS).content.decode()
    withdraw = reverse("people:withdraw_sharing", args=[found.pk])
    assert withdraw in ours.get(LISTS).content.decode()
    for _ in range(2):
        assert ours.post(withdraw).status_code == 302
    assert browser.get(page(found)).status_code == 404
    assert "Olena" not in browser.get(LISTS).content.decode()
    assert builders.audit_actions().count("person.sharing_withdrawn") == 1
    assert browser.post(withdraw).status_code == 404


def test_sharing_from_the_page_and_twice_is_one(lead: Worker) -> None:
    person, browser = a_client(lead), builders.signed_in(lead)
    address = reverse("people:share", args=[person.pk])
    assert address in browser.get(reverse("people:detail", args=[person.pk])).content.decode()
    assert browser.get(address).status_code == 200
    sent = {"to_controller": "260", "basis": "consent", "scope": "card", "begins_on": f"{TODAY}", "ends_on": f"{TODAY}"}
    for _ in range(2):
        assert browser.post(address, sent)["Location"] == LISTS
    with builders.as_worker(lead):
        assert Sharing.objects.count() == 1
    assert "The client is this municipality" in browser.post(address, sent | {"to_controller": "167"}).content.decode()
    assert "does not know the field" in browser.post(address, sent | {"controller": "426"}).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"to_controller": "167"}, "own already"),
        ({"begins_on": TODAY - timedelta(days=1)}, "today or later"),
        ({"ends_on": TODAY - timedelta(days=1)}, "before it begins"),
        ({"ends_on": TODAY + timedelta(days=400)}, "at most a year"),
    ],
)
def test_days_and_municipalities_that_cannot_be(lead: Worker, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        share(a_client(lead), lead, **change)


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.MAIN_USER, Role.PEER_SUPPORTER])
def test_who_may_not_share(role: Role, lead: Worker) -> None:
    person, viewer = a_client(lead), builders.a_worker(role)
    with pytest.raises(PermissionDenied):
        share(person, viewer)
    assert builders.signed_in(viewer).get(reverse("people:share", args=[person.pk])).status_code == 403


def test_only_an_open_record_is_shared(lead: Worker) -> None:
    with pytest.raises(PermissionDenied):
        share(builders.a_person(), lead)


def test_a_third_municipality_knows_of_nothing(lead: Worker) -> None:
    found = share(a_client(lead), lead)
    liperi = builders.an_organisation("liperi", home=builders.LIPERI, mandates=[builders.LIPERI])
    third = builders.a_worker(Role.TEAM_LEAD, liperi)
    browser = builders.signed_in(third)
    assert browser.get(page(found)).status_code == 404
    assert "Olena" not in browser.get(LISTS).content.decode()
    with builders.as_worker(third):
        assert not sharing_access.shared_with_us(third).exists()
        assert not Sharing.objects.exists()


def test_the_search_of_tokens_keeps_its_index() -> None:
    with row_security.context(controllers=["167"]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT person_id FROM people_searchtoken WHERE token = 'x' AND kind = 'name'")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "search_token_lookup" in plan
        cursor.execute("EXPLAIN SELECT * FROM people_person WHERE id = '019e0000-0000-7000-8000-000000000000'")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan" not in plan
