"""One try at sending one message; never the same message twice."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.messages import concealing, gateways
from kotisatama.messages.models import Message

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
# Longer than any gateway takes to answer (EMAIL_TIMEOUT is 20 s for each of its steps).
HANDING_OVER = timedelta(minutes=5)


class TryLater(Exception):
    """The message waits for another try."""


def send(message_id: UUID, controller: str) -> None:
    """Send the message if it still waits. Raises TryLater when it should be tried again.

    What is about to happen is committed first (`handed_over_at`): a crash in between leaves a mark, and whoever finds
    the mark cannot know whether the message left, so it is shown to a worker instead of being sent again.
    """
    message = _take(message_id, controller)
    if message is None:
        return
    try:
        receipt = _hand_over(message)
    except gateways.NotSent as reason:
        code, for_good = reason.code, reason.for_good or message.attempts >= MOST_ATTEMPTS
        _settle(message, lambda row: _not_sent(row, code, for_good=for_good))
        if not for_good:
            raise TryLater(code) from None
    except Exception as error:
        if not isinstance(error, gateways.Unclear):
            logger.error("Message %s: %s", message.pk, type(error).__name__)  # its words may hold the address
        _settle(message, lambda row: _not_sent(row, "unclear", for_good=True))
    else:
        _settle(message, lambda row: _sent(row, receipt))


def _take(message_id: UUID, controller: str) -> Message | None:
    """Mark the message as being handed over, under its lock; None when there is nothing to do."""
    with row_security.context(controllers=[controller]):
        message = Message.objects.select_for_update().filter(pk=message_id, state=Message.State.QUEUED).first()
        if message is None:
            return None
        if message.handed_over_at is None:
            message.handed_over_at, message.attempts = timezone.now(), message.attempts + 1
            message.save(update_fields=["handed_over_at", "attempts"])
            concealing.open_for_sending(message)
            return message
        if message.handed_over_at < timezone.now() - HANDING_OVER:
            _not_sent(message, "unclear", for_good=True)
            return None
    raise TryLater("being handed over")


def _hand_over(message: Message) -> str:
    if message.channel == Message.Channel.SMS:
        return gateways.sms().send(message.address, message.body, reference=str(message.pk))
    return gateways.email().send(message)


def _settle(message: Message, write: Callable[[Message], None]) -> None:
    with row_security.context(controllers=[message.controller_id]):
        write(Message.objects.select_for_update().get(pk=message.pk))


def _sent(message: Message, receipt: str) -> None:
    message.state, message.receipt, message.sent_at = Message.State.SENT, receipt[:120], timezone.now()
    message.last_error = ""
    message.save(update_fields=["state", "receipt", "sent_at", "last_error"])
    audit.record("message.sent", by=None, controllers=[message.controller_id], subject=message)


def _not_sent(message: Message, code: str, *, for_good: bool) -> None:
    message.last_error, message.handed_over_at = code[:200], None
    if for_good:
        message.state = Message.State.FAILED
        details = {"error": code}
        audit.record("message.failed", by=None, controllers=[message.controller_id], subject=message, details=details)
    message.save(update_fields=["last_error", "handed_over_at", "state"])
