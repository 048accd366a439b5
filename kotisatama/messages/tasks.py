"""Sending, after the answer to the worker: tried again later and later."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from kotisatama.messages import sending

# 4 s, 16 s, 1 min, 4 min, 17 min after the first try; `sending` itself says when it was the last.
RETRY = RetryStrategy(exponential_wait=4, retry_exceptions=[sending.TryLater])


@app.task(name="messages.send_message", retry=RETRY)
def send_message(message_id: str, controller: str) -> None:
    """Send one message; safe to run twice."""
    sending.send(UUID(message_id), controller)
