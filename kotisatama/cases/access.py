"""Whose cases a worker sees, who may do what with them, and to whom a worker has a relation."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from kotisatama.cases.models import Case, Overlap, Transfer
from kotisatama.people import access as people_access
from kotisatama.people.models import Person
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission, Role

# A case closed by mistake is noticed within a week: a choice of this service, no law. Its worker keeps the relation as
# long, so that closing can be taken back; later a new case is opened.
REOPENABLE = timedelta(days=7)


def visible_cases(viewer: Worker) -> QuerySet[Case]:
    """The only door to cases: those of the controllers whose mandate the viewer's organisation holds today."""
    if not staff_access.allows(viewer, Permission.SEE_PERSONS):
        return Case.objects.none()
    return Case.objects.filter(controller_id__in=viewer.controller_codes)


def readable_cases(viewer: Worker) -> QuerySet[Case]:
    """The cases whose page the viewer may open: those of the clients who exist for the viewer."""
    return visible_cases(viewer).filter(person__in=people_access.visible_people(viewer))


def manages(worker: Worker) -> bool:
    """Whether the worker has cases at all."""
    return staff_access.allows(worker, Permission.MANAGE_CASES) and bool(worker.controller_codes)


def leads(worker: Worker) -> bool:
    """Whether the worker answers for the cases of the whole organisation."""
    return Role.TEAM_LEAD in worker.roles and manages(worker)


def of_team(viewer: Worker) -> Q:
    """The cases of the viewer's team; in a house without teams those of its colleagues that have no team either."""
    if viewer.team_id:
        return Q(team_id=viewer.team_id)
    return Q(team__isnull=True, worker__organisation_id=viewer.organisation_id)


def can_open(worker: Worker, person: Person) -> bool:
    """Whether the worker may open a case for this client."""
    return staff_access.allows(worker, Permission.MANAGE_CASES) and person.controller_id in worker.controller_codes


def can_close(worker: Worker, case: Case) -> bool:
    """Whether the worker may close this case: the responsible one, and who leads a team of the same organisation.

    A case whose worker has left may be closed by everybody who manages cases in its controller.
    """
    if not manages(worker) or case.controller_id not in worker.controller_codes:
        return False
    in_same_house = case.worker.organisation_id == worker.organisation_id
    return case.worker_id == worker.pk or (leads(worker) and in_same_house) or not case.worker.is_active


def can_reopen(worker: Worker, case: Case) -> bool:
    """Whether the page offers to take the closing back."""
    if case.closed_on is None or case.closed_on < timezone.localdate() - REOPENABLE:
        return False
    return can_close(worker, case)


def can_change(worker: Worker, case: Case) -> bool:
    """Whether the worker may change reasons and the place of the plan: who may close it, and the case's own team."""
    if can_close(worker, case):
        return True
    return manages(worker) and case.controller_id in worker.controller_codes and _is_of_team(worker, case)


def _is_of_team(worker: Worker, case: Case) -> bool:
    """The same as `of_team` for one case."""
    if worker.team_id:
        return case.team_id == worker.team_id
    return case.team_id is None and case.worker.organisation_id == worker.organisation_id


def can_hand_over(worker: Worker, case: Case) -> bool:
    """Whether the worker may offer the case to somebody else."""
    return can_close(worker, case)


def can_assign(worker: Worker, case: Case) -> bool:
    """Whether the worker may give the case to a colleague without being asked back.

    Leads give the cases of their organisation; a case whose worker has left may be given on by its team.
    """
    if not manages(worker) or case.controller_id not in worker.controller_codes:
        return False
    in_same_house = case.worker.organisation_id == worker.organisation_id
    return (leads(worker) and in_same_house) or (not case.worker.is_active and _is_of_team(worker, case))


def can_answer(worker: Worker, transfer: Transfer) -> bool:
    """Whether the transfer waits for this worker, alone or as one of a team."""
    if transfer.state != Transfer.State.PROPOSED or not manages(worker):
        return False
    is_asked = transfer.to_worker_id == worker.pk
    team_is_asked = transfer.to_team_id is not None and transfer.to_team_id == worker.team_id
    return (is_asked or team_is_asked) and transfer.controller_id in worker.controller_codes


def can_withdraw(worker: Worker, transfer: Transfer) -> bool:
    """Whether the worker may take the offer back: who made it, and who may hand the case over."""
    made_it = transfer.proposed_by_id == worker.pk and manages(worker)
    return transfer.state == Transfer.State.PROPOSED and (made_it or can_hand_over(worker, transfer.case))


def can_export(worker: Worker) -> bool:
    """Whether the worker may take a list of clients out as a file: who may export figures and manages cases."""
    return manages(worker) and staff_access.allows(worker, Permission.EXPORT_FIGURES)


def waiting_for(viewer: Worker) -> QuerySet[Transfer]:
    """Transfers that wait for the viewer's answer."""
    if not manages(viewer):
        return Transfer.objects.none()
    asked = Q(to_worker=viewer)
    if viewer.team_id:
        asked |= Q(to_team_id=viewer.team_id)
    return Transfer.objects.filter(asked, controller_id__in=viewer.controller_codes, state=Transfer.State.PROPOSED)


def related_cases(viewer: Worker) -> QuerySet[Case]:
    """The cases that make a relation today between the viewer and a client.

    The own open case; that of the own team; for a team lead that of any colleague in the organisation; one that waits
    for the viewer's answer; one that was handed over, until its overlap ends; and the own one for some days after it
    was closed, so that closing can be taken back.
    """
    if not manages(viewer):
        return Case.objects.none()
    today = timezone.localdate()
    carried = Q(worker=viewer) | of_team(viewer) | Q(pk__in=waiting_for(viewer).values("case_id"))
    if leads(viewer):
        carried |= Q(worker__organisation_id=viewer.organisation_id)
    overlaps = Overlap.objects.filter(worker=viewer, until__gte=today)
    just_closed = Q(worker=viewer, closed_on__gte=today - REOPENABLE)
    return visible_cases(viewer).filter(
        Q(carried, closed_on__isnull=True) | just_closed | Q(pk__in=overlaps.values("case_id"))
    )


def related_people(viewer: Worker) -> "QuerySet[Case, UUID]":
    """Ids of the clients to whom the viewer has a case relation today, as in `related_cases`; for use in a sub-query.

    With a client's id (`Person.filter(pk=…, pk__in=related_people(viewer))`) PostgreSQL goes by the index of cases by
    person and looks at that client's few cases only, however large the register is.
    """
    return related_cases(viewer).values_list("person_id", flat=True)
