"""What the service allows of retention, in the words of the screen."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed

LONGEST_HOLD = timedelta(days=2 * 366)


def check_begins_later(valid_from: date) -> None:
    """A new period begins tomorrow at the earliest: what went yesterday went by the rule of yesterday."""
    if valid_from <= timezone.localdate():
        raise NotAllowed(_("A new period begins tomorrow at the earliest."))


def check_hold_until(until: date) -> None:
    """A hold lasts till a day to come, two years at most; it can be made anew."""
    today = timezone.localdate()
    if until < today:
        raise NotAllowed(_("The last day of the hold has passed."))
    if until > today + LONGEST_HOLD:
        raise NotAllowed(_("A hold lasts two years at most. Make it anew when it is still needed."))
