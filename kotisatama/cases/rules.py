"""What the service allows of a case, in the words of the screen."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.cases.models import Case
from kotisatama.kernel.errors import NotAllowed


def check_openable(*, on: date) -> None:
    """A case is opened today or earlier."""
    if on > timezone.localdate():
        raise NotAllowed(_("A case cannot be opened in the future."))


def check_closable(case: Case, *, on: date) -> None:
    """An open case closes on its first day or later, not in the future."""
    if case.closed_on:
        raise NotAllowed(_("This case is already closed."))
    if on < case.opened_on:
        raise NotAllowed(_("A case cannot be closed before it was opened."))
    if on > timezone.localdate():
        raise NotAllowed(_("A case cannot be closed in the future."))
