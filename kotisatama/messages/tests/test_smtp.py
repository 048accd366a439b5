"""Letters over real SMTP."""

import email
import email.policy

import pytest
from pytest_django.fixtures import Settings

from kotisatama.kernel import identifiers, row_security
from kotisatama.messages import actions, sending, tasks
from kotisatama.messages.models import Message
from kotisatama.messages.tests import rows, smtp_sink
from tests import builders

pytestmark = pytest.mark.django_db
TEXT = "يجب أن ترد على الرسالة قبل الجمعة. Привіт, Ääkköset."


@pytest.fixture
def message(settings: Settings) -> Message:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = "127.0.0.1", False, ""
    settings.EMAIL_TIMEOUT = 5
    rows.a_main_service_point()
    worker, submission = builders.a_worker(), rows.a_submission()
    with builders.as_worker(worker):
        return actions.queue_message(
            key=identifiers.new_id(),
            controller="426",
            channel="email",
            address="fatima@post.example",
            language="ar",
            template="answer.free",
            parameters={"reference": submission.reference, "text": TEXT},
            by=worker,
            submission=submission,
        )


def state(message: Message) -> tuple[str, str, str]:
    with row_security.context(controllers=["426"]):
        message.refresh_from_db()
    return message.state, message.last_error, message.receipt


def test_an_arabic_letter_arrives_whole_with_its_language(message: Message, settings: Settings) -> None:
    with smtp_sink.running() as sink:
        settings.EMAIL_PORT = sink.server_address[1]
        tasks.send_message(str(message.pk), "426")
        tasks.send_message(str(message.pk), "426")
    assert len(sink.letters) == 1
    letter = email.message_from_bytes(sink.letters[0], policy=email.policy.default)
    assert TEXT in letter.get_content()
    assert letter["Content-Language"] == "ar"
    assert letter["To"] == "fatima@post.example"
    assert "رد على رسالتك" in letter["Subject"]
    assert state(message) == ("sent", "", letter["Message-ID"])


def test_a_server_that_says_later_gets_the_letter_later_and_one_that_says_no_does_not(
    message: Message, settings: Settings
) -> None:
    with smtp_sink.running() as sink:
        settings.EMAIL_PORT = sink.server_address[1]
        sink.answers = [b"450 fatima@post.example is busy", b"550 no such user fatima@post.example"]
        with pytest.raises(sending.TryLater):
            tasks.send_message(str(message.pk), "426")
        assert state(message) == ("queued", "smtp-450", "")
        tasks.send_message(str(message.pk), "426")
    assert state(message) == ("failed", "smtp-550", "")
    assert not sink.letters


def test_no_server_means_another_try(message: Message, settings: Settings) -> None:
    with smtp_sink.running() as sink:
        settings.EMAIL_PORT = sink.server_address[1]
    with pytest.raises(sending.TryLater):
        tasks.send_message(str(message.pk), "426")
    assert state(message) == ("queued", "connection", "")
