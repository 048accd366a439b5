"""How long a non-disclosure may last (661/2009, 36 §), in the words of the screen."""

from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from kotisatama.kernel import dated_rules
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people.models import Protection

FIRST, RENEWAL = "nondisclosure.first_max", "nondisclosure.renewal_max"


def last_first_day(begins_on: date) -> date:
    """The latest last day of a non-disclosure that begins on this day."""
    return _years_after(begins_on, dated_rules.number(FIRST, target="all", on=timezone.localdate()))


def last_renewed_day(ends_on: date) -> date:
    """The latest last day when one that ends on this day is renewed now."""
    today = timezone.localdate()
    return _years_after(max(ends_on, today), dated_rules.number(RENEWAL, target="all", on=today))


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def check_first(begins_on: date, ends_on: date) -> None:
    """It has begun, has not passed, and lasts no longer than a first one may."""
    today = timezone.localdate()
    if begins_on > today:
        raise NotAllowed(_("The first day is in the future. Write today if the person is in danger now."))
    if ends_on < today:
        raise NotAllowed(_("The last day has passed already."))
    _check_latest(ends_on, last_first_day(begins_on))


def check_renewal(protection: Protection, ends_on: date) -> None:
    """It lasts longer than before, and no longer than a renewal may."""
    if ends_on <= protection.ends_on:
        raise NotAllowed(
            _("The non-disclosure runs until %(day)s already. Write a later day.") % {"day": _day(protection.ends_on)}
        )
    _check_latest(ends_on, last_renewed_day(protection.ends_on))


def _check_latest(ends_on: date, latest: date) -> None:
    if ends_on > latest:
        raise NotAllowed(_("It can last until %(day)s at the latest. Check the last day.") % {"day": _day(latest)})


def _day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def check_unchanged(protection: Protection, *, version: int) -> None:
    """Nobody saved the protection since the page with `version` was opened."""
    if protection.version != version:
        raise ChangedMeanwhile(
            _("Somebody else changed this non-disclosure meanwhile. Look at it again and repeat what is still needed.")
        )


def check_running(protection: Protection) -> None:
    """It was not ended."""
    if protection.ended_at:
        raise NotAllowed(_("This non-disclosure has been ended already."))
