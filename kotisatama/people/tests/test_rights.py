"""What a client may ask: data put right, data at rest, no deletion for a while."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import actions, rules
from kotisatama.people.models import Person, Rectification, Restriction
from kotisatama.privacy import queries as privacy
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def lead() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD)


@pytest.fixture
def person(lead: Worker) -> Person:
    person = builders.a_person()
    builders.a_case(person, lead)
    return person


def restrict(person: Person, by: Worker, **changes: Any) -> Restriction:
    given: dict[str, Any] = {
        "key": identifiers.new_id(), "reason": "accuracy", "valid_from": timezone.localdate(), "valid_to": None,
    }  # fmt: skip
    with builders.as_worker(by):
        return actions.restrict(person, **(given | changes), by=by)


def test_restricted_data_is_read_and_not_changed(person: Person, lead: Worker) -> None:
    restriction = restrict(person, lead)
    with builders.as_worker(lead):
        with pytest.raises(NotAllowed, match="restricted"):
            actions.change_person(person, version=person.version, name="New", by=lead)
        client = builders.signed_in(lead)
        assert "The use of this data is restricted." in page_of(client, person)
        actions.lift_restriction(restriction, by=lead)
        actions.change_person(person, version=person.version, name="New", by=lead)
    assert "The use of this data is restricted." not in page_of(client, person)


def page_of(client: Any, person: Person) -> str:
    return str(client.get(reverse("people:detail", args=[person.pk])).content.decode())


@pytest.mark.parametrize(
    ("first", "last", "rests"), [(0, None, True), (-5, 0, True), (-5, -1, False), (1, None, False), (0, 0, True)]
)
def test_data_rests_from_the_first_day_to_the_last(
    person: Person, lead: Worker, first: int, last: int | None, rests: bool
) -> None:
    today = timezone.localdate()
    restrict(person, lead, valid_from=today + first * DAY, valid_to=None if last is None else today + last * DAY)
    with builders.as_worker(lead):
        if rests:
            with pytest.raises(NotAllowed):
                rules.check_not_restricted(person)
        else:
            rules.check_not_restricted(person)


def test_a_restriction_ends_after_it_begins(person: Person, lead: Worker) -> None:
    with pytest.raises(NotAllowed, match="before the first"):
        restrict(person, lead, valid_to=timezone.localdate() - DAY)


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.MAIN_USER, Role.PARTNER_WORKER])
def test_only_lead_and_officer_decide_about_rights(person: Person, role: str) -> None:
    with pytest.raises(PermissionDenied):
        restrict(person, builders.a_worker(role))


def ask(person: Person, by: Worker, asked_on: date | None = None, **changes: Any) -> Rectification:
    given: dict[str, Any] = {"key": identifiers.new_id(), "what": "My name is written wrong", "asked_on": asked_on}
    with builders.as_worker(by):
        return actions.ask_rectification(person, **(given | {"asked_on": asked_on or timezone.localdate()}), by=by)


def test_a_request_is_answered_within_a_month(person: Person, lead: Worker) -> None:
    assert ask(person, lead, date(2026, 1, 31)).answer_by == date(2026, 3, 1)


def test_a_refusal_has_a_reason_and_a_decision_stands(person: Person, lead: Worker) -> None:
    request = ask(person, lead)
    with builders.as_worker(lead):
        with pytest.raises(NotAllowed, match="Choose why"):
            actions.decide_rectification(request, decision="refused", by=lead)
        with pytest.raises(NotAllowed, match="needs no reason"):
            actions.decide_rectification(request, decision="done", refusal="right", by=lead)
        for _ in range(2):
            actions.decide_rectification(request, decision="refused", refusal="right", by=lead)
        with pytest.raises(NotAllowed, match="decided already"):
            actions.decide_rectification(request, decision="done", by=lead)
    assert builders.audit_actions().count("rectification.decided") == 1


def test_the_pages_carry_a_request_from_asking_to_deciding(person: Person, lead: Worker) -> None:
    client, today = builders.signed_in(lead), timezone.localdate().isoformat()
    new = reverse("people:ask_rectification", args=[person.pk])
    sent = {"key": str(identifiers.new_id()), "what": "The street is wrong", "asked_on": today}
    for _ in range(2):
        assert client.post(new, sent).status_code == 302
    assert "The street is wrong" in client.get(reverse("people:rights", args=[person.pk])).content.decode()
    with builders.as_worker(lead):
        request = Rectification.objects.get()
    decide = reverse("people:decide_rectification", args=[person.pk, request.pk])
    refused = client.post(decide, {"decision": "refused", "refusal": ""}).content.decode()
    assert "Choose why the data was not put right." in refused
    assert client.post(decide, {"decision": "done", "refusal": ""}).status_code == 302
    restricting = reverse("people:restrict", args=[person.pk])
    sent = {"key": str(identifiers.new_id()), "reason": "accuracy", "valid_from": today, "valid_to": ""}
    assert client.post(restricting, sent).status_code == 302
    with builders.as_worker(lead):
        restriction = Restriction.objects.get()
    assert client.post(reverse("people:lift_restriction", args=[person.pk, restriction.pk])).status_code == 302


def test_the_officer_finds_a_client_and_holds_deletion_without_opening_the_record(person: Person) -> None:
    client = builders.signed_in(officer := builders.a_worker(Role.DATA_PROTECTION_OFFICER))
    found = client.post(reverse("people:find_for_rights"), {"q": person.name}).content.decode()
    assert reverse("people:rights", args=[person.pk]) in found
    assert client.get(reverse("people:detail", args=[person.pk])).status_code in {403, 404}
    until = timezone.localdate() + 30 * DAY
    address = reverse("people:hold", args=[person.pk])
    sent = {"key": str(identifiers.new_id()), "reason": "claim", "until": until.isoformat()}
    assert client.post(address, sent).status_code == 302
    page = client.get(reverse("people:rights", args=[person.pk])).content.decode()
    assert "Nothing is deleted until" in page
    with builders.as_worker(officer):
        assert privacy.hold_of(person.pk, on=until)


@pytest.mark.parametrize("name", ["rights", "ask_rectification", "restrict", "new_consent", "hold"])
def test_another_municipalitys_client_has_no_rights_page_for_you(person: Person, name: str) -> None:
    town = builders.an_organisation("kitee", home=builders.KITEE, mandates=[builders.KITEE])
    stranger = builders.a_worker(roles=[Role.TEAM_LEAD, Role.DATA_PROTECTION_OFFICER], organisation=town)
    client = builders.signed_in(stranger)
    assert client.get(reverse(f"people:{name}", args=[person.pk])).status_code == 404
    assert "Nobody was found." in client.post(reverse("people:find_for_rights"), {"q": person.name}).content.decode()
