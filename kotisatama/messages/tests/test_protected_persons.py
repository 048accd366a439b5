"""Messages to a protected person: they leave to the safe address, and the outbox keeps none."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import actions, sending
from kotisatama.messages.models import Message
from kotisatama.messages.tests import rows
from kotisatama.messages.tests.recording import RecordingSms
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

SAFE, UNSAFE, EMAIL = "+358401234567", "+358409990001", "fatima@posti.example"


@pytest.fixture(autouse=True)
def recording(settings: Any) -> None:
    settings.SMS_GATEWAY = "kotisatama.messages.tests.recording.RecordingSms"
    RecordingSms.empty()


@pytest.fixture(name="aino")
def aino_fixture() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(Role.COUNSELLOR)


@pytest.fixture(name="fatima")
def fatima_fixture(aino: Worker) -> Person:
    channels = [("phone", SAFE, True), ("phone", UNSAFE, False), ("email", EMAIL, True)]
    with builders.as_worker(aino):
        return people.make_person(controller=builders.LIPERI, name="Fatima", channels=channels, by=aino)


def protect(person: Person, by: Worker) -> None:
    today = timezone.localdate()
    with builders.as_worker(by):
        people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=by)
        person.refresh_from_db()


def queued(aino: Worker, person: Person, address: str, **changes: Any) -> Message:
    given = {"channel": "sms", "template": "answer.sms_call_us", "parameters": {"reference": "AAAA-BBBB"}} | changes
    with builders.as_worker(aino):
        return actions.queue_message(
            key=identifiers.new_id(),
            controller=person.controller_id,
            address=address,
            language="ar",
            by=aino,
            person=person,
            **given,
        )


def stored(aino: Worker) -> set[tuple[Any, ...]]:
    with builders.as_worker(aino):
        return set(Message.objects.values_list("state", "address", "subject", "body"))


def test_it_leaves_to_the_safe_address_and_nothing_of_it_stays_in_clear(aino: Worker, fatima: Person) -> None:
    protect(fatima, aino)
    with builders.as_worker(aino):
        phone, letter = people_queries.safe_channels(fatima)
    words = {
        "channel": "email",
        "template": "answer.free",
        "parameters": {"text": "Salakuja 5", "reference": "AAAA-BBBB"},
    }
    messages = [queued(aino, fatima, phone.code), queued(aino, fatima, letter.code, **words)]
    assert stored(aino) == {("queued", "", "", "")}
    for message in messages:
        sending.send(message.pk, message.controller_id)
    assert [number for number, _text, _reference in RecordingSms.sent] == [SAFE]
    assert [(each.to, "Salakuja 5" in str(each.body)) for each in mail.outbox] == [([EMAIL], True)]
    assert stored(aino) == {("sent", "", "", "")}


def test_a_number_that_was_not_called_safe_or_a_code_of_yesterday_is_refused(aino: Worker, fatima: Person) -> None:
    protect(fatima, aino)
    for code in ("1-1", "1-9", "0-0", SAFE):
        with pytest.raises(NotAllowed, match="have changed"):
            queued(aino, fatima, code)


def test_a_message_that_waits_when_the_protection_is_set_still_leaves(aino: Worker, fatima: Person) -> None:
    message = queued(aino, fatima, SAFE)
    assert {address for _state, address, _subject, _body in stored(aino)} == {SAFE}
    protect(fatima, aino)
    assert stored(aino) == {("queued", "", "", "")}
    sending.send(message.pk, message.controller_id)
    assert [number for number, _text, _reference in RecordingSms.sent] == [SAFE]
