"""The months of the trail that are still to come, and its epoch: for the owner of the tables alone."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

AHEAD = timedelta(days=365)


def add_months() -> int:
    """Make the partitions of the coming year; lines of the rest move to months of their own. How many were made."""
    return _call("SELECT audit_add_months_ahead(%s)", timezone.localdate() + AHEAD)


def begin_epoch() -> int:
    """Say that transactions are numbered anew, after a restore and before the service starts; the new epoch."""
    return _call("SELECT audit_begin_epoch()")


@transaction.atomic
def _call(statement: str, *params: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int((cursor.fetchone() or (0,))[0])
