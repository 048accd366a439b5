"""What the service allows of a case, in the words of the screen."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.cases import access
from kotisatama.cases.models import Case, Reason, Transfer
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people.models import Person
from kotisatama.staff.models import Team, Worker


def check_openable(*, on: date) -> None:
    """A case is opened today or earlier."""
    if on > timezone.localdate():
        raise NotAllowed(_("A case cannot be opened in the future."))


def check_unchanged(case: Case, *, version: int | None) -> None:
    """Raise ChangedMeanwhile when the case was changed after the page was made; None asks nothing."""
    if version is not None and case.version != version:
        raise ChangedMeanwhile(_("This case was changed meanwhile. Look at it again and repeat what is still needed."))


def check_is_open(case: Case) -> None:
    """Only an open case changes and is handed over."""
    if case.closed_on:
        raise NotAllowed(_("This case is already closed."))


def check_closable(case: Case, *, on: date) -> None:
    """An open case closes on its first day or later, not in the future."""
    check_is_open(case)
    if on < case.opened_on:
        raise NotAllowed(_("A case cannot be closed before it was opened."))
    if on > timezone.localdate():
        raise NotAllowed(_("A case cannot be closed in the future."))


def check_reopenable(case: Case, *, has_another: bool) -> None:
    """A closed case opens again within some days, unless the client has another open one."""
    if has_another:
        raise NotAllowed(_("The client has another open case already."))
    if case.closed_on and case.closed_on < timezone.localdate() - access.REOPENABLE:
        raise NotAllowed(
            _("This case was closed more than %(days)d days ago. Open a new case.") % {"days": access.REOPENABLE.days}
        )


def check_reasons(reason: str, further: Collection[str]) -> None:
    """Reasons are codes of the list."""
    if not {reason, *further} <= set(Reason.values):
        raise NotAllowed(_("Choose the reasons from the list."))


def check_receiver(case: Case, *, worker: Worker | None, team: Team | None, may_take: bool) -> None:
    """A case goes to one worker or one team who may have it, and to somebody else than now."""
    if (worker is None) == (team is None):
        raise NotAllowed(_("Choose one worker or one team."))
    if not may_take:
        raise NotAllowed(_("Choose somebody who has cases and a mandate of this client's municipality."))
    if worker and worker.pk == case.worker_id:
        raise NotAllowed(_("%(name)s has this case already.") % {"name": worker.name})


def check_nothing_waits(waiting: Transfer | None) -> None:
    """A case is offered to one at a time."""
    if waiting:
        name = {"name": waiting.receiver}
        raise NotAllowed(_("This case waits for the answer of %(name)s. Withdraw that transfer first.") % name)


def check_waits(transfer: Transfer) -> None:
    """A transfer is answered once."""
    if transfer.state != Transfer.State.PROPOSED:
        raise NotAllowed(
            _("This transfer does not wait any more: %(state)s.") % {"state": transfer.get_state_display().lower()}
        )


def objections_to_merging(gone: Person, survivor: Person) -> list[str]:
    """Two open cases cannot become one by themselves: whoever is responsible says how one of them ends."""
    open_cases = Case.objects.filter(person__in=[gone, survivor], closed_on__isnull=True)
    if open_cases.values("controller").annotate(number=Count("pk")).filter(number__gt=1).exists():
        return [_("Both clients have an open case. Close one of the cases first, then merge.")]
    return []
