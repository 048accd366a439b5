"""After the answer to the visitor, and by the clock: asking the virus scanner."""

from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from kotisatama.documents import quarantine, scanners

# 4 s, 16 s, 1 min, 4 min, 17 min after the first try; then the file counts as failed and is tried once an hour.
MOST_TRIES = 6
RETRY = RetryStrategy(max_attempts=MOST_TRIES, exponential_wait=4, retry_exceptions=[scanners.TryLater])


@app.task(name="documents.scan", retry=RETRY, pass_context=True)
def scan(context: JobContext, document_id: str) -> None:
    """Scan one file; safe to run twice."""
    quarantine.scan(UUID(document_id), is_last_try=context.job.attempts + 1 >= MOST_TRIES)


@app.periodic(cron="*/10 * * * *")
@app.task(name="documents.scan_forgotten", queueing_lock="documents.scan_forgotten")
def scan_forgotten(timestamp: int) -> None:
    """Scan what waits although its job is gone; one file that fails does not keep the others waiting."""
    if scanners.scanner() is None:
        return
    for document_id in quarantine.forgotten(timezone.now()):
        quarantine.scan(document_id, is_last_try=True)
