"""What the service allows of a case, in the words of the screen."""

from datetime import date

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.cases.models import Case
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people.models import Person


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


def objections_to_merging(gone: Person, survivor: Person) -> list[str]:
    """Two open cases cannot become one by themselves: whoever is responsible says how one of them ends."""
    open_cases = Case.objects.filter(person__in=[gone, survivor], closed_on__isnull=True)
    if open_cases.values("controller").annotate(number=Count("pk")).filter(number__gt=1).exists():
        return [_("Both clients have an open case. Close one of the cases first, then merge.")]
    return []
