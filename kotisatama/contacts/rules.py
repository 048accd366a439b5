"""What the service allows of a contact, in the words of the screen."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.contacts.models import Contact
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.staff.models import Worker

# Clocks of the page and of the server may differ a little.
CLOCKS_DIFFER = timedelta(minutes=5)
OLDEST = timedelta(days=2 * 366)


def check_moment(at: datetime) -> None:
    """A contact was had: not in the future, and not longer than two years ago."""
    now = timezone.now()
    if at > now + CLOCKS_DIFFER:
        raise NotAllowed(_("The time is in the future. A contact is recorded after it was had."))
    if at < now - OLDEST:
        raise NotAllowed(_("The time is more than two years ago. Check the year."))


def check_known(codes: Collection[str], known: Collection[str], sentence: str) -> None:
    """Every code is on the list, else NotAllowed with the sentence."""
    if not set(codes) <= set(known):
        raise NotAllowed(sentence)


def needs_reason(contact: Contact, worker: Worker) -> bool:
    """Whether a change must say why: always, but for the own contact on the day on which it was recorded."""
    is_same_day = timezone.localdate(contact.created_at) == timezone.localdate()
    return not (is_same_day and contact.worker_id == worker.pk)


def check_reason(contact: Contact, worker: Worker, reason: str) -> None:
    """There is a reason where one is needed."""
    if needs_reason(contact, worker) and not reason.strip():
        raise NotAllowed(_("Write why the contact is changed: its day has passed, or it is a colleague's."))


def check_unchanged(contact: Contact, *, version: int) -> None:
    """Nobody saved the contact since the page with `version` was opened."""
    if contact.version != version:
        raise ChangedMeanwhile(
            _("Somebody else changed this contact while you were writing. Compare the values and save again.")
        )


def check_tieable(contact: Contact) -> None:
    """Only an anonymous contact is tied to a client."""
    if contact.person_id:
        raise NotAllowed(_("This contact is already a client's."))
    if contact.counted_as:
        raise NotAllowed(_("This contact was with a client whose data has been erased. It cannot become another's."))


def check_undoable(contact: Contact, worker: Worker) -> None:
    """A contact is taken back on its day by whoever recorded it, unless it answers a form that was sent in."""
    if needs_reason(contact, worker):
        raise NotAllowed(_("A contact can be taken back only on its day by the worker who recorded it."))
    if contact.submission_id:
        raise NotAllowed(_("This contact belongs to a form that was sent in. Change it instead."))
