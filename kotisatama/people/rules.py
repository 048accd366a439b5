"""What the service allows to be said of a person, in the words of the screen."""

from datetime import date, timedelta

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import identity_codes
from kotisatama.people.models import Channel, Merge, Person

HOME_REGION = "FI"
OLDEST = 125
DAYS_OF_UNDOING = 30


def channel_value(kind: str, text: str) -> str:
    """The value as it is stored: a telephone number in its international form, an address in lower case."""
    if kind == Channel.Kind.PHONE:
        return telephone(text)
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as reason:
        raise NotAllowed(_("This is not an e-mail address. It looks like name@example.fi.")) from reason
    return address


def telephone(text: str) -> str:
    """An international telephone number (E.164) from what was typed; a number without country code is Finnish."""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as reason:
        raise NotAllowed(_("This is not a telephone number. It looks like +358 40 123 4567.")) from reason
    if not phonenumbers.is_possible_number(number):
        raise NotAllowed(_("This is not a telephone number. It looks like +358 40 123 4567."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_birthday(day: date | None) -> None:
    """A person was born, and not more than 125 years ago."""
    today = timezone.localdate()
    if day and not today.year - OLDEST <= day.year <= today.year:
        raise NotAllowed(_("Check the year of birth."))
    if day and day > today:
        raise NotAllowed(_("The date of birth is in the future."))


def check_same_birthday(code: str, day: date | None, *, is_placeholder: bool) -> None:
    """An identity code and a certain date of birth tell the same day."""
    if day and not is_placeholder and day != identity_codes.birthday(code):
        raise NotAllowed(_("The identity code and the date of birth tell different days."))


def check_unchanged(person: Person, *, version: int) -> None:
    """Nobody saved the person since the page with `version` was opened."""
    if person.version != version:
        raise ChangedMeanwhile(
            _("Somebody else changed this person while you were writing. Compare the values and save again.")
        )


def check_current(person: Person) -> None:
    """The person is not archived: what happens from now on belongs to somebody else's page, or to nobody's."""
    if person.merged_into_id:
        raise NotAllowed(_("This client was merged into another one. Open that client."))
    if person.archived_on:
        raise NotAllowed(_("This client is archived."))


def check_two(survivor: Person, gone: Person) -> None:
    """Two different persons of one controller."""
    if survivor.pk == gone.pk:
        raise NotAllowed(_("This is one and the same client. Choose another one to merge with."))
    if survivor.controller_id != gone.controller_id:
        raise NotAllowed(_("These clients belong to two municipalities. Each municipality keeps its own client."))


def check_mergeable(survivor: Person, gone: Person) -> None:
    """Two different persons of one controller, neither of them merged away."""
    check_two(survivor, gone)
    for person in (survivor, gone):
        if person.merged_into_id:
            raise NotAllowed(_("One of these clients has been merged into another one already."))


def can_still_be_undone(merge: Merge) -> bool:
    """Whether the days of undoing last."""
    return merge.undone_at is None and timezone.now() < merge.at + timedelta(days=DAYS_OF_UNDOING)


def check_undoable(merge: Merge, *, is_last: bool) -> None:
    """A merge is undone within its days, and the latest one first."""
    if not can_still_be_undone(merge):
        raise NotAllowed(_("A merge can be undone for %(days)s days; they are over.") % {"days": DAYS_OF_UNDOING})
    if not is_last:
        raise NotAllowed(_("One of these clients was merged again later. Undo that merge first."))
