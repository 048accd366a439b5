"""By the clock."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from kotisatama.desk import unusual
from kotisatama.network import queries as network


@app.periodic(cron="20 2 * * *")
@app.task(name="desk.note_unusual_looks", queueing_lock="desk.note_unusual_looks")
def note_unusual_looks(timestamp: int) -> None:
    """Note yesterday's unusual looks of every municipality of the joint service; safe to run twice."""
    yesterday = timezone.localdate() - timedelta(days=1)
    for municipality in network.served_municipalities(on=yesterday):
        unusual.note_day(municipality.code, yesterday)
