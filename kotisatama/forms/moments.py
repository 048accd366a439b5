"""When a form is filled in."""

from datetime import date, datetime, tzinfo
from typing import TypedDict

from django.utils import timezone


class Moment(TypedDict):
    """When a form is filled in, as `filling` wants it."""

    today: date
    now: datetime
    timezone: tzinfo


def this_moment() -> Moment:
    """Now, on the municipality's clock."""
    now = timezone.localtime()
    return {"today": now.date(), "now": now, "timezone": timezone.get_current_timezone()}
