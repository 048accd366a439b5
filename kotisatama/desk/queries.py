"""Counts and lists of the combined screens."""

from kotisatama.intake.models import Item
from kotisatama.messages.models import Message
from kotisatama.people import access as people_access
from kotisatama.people import queries as people
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def waiting(worker: Worker) -> int:
    """How many submissions wait for somebody in the worker's controllers."""
    if not staff.allows(worker, Permission.SEE_INBOX):
        return 0
    return Item.objects.filter(controller_id__in=worker.controller_codes, state=Item.State.NEW).count()


def unsent(worker: Worker) -> int:
    """How many messages could not be sent and need somebody to look at them."""
    if not staff.allows(worker, Permission.SEND_MESSAGES):
        return 0
    failed = Message.objects.filter(controller_id__in=worker.controller_codes, state=Message.State.FAILED)
    return failed.count()


def protections_to_renew(worker: Worker) -> int:
    """How many non-disclosures end soon or should have ended, for whoever may end them."""
    return people.ending_soon(worker).count() if people_access.can_see_some_protected(worker) else 0
