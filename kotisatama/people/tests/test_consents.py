"""Consents: what was shown word by word, to whom, until when; withdrawn, they allow nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.people import access, actions, consents
from kotisatama.people.models import Consent, Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def person(worker: Worker) -> Person:
    person = builders.a_person(service_languages=["prs", "uk"])
    builders.a_case(person, worker)
    return person


@pytest.fixture
def luotsi() -> Organisation:
    return builders.an_organisation("luotsi", kind=Organisation.Kind.AUTHORITY, mandates=[])


def give(person: Person, worker: Worker, recipient: Organisation | None, **changes: Any) -> Consent:
    given: dict[str, Any] = {
        "key": identifiers.new_id(),
        "purpose": "referral",
        "recipient": recipient,
        "data_kinds": ["situation", "family"],
        "language": "uk",
        "way": "paper",
        "on": timezone.localdate(),
    }
    with builders.as_worker(worker):
        return actions.give_consent(person, **(given | changes), by=worker)


def holds(person: Person, worker: Worker, recipient: Organisation | None, purpose: str = "referral") -> bool:
    with builders.as_worker(worker):
        return access.has_consent(person, purpose, recipient, timezone.localdate())


def test_the_text_that_was_shown_is_kept_word_by_word(person: Person, worker: Worker, luotsi: Organisation) -> None:
    consent = give(person, worker, luotsi)
    assert consent.language == "uk"
    assert "Ми хотіли б передати ваші дані: Luotsi." in consent.text
    assert "{" not in consent.text
    assert len(consent.text_version) == 12
    line = builders.audit_lines()[-1]
    assert (line.action, line.subject_id) == ("consent.given", person.pk)
    assert line.details == {"consent": str(consent.pk), "purpose": "referral", "language": "uk"}


def test_a_language_without_a_text_gets_that_of_its_chain() -> None:
    shown = consents.text("feedback", recipient=None, data_kinds=["situation"], language="ckb")
    assert (shown.language, shown.direction) == ("ar", "rtl")


def test_a_consent_is_for_one_purpose_and_one_recipient(person: Person, worker: Worker, luotsi: Organisation) -> None:
    other = builders.an_organisation("other", mandates=[])
    assert not holds(person, worker, luotsi)
    give(person, worker, luotsi)
    assert holds(person, worker, luotsi)
    assert not holds(person, worker, other)
    assert not holds(person, worker, luotsi, "sharing")
    assert not holds(person, worker, None)


def test_a_withdrawn_consent_allows_nothing_from_that_moment(
    person: Person, worker: Worker, luotsi: Organisation
) -> None:
    consent = give(person, worker, luotsi)
    with builders.as_worker(worker):
        for _ in range(2):
            actions.withdraw_consent(consent, way="telephone", by=worker)
    assert not holds(person, worker, luotsi)
    assert builders.audit_actions().count("consent.withdrawn") == 1


def test_a_consent_ends_with_its_last_day(person: Person, worker: Worker, luotsi: Organisation) -> None:
    today = timezone.localdate()
    give(person, worker, luotsi, until=today)
    with builders.as_worker(worker):
        assert access.has_consent(person, "referral", luotsi, today)
        assert not access.has_consent(person, "referral", luotsi, today + DAY)
        assert not access.has_consent(person, "referral", luotsi, today - DAY)


def test_the_same_page_sent_twice_is_one_consent(person: Person, worker: Worker, luotsi: Organisation) -> None:
    key = identifiers.new_id()
    assert give(person, worker, luotsi, key=key) == give(person, worker, luotsi, key=key)


def test_days_that_cannot_be_are_refused(person: Person, worker: Worker, luotsi: Organisation) -> None:
    today = timezone.localdate()
    with pytest.raises(NotAllowed, match="in the future"):
        give(person, worker, luotsi, on=today + DAY)
    with pytest.raises(NotAllowed, match="has passed"):
        give(person, worker, luotsi, until=today - DAY)


def test_another_municipality_gives_no_consent_for_our_client(person: Person, luotsi: Organisation) -> None:
    with pytest.raises(PermissionDenied):
        give(person, builders.an_outsider(), luotsi)


def test_on_the_page_the_text_comes_first_and_then_the_consent(
    person: Person, worker: Worker, luotsi: Organisation
) -> None:
    client = builders.signed_in(worker)
    address = reverse("people:new_consent", args=[person.pk])
    asked = f"?purpose=referral&recipient={luotsi.pk}&data_kinds=situation&language=uk"
    assert "The client agreed" not in client.get(address).content.decode()
    shown = client.get(address + asked).content.decode()
    assert "Ми хотіли б передати ваші дані: Luotsi." in shown
    assert 'lang="uk"' in shown
    sent = {"key": str(identifiers.new_id()), "way": "paper", "on": timezone.localdate().isoformat(), "until": ""}
    assert client.post(address + asked, sent).status_code == 302
    assert client.post(address + asked, sent).status_code == 302
    page = client.get(reverse("people:rights", args=[person.pk])).content.decode()
    assert page.count("In force") == 1
    with builders.as_worker(worker):
        consent = Consent.objects.get()
    withdraw = reverse("people:withdraw_consent", args=[person.pk, consent.pk])
    assert client.post(withdraw, {"way": "spoken"}).status_code == 302
    assert "Withdrawn" in client.get(reverse("people:rights", args=[person.pk])).content.decode()


def test_a_recipient_is_named_before_the_text_is_shown(person: Person, worker: Worker) -> None:
    address = reverse("people:new_consent", args=[person.pk])
    shown = builders.signed_in(worker).get(
        address, {"purpose": "referral", "data_kinds": "situation", "language": "uk"}
    )
    assert "Choose who gets the data." in shown.content.decode()


def test_the_text_on_paper_is_in_the_clients_language(person: Person, worker: Worker, luotsi: Organisation) -> None:
    address = reverse("people:print_consent", args=[person.pk])
    asked = {"purpose": "referral", "recipient": str(luotsi.pk), "data_kinds": "situation", "language": "ar"}
    page = builders.signed_in(worker).get(address, asked).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "نود إرسال بيانات عنك" in page
    assert person.name in page


def test_a_role_without_client_work_gets_to_no_consent(person: Person) -> None:
    client = builders.signed_in(builders.a_worker(Role.REPORT_READER))
    assert client.get(reverse("people:rights", args=[person.pk])).status_code == 404
    assert client.get(reverse("people:new_consent", args=[person.pk])).status_code == 403
