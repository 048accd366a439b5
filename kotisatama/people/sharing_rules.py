"""What the service allows of sharings, in the words of the screen."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people.models import Person

LONGEST = timedelta(days=366)


def check_shareable(person: Person, *, to_controller: str, begins_on: date, ends_on: date) -> None:
    """A sharing goes to another municipality, begins today or later, and ends within a year."""
    if to_controller == person.controller_id:
        raise NotAllowed(_("The client is this municipality's own already. Choose another."))
    if begins_on < timezone.localdate():
        raise NotAllowed(_("A sharing begins today or later."))
    if ends_on < begins_on:
        raise NotAllowed(_("The sharing would end before it begins."))
    if ends_on - begins_on > LONGEST:
        raise NotAllowed(_("A sharing lasts at most a year. Make it again then, if it is still needed."))
