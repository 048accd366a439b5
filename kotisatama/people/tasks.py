"""What happens by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kotisatama.people import calendar


@app.periodic(cron="10 0 * * *")
@app.task(name="people.follow_calendar", queueing_lock="people.follow_calendar")
def follow_calendar(timestamp: int) -> None:
    """Residences and grounds of stay that begin today; safe to run twice."""
    calendar.follow(timezone.localdate())
