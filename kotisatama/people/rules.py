"""What the service allows to be said of a person, in the words of the screen."""

import re
from datetime import date, timedelta

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.network.models import Municipality
from kotisatama.people import identity_codes
from kotisatama.people.models import (
    Channel,
    GroundOfStay,
    GroundPeriod,
    Identifier,
    Merge,
    PermitType,
    Person,
    Rectification,
    Relation,
    Residence,
    Restriction,
)

HOME_REGION = "FI"
OLDEST = 125
LONGEST_AHEAD = 30
ADULT = 18
NO_MUNICIPALITY = frozenset({"unknown", "abroad", "secret"})
DAYS_OF_UNDOING = 30


def channel_value(kind: str, text: str) -> str:
    """The value as it is stored: a telephone number in its international form, an address in lower case."""
    if kind not in Channel.Kind.values:
        raise NotAllowed(_("Choose from the list."))
    if kind != Channel.Kind.EMAIL:
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


def check_unchanged(row: Relation | Person, *, version: int) -> None:
    """Nobody saved the row since the page with `version` was opened."""
    if row.version != version:
        raise ChangedMeanwhile(_("Somebody else changed this while you were writing. Look at it and save again."))


def check_days(valid_from: date | None, valid_to: date | None) -> None:
    """A period ends after it begins, and both lie within what a life and a permit can hold."""
    if valid_from and valid_to and valid_to < valid_from:
        raise NotAllowed(_("The last day is before the first one."))
    this_year = timezone.localdate().year
    for day in (valid_from, valid_to):
        if day and not this_year - OLDEST <= day.year <= this_year + LONGEST_AHEAD:
            raise NotAllowed(_("Check the year."))


def check_residence(row: Residence, *, person: Person) -> None:
    """A residence is in a municipality that exists, and of a person with non-disclosure it tells nothing."""
    check_days(row.valid_from, row.valid_to)
    if row.municipality not in NO_MUNICIPALITY and not Municipality.objects.filter(pk=row.municipality).exists():
        raise NotAllowed(_("Choose a municipality from the list."))
    if person.municipality == "secret" and row.municipality != "secret":
        raise NotAllowed(_("The municipality of this person is secret. Nothing is written of where the person lives."))
    if row.municipality == "secret" and (row.street_address or row.postal_code or row.post_office):
        raise NotAllowed(_("A secret residence has no address here."))


def check_ground(row: GroundPeriod) -> None:
    """A ground of stay and a permit come from their lists."""
    check_days(row.valid_from, row.valid_to)
    if row.ground not in GroundOfStay.values or row.permit_type not in ["", *PermitType.values]:
        raise NotAllowed(_("Choose from the list."))


def check_household(person: Person, other: Person) -> None:
    """Two different clients of one municipality live together."""
    if person.pk == other.pk:
        raise NotAllowed(_("Choose another person."))
    if person.controller_id != other.controller_id:
        raise NotAllowed(_("Both must be clients of the same municipality."))


SHAPES = {
    Identifier.Kind.MIGRI: re.compile(r"[0-9]{4,12}"),
    Identifier.Kind.UNHCR: re.compile(r"[0-9A-Z]{2,5}[-/]?[0-9A-Z]{2,5}[0-9A-Z]{0,10}"),
    Identifier.Kind.PASSPORT: re.compile(r"[0-9A-Z]{5,20}"),
}


def identifier_value(kind: str, text: str) -> str:
    """The code of an authority as it is stored: capital letters, no spaces; a hetu with its check character right."""
    if kind == Identifier.Kind.HETU:
        return identity_codes.check(text)
    code = re.sub(r"\s", "", text).upper()
    shape = SHAPES.get(Identifier.Kind(kind))
    if not shape or not shape.fullmatch(code):
        raise NotAllowed(_("This number does not have the form of its kind. Check what was typed."))
    return code


def age(born: date, on: date) -> int:
    """Whole years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def check_relation(from_person: Person, to_person: Person, kind: str) -> None:
    """Nobody is related to themselves, a parent is older than the child, only a minor has a guardian."""
    if from_person.pk == to_person.pk:
        raise NotAllowed(_("A person cannot be related to themselves."))
    if from_person.controller_id != to_person.controller_id:
        raise NotAllowed(_("Both must be clients of the same municipality."))
    born, child_born = certain_birthday(from_person), certain_birthday(to_person)
    if kind == Relation.Kind.PARENT and born and child_born and born >= child_born:
        raise NotAllowed(_("A parent is older than the child. Check the dates of birth."))
    today = timezone.localdate()
    if kind == Relation.Kind.GUARDIAN and child_born and age(child_born, today) >= ADULT:
        raise NotAllowed(_("Only a person under 18 has a guardian."))


def certain_birthday(person: Person) -> date | None:
    """The date of birth when it is no placeholder."""
    return None if person.birthday_is_placeholder else person.date_of_birth


def check_not_own_ancestor(is_ancestor: bool) -> None:
    """Nobody is a parent of one of their own ancestors."""
    if is_ancestor:
        raise NotAllowed(_("By the relations known already, the child would be an ancestor of the parent."))


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
    check_not_protected(survivor, gone)


def check_not_protected(survivor: Person, gone: Person) -> None:
    """What a non-disclosure hides of one person never comes to stand on another one's page."""
    if survivor.is_protected or gone.is_protected:
        raise NotAllowed(_("One of these clients has a non-disclosure. Merge them when it has ended."))


def can_still_be_undone(merge: Merge) -> bool:
    """Whether the days of undoing last."""
    return merge.undone_at is None and timezone.now() < merge.at + timedelta(days=DAYS_OF_UNDOING)


def check_undoable(merge: Merge, *, is_last: bool) -> None:
    """A merge is undone within its days, and the latest one first."""
    if not can_still_be_undone(merge):
        raise NotAllowed(_("A merge can be undone for %(days)s days; they are over.") % {"days": DAYS_OF_UNDOING})
    if not is_last:
        raise NotAllowed(_("One of these clients was merged again later. Undo that merge first."))
