"""What the service allows now."""

from datetime import date

from django.utils.translation import gettext as _

from kotisatama.cases.models import Case
from kotisatama.kernel.errors import NotAllowed


def check_closable(case: Case, *, on: date) -> None:
    """An open case closes on its first day or later."""
    if case.closed_on:
        raise NotAllowed(_("This case is already closed."))
    if on < case.opened_on:
        raise NotAllowed(_("A case cannot end before it was opened."))
