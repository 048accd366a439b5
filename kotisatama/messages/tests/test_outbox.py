"""Messages into the outbox, out of it, and back when it failed."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from kotisatama.forms.models import Submission
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.messages import actions, gateways, sending, tasks
from kotisatama.messages.models import Message
from kotisatama.messages.tests import rows
from kotisatama.messages.tests.recording import RecordingSms
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
NUMBER = "+358401234567"


@pytest.fixture(autouse=True)
def recording_gateway(settings: Settings) -> None:
    settings.SMS_GATEWAY = "kotisatama.messages.tests.recording.RecordingSms"
    RecordingSms.empty()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def queue(worker: Worker, submission: Submission, *, key: UUID | None = None, **changes: Any) -> Message:
    given: dict[str, Any] = {
        "controller": submission.controller_id,
        "channel": "sms",
        "address": "+358 40 123 4567",
        "language": "ar",
        "template": "answer.sms_reply_waiting",
        "parameters": {"reference": submission.reference},
        "submission": submission,
        "numbers": rows.numbers(submission),
    } | changes
    with builders.as_worker(worker):
        return actions.queue_message(key=key or identifiers.new_id(), by=worker, **given)


def fresh(message: Message) -> Message:
    with builders.as_worker(builders.a_worker()):
        return Message.objects.get(pk=message.pk)


def jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'messages.send_message' ORDER BY id")
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]


@pytest.fixture
def worker() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(Role.COUNSELLOR)


def test_a_queued_message_has_its_job_and_its_audit_line(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    assert (message.state, message.address, message.language) == ("queued", NUMBER, "ar")
    assert jobs() == [{"message_id": str(message.pk), "controller": "426"}]
    assert builders.audit_actions() == ["message.queued"]


def test_the_same_key_twice_is_one_message_with_one_job(worker: Worker) -> None:
    submission, key = rows.a_submission(), identifiers.new_id()
    assert queue(worker, submission, key=key) == queue(worker, submission, key=key)
    assert len(jobs()) == 1
    assert builders.audit_actions() == ["message.queued"]


def test_an_action_that_fails_leaves_neither_message_nor_job(worker: Worker) -> None:
    submission = rows.a_submission()

    def half() -> None:
        with transaction.atomic():
            queue(worker, submission)
            assert jobs()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert not jobs()


@pytest.mark.parametrize(
    ("said", "address", "refused"),
    [
        ("yes", "+358401234567", False),
        ("yes", "040 123 4567", False),
        ("no", "+358401234567", True),
        (None, "+358401234567", True),
        ("yes", "+358 50 765 4321", True),
    ],
)
def test_a_text_message_goes_only_where_a_message_may_be_left(
    worker: Worker, said: str | None, address: str, refused: bool
) -> None:
    submission = rows.a_submission(phone_safe=said)
    if not refused:
        assert queue(worker, submission, address=address).address == NUMBER
        return
    with pytest.raises(NotAllowed, match="message may be left"):
        queue(worker, submission, address=address)
    assert not jobs()


@pytest.mark.parametrize(("safe", "refused"), [(True, False), (False, True)])
def test_what_the_register_says_of_the_number_counts_too(worker: Worker, safe: bool, refused: bool) -> None:
    person = builders.a_person(controller="426")
    with builders.as_worker(worker):
        person.channels.create(controller_id="426", kind="phone", value="+358 40 123 4567", safe_to_leave_message=safe)
    if refused:
        with pytest.raises(NotAllowed):
            queue(worker, rows.a_submission(), person=person)
    else:
        assert queue(worker, rows.a_submission(), person=person).person == person


@pytest.mark.parametrize("parameters", [{"text": "Kela päätös"}, {"place": "Fatima"}, {"reference": "Fatima Al-Zahra"}])
def test_a_text_message_takes_no_words_about_the_person(worker: Worker, parameters: dict[str, str]) -> None:
    with pytest.raises(NotAllowed, match="says nothing about the person"):
        queue(worker, rows.a_submission(), parameters=parameters)


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "12"},
        {"channel": "email", "address": "fatima@post.example"},
        {"template": "answer.nothing"},
        {"template": "answer.free", "channel": "email", "address": "not an address", "parameters": {"text": "Hei"}},
        {"template": "answer.free", "channel": "email", "address": "a@b.example", "parameters": {"text": " "}},
        {"template": "answer.free", "channel": "email", "address": "a@b.example", "parameters": {"text": "x" * 5001}},
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(worker: Worker, changes: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed, match=r"\.$"):
        queue(worker, rows.a_submission(), **changes)
    assert not jobs()


@pytest.mark.parametrize("role", [Role.REPORT_READER, Role.PARTNER_WORKER, Role.MAIN_USER, Role.PEER_SUPPORTER])
def test_who_may_not_write_to_clients(worker: Worker, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        queue(builders.a_worker(role), rows.a_submission())


def test_nobody_writes_for_a_controller_without_mandate(worker: Worker) -> None:
    with pytest.raises(PermissionDenied):
        queue(builders.an_outsider(), rows.a_submission())


def test_sending_keeps_the_receipt_and_never_sends_twice(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    for _ in range(3):
        tasks.send_message(str(message.pk), "426")
    after = fresh(message)
    assert (after.state, after.receipt, after.attempts) == ("sent", "recorded-1", 1)
    assert [number for number, _text, _reference in RecordingSms.sent] == [NUMBER]


def test_a_gateway_that_fails_is_asked_again_and_then_given_up(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    RecordingSms.problems.extend(gateways.NotSent("connection") for _ in range(sending.MOST_ATTEMPTS))
    for _ in range(sending.MOST_ATTEMPTS - 1):
        with pytest.raises(sending.TryLater):
            tasks.send_message(str(message.pk), "426")
        assert fresh(message).state == "queued"
    tasks.send_message(str(message.pk), "426")
    after = fresh(message)
    assert (after.state, after.attempts, after.last_error) == ("failed", sending.MOST_ATTEMPTS, "connection")
    assert not RecordingSms.sent
    assert builders.audit_actions() == ["message.queued", "message.failed"]


def test_the_waits_between_tries_grow() -> None:
    class Job:
        attempts = 0

    waits = []
    for Job.attempts in range(1, sending.MOST_ATTEMPTS):
        decision = tasks.RETRY.get_retry_decision(exception=sending.TryLater(), job=Job())  # type: ignore[arg-type]
        assert decision is not None
        waits.append((decision.retry_at - timezone.now()).total_seconds() if decision.retry_at else 0)
    assert waits == sorted(waits)
    assert waits[-1] > 10 * waits[0]


def test_a_number_refused_for_good_is_not_tried_again(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    RecordingSms.problems.append(gateways.NotSent("number", for_good=True))
    tasks.send_message(str(message.pk), "426")
    assert (fresh(message).state, fresh(message).attempts) == ("failed", 1)


def test_a_connection_that_breaks_in_between_is_left_to_a_worker(worker: Worker) -> None:
    """It may have left: no second try by itself."""
    message = queue(worker, rows.a_submission())
    RecordingSms.problems.append(gateways.Unclear())
    tasks.send_message(str(message.pk), "426")
    assert (fresh(message).state, fresh(message).last_error) == ("failed", "unclear")


def test_a_crash_while_sending_never_sends_again_by_itself(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    with builders.as_worker(worker):
        Message.objects.filter(pk=message.pk).update(handed_over_at=timezone.now() - timedelta(hours=1))
    tasks.send_message(str(message.pk), "426")
    assert (fresh(message).state, fresh(message).last_error) == ("failed", "unclear")
    assert not RecordingSms.sent


def test_a_job_with_the_wrong_controller_finds_nothing_to_send(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    tasks.send_message(str(message.pk), "260")
    assert fresh(message).state == "queued"
    assert not RecordingSms.sent


def test_a_failed_message_can_be_tried_again_once(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    RecordingSms.problems.append(gateways.NotSent("number", for_good=True))
    tasks.send_message(str(message.pk), "426")
    with builders.as_worker(worker):
        actions.try_again(fresh(message), by=worker)
        with pytest.raises(NotAllowed):
            actions.try_again(message, by=worker)
    tasks.send_message(str(message.pk), "426")
    assert fresh(message).state == "sent"
    assert len(jobs()) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_job_send_one_message(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        try:
            tasks.send_message(str(message.pk), "426")
        except sending.TryLater:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(RecordingSms.sent) == 1
    assert fresh(message).state == "sent"


def test_the_demos_gateway_writes_a_file_and_refuses_other_numbers(settings: Settings, tmp_path: Path) -> None:
    settings.SMS_FILE_PATH = tmp_path / "sms"
    receipt = gateways.FileSms().send(NUMBER, "مرحبا", reference="a")
    assert receipt == "file-a"
    written = json.loads((tmp_path / "sms" / "a.json").read_text(encoding="utf-8"))
    assert (written["number"], written["text"]) == (NUMBER, "مرحبا")
    for number in ("0401234567", "+35840", "+358 40 1234567", "fatima"):
        with pytest.raises(gateways.NotSent, match="number"):
            gateways.FileSms().send(number, "x", reference="b")


def test_the_outbox_lists_by_state_and_says_what_failed(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    RecordingSms.problems.append(gateways.NotSent("number", for_good=True))
    tasks.send_message(str(message.pk), "426")
    client = builders.signed_in(worker)
    page = client.get(reverse("messages:outbox"), {"state": "failed"})
    assert "An answer is waiting for you" in page.text
    assert "cannot receive text messages" in page.text
    assert NUMBER not in page.text
    assert "No messages" in client.get(reverse("messages:outbox"), {"state": "sent"}).text
    detail = client.get(reverse("messages:detail", args=[message.pk]))
    assert NUMBER in detail.text
    assert "Try again" in detail.text
    assert client.get(reverse("messages:try_again", args=[message.pk])).status_code == 405
    assert client.post(reverse("messages:try_again", args=[message.pk])).status_code == 302
    assert fresh(message).state == "queued"


def test_another_municipalitys_message_does_not_exist_for_you(worker: Worker) -> None:
    message = queue(worker, rows.a_submission())
    client = builders.signed_in(builders.an_outsider())
    assert "No messages" in client.get(reverse("messages:outbox")).text
    assert client.get(reverse("messages:detail", args=[message.pk])).status_code == 404
    assert client.post(reverse("messages:try_again", args=[message.pk])).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.COUNSELLOR, 200), (Role.TEAM_LEAD, 200), (Role.REPORT_READER, 403)])
def test_who_sees_the_outbox(role: Role, status: int) -> None:
    assert builders.signed_in(builders.a_worker(role)).get(reverse("messages:outbox")).status_code == status


def test_the_outbox_asks_the_database_as_often_for_many_messages_as_for_few(
    worker: Worker, django_assert_max_num_queries: Any
) -> None:
    client = builders.signed_in(worker)
    client.get(reverse("messages:outbox"))  # what is read once a process is read now
    counts = []
    for number in (3, 27):
        for _ in range(number):
            queue(worker, rows.a_submission())
        client.get(reverse("messages:outbox"))
        with django_assert_max_num_queries(40) as context:
            client.get(reverse("messages:outbox"))
        counts.append(len(context))
    assert counts[0] == counts[1]
