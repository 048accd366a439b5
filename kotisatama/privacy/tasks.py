"""By the clock: every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kotisatama.privacy import actions


@app.periodic(cron="17 2 * * *")
@app.task(name="privacy.run_retention", queueing_lock="privacy.run_retention", pass_context=False)
def run_retention(timestamp: int) -> None:
    """End what is due today; safe to run twice. `timestamp` is when the job was due, which does not matter."""
    actions.run_retention(on=timezone.localdate())
