"""Which clients a worker's cases open."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from kotisatama.cases.models import Case
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role


def own(viewer: Worker) -> QuerySet[Case]:
    """The viewer's own cases that are open, or were closed today."""
    return _open().filter(worker_id=viewer.pk)


def of_team(viewer: Worker) -> QuerySet[Case]:
    """Cases of the viewer's team; for a team lead those of the whole organisation."""
    cases = _open()
    if Role.TEAM_LEAD in viewer.roles:
        return cases.filter(worker__organisation_id=viewer.organisation_id)
    return cases.filter(worker__team_id=viewer.team_id) if viewer.team_id else cases.none()


def _open() -> QuerySet[Case]:
    return Case.objects.filter(Q(closed_on__isnull=True) | Q(closed_on=timezone.localdate()))
