"""What the service allows to be said of a person, in the words of the screen."""

from datetime import date

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import identity_codes
from kotisatama.people.models import Channel, Person, Rectification, Restriction

HOME_REGION = "FI"
OLDEST = 125


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


def check_not_restricted(person: Person | None, *, on: date | None = None) -> None:
    """The client's data does not rest: whoever changes anything of a client asks here first. One query."""
    if person is None:
        return
    day = on or timezone.localdate()
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    if Restriction.objects.filter(in_force, person_id=person.pk, valid_from__lte=day).exists():
        raise NotAllowed(_("The use of this client's data is restricted: it may be read, not changed."))


def check_consent_days(*, on: date, until: date | None) -> None:
    """A consent was given today or earlier, and ends on a day to come."""
    check_not_in_future(on)
    if until and until < timezone.localdate():
        raise NotAllowed(_("The last day of the consent has passed."))


def check_not_in_future(day: date) -> None:
    """Something that has happened."""
    if day > timezone.localdate():
        raise NotAllowed(_("This day is in the future."))


def check_period(valid_from: date, valid_to: date | None) -> None:
    """A period ends on its first day or later."""
    if valid_to and valid_to < valid_from:
        raise NotAllowed(_("The last day is before the first one."))


def check_decidable(request: Rectification, *, decision: str, refusal: str) -> None:
    """A request is decided once; only a refusal, whole or in part, has a reason."""
    if request.decision:
        raise NotAllowed(_("This request has been decided already."))
    if decision == Rectification.Decision.OPEN:
        raise NotAllowed(_("Choose a decision."))
    if decision == Rectification.Decision.DONE and refusal:
        raise NotAllowed(_("Data that was put right needs no reason."))
    if decision != Rectification.Decision.DONE and not refusal:
        raise NotAllowed(_("Choose why the data was not put right."))
