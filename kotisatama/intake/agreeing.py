"""What a person agreed to in a form, word by word, written into the ledger of consents when a worker says what for."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.forms import queries as forms
from kotisatama.forms.models import Agreement
from kotisatama.intake import handling
from kotisatama.intake.locking import taken
from kotisatama.intake.models import Item
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.people import actions as people
from kotisatama.people.models import Consent, Person
from kotisatama.staff.models import Worker


def agreements(item: Item) -> list[Agreement]:
    """The statements of the form that the person agreed to."""
    return forms.agreements(item.submission)


def in_ledger(person: Person | None, found: Iterable[Agreement]) -> set[UUID]:
    """Which of them stand in the client's ledger already: a consent has the key of its statement."""
    keys = [each.pk for each in found]
    return set(Consent.objects.filter(person=person, pk__in=keys).values_list("pk", flat=True)) if person else set()


@transaction.atomic
def take_agreement(
    item: Item,
    key: UUID,
    *,
    purpose: str,
    recipient: Organisation | None,
    data_kinds: Iterable[str],
    until: date | None,
    by: Worker,
) -> Consent:
    """Write a statement into the client's ledger as it was shown, given on the day of the form; twice is once.

    Raises NotAllowed before the form is tied to a client.
    """
    item = taken(item, by=by)
    person = handling.person_of(item, by=by)
    agreement = next((each for each in agreements(item) if each.pk == key), None)
    if person is None or agreement is None:
        raise NotAllowed(_("Say first whose the form is."))
    version = sha256(agreement.text.encode()).hexdigest()[:12]
    return people.give_consent(
        person,
        key=agreement.pk,
        purpose=purpose,
        recipient=recipient,
        data_kinds=data_kinds,
        language=agreement.language,
        way=Consent.Way.MESSAGE,
        on=timezone.localdate(agreement.at),
        until=until,
        by=by,
        said=people.Shown(agreement.text, agreement.language, version),
    )
