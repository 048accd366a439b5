"""What the service allows now with the region's own matters, in the words of the screen."""

from datetime import date, time

from django.db.models import Q
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Mandate, Municipality, OpeningHours, Organisation, ServicePoint


def overlapping(valid_from: date, valid_to: date | None) -> Q:
    """Rows whose days (both inclusive) meet these days."""
    begins_in_time = Q() if valid_to is None else Q(valid_from__lte=valid_to)
    return begins_in_time & (Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))


def check_ends_after_it_begins(valid_from: date, valid_to: date | None) -> None:
    """The last day is not before the first."""
    if valid_to and valid_to < valid_from:
        raise NotAllowed(_("The last day is before the first day."))


def check_no_other_mandate(
    controller: Municipality, organisation: Organisation, *, valid_from: date, valid_to: date | None
) -> None:
    """At most one mandate of the same two on any day."""
    others = Mandate.objects.filter(overlapping(valid_from, valid_to), controller=controller, organisation=organisation)
    if others.exists():
        raise NotAllowed(_("The organisation has a mandate of this municipality on those days already."))


def check_open_ended(mandate: Mandate, *, on: date) -> None:
    """A mandate that is over stays as it was: what was done under it was done under it."""
    if mandate.valid_to and mandate.valid_to < on:
        raise NotAllowed(_("This mandate has ended already."))


def check_hours(
    point: ServicePoint, *, weekday: int, opens_at: time, closes_at: time, valid_from: date, valid_to: date | None
) -> None:
    """The place closes after it opens, and is not opened twice at the same time."""
    check_ends_after_it_begins(valid_from, valid_to)
    if closes_at <= opens_at:
        raise NotAllowed(_("The closing time is not after the opening time."))
    same_time = Q(weekday=weekday, opens_at__lt=closes_at, closes_at__gt=opens_at)
    if OpeningHours.objects.filter(same_time, overlapping(valid_from, valid_to), service_point=point).exists():
        raise NotAllowed(_("The place is open at that time already. End those opening hours first."))
