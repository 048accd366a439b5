"""Who can be given a case: workers with cases and a mandate of its controller, and their teams."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.cases.models import Case
from kotisatama.staff import queries as staff
from kotisatama.staff.models import Team, Worker
from kotisatama.staff.permissions import Permission

Choices = list[tuple[str, list[tuple[str, str]]]]


def workers(controllers: Iterable[str]) -> QuerySet[Worker]:
    """Active workers who manage cases and whose organisation holds a mandate of each of the controllers today."""
    found = staff.workers_with(Permission.MANAGE_CASES)
    for controller in controllers:
        found = staff.serving(found, controller, on=timezone.localdate())
    return found.select_related("organisation", "team")


def may_take(controller: str, *, worker: Worker | None, team: Team | None) -> bool:
    """Whether this worker, or somebody of this team, can have a case of the controller."""
    found = workers([controller])
    return found.filter(pk=worker.pk).exists() if worker else found.filter(team=team).exists()


def choices(found: Iterable[Worker], viewer: Worker) -> Choices:
    """("team:3" or "worker:12", name) in groups, one a house, the viewer's own house first, teams before workers."""
    houses: dict[str, dict[str, str]] = {}
    for worker in sorted(found, key=lambda each: (each.organisation_id != viewer.organisation_id, each.name)):
        house = houses.setdefault(worker.organisation.name, {})
        if worker.team:
            house[f"team:{worker.team.pk}"] = _("Team %(name)s") % {"name": worker.team.name}
        house[f"worker:{worker.pk}"] = worker.name
    return [(name, sorted(house.items(), key=_teams_first)) for name, house in houses.items()]


def _teams_first(choice: tuple[str, str]) -> tuple[bool, str]:
    return not choice[0].startswith("team:"), choice[1]


def loads(found: Iterable[Worker]) -> Counter[int]:
    """How many open cases each worker has, as far as this transaction's context sees. One query."""
    open_cases = Case.objects.filter(closed_on__isnull=True, worker__in=list(found))
    return Counter(dict(open_cases.values_list("worker").annotate(number=Count("pk")).values_list("worker", "number")))
