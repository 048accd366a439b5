"""What the service allows of openings, in the words of the screen."""

from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import opening_access
from kotisatama.people.models import Opening
from kotisatama.staff.models import Worker


def check_may_open(worker: Worker) -> None:
    """No earlier opening of the worker waits longer for its review than it may."""
    if opening_access.overdue(worker).exists():
        raise NotAllowed(
            _(
                "You cannot open a record for a reason now: nobody has reviewed an earlier opening of yours in time."
                " Ask your lead to review it, or ask the colleague whose client this is."
            )
        )


def check_not_reviewed(opening: Opening) -> None:
    """An opening is reviewed once."""
    if opening.verdict:
        raise NotAllowed(_("Another lead has reviewed this opening already."))
