"""Who looks at openings, and whose openings exist for a worker."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kotisatama.network import queries as network
from kotisatama.network.models import Mandate
from kotisatama.people.models import Opening
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import ROLES, Permission

LEADS = [role for role, permissions in ROLES.items() if Permission.REVIEW_OPENINGS in permissions]


def running(worker: Worker) -> QuerySet[Opening]:
    """The worker's openings that still last."""
    return Opening.objects.filter(worker=worker, until__gt=timezone.now())


def own_openings(worker: Worker) -> QuerySet[Opening]:
    """Everything that the worker has opened, the latest first, in the controllers of today's mandates."""
    return Opening.objects.filter(worker=worker, controller_id__in=worker.controller_codes)


def overdue(worker: Worker) -> QuerySet[Opening]:
    """The worker's openings whose review is late: while there is one, no further record opens for a reason."""
    return own_openings(worker).filter(verdict="", review_by__lt=timezone.localdate())


def reviewers(controller: str, *, besides: Worker | None = None) -> QuerySet[Worker]:
    """The leads who look at this controller's openings: those of its own organisations that hold its mandate today.

    When it has none, those of every organisation that does. `besides` has opened the record and reviews it never.
    """
    organisations = network.organisations_with_mandate(controller, on=timezone.localdate())
    leads = _leads().filter(organisation__in=organisations)
    if besides:
        leads = leads.exclude(pk=besides.pk)
    at_home = leads.filter(organisation__home_id=controller)
    return at_home if at_home.exists() else leads


def _leads() -> QuerySet[Worker]:
    any_lead = Q()
    for role in LEADS:
        any_lead |= Q(roles__contains=[str(role)])
    return Worker.objects.filter(any_lead, is_active=True)


def can_review(worker: Worker, opening: Opening) -> bool:
    """Whether the worker is one of the leads who look at this opening."""
    may = staff_access.allows(worker, Permission.REVIEW_OPENINGS) and opening.controller_id in worker.controller_codes
    return may and reviewers(opening.controller_id, besides=opening.worker).filter(pk=worker.pk).exists()


def reviewed_openings(viewer: Worker) -> QuerySet[Opening]:
    """The only door of a lead: openings of the controllers whose leads the viewer belongs to, not the own ones."""
    if not staff_access.allows(viewer, Permission.REVIEW_OPENINGS):
        return Opening.objects.none()
    at_home = _leads_at_home(viewer.controller_codes)
    own = [code for code in viewer.controller_codes if viewer.pk in at_home.get(code, [viewer.pk])]
    mine = Q(controller_id__in=own)
    for code, leads in at_home.items():
        if len(leads) == 1:  # The only lead of a municipality: others review what that one has opened.
            mine |= Q(controller_id=code, worker_id=leads[0])
    return Opening.objects.filter(mine).exclude(worker=viewer)


def _leads_at_home(controllers: list[str]) -> dict[str, list[int]]:
    """Controller to the leads of its own organisations that hold its mandate today. One query."""
    today = timezone.localdate()
    mandates = Mandate.objects.filter(network.valid_on(today), controller_id=OuterRef("organisation__home_id"))
    at_home = _leads().filter(
        Exists(mandates.filter(organisation_id=OuterRef("organisation_id"))), organisation__home_id__in=controllers
    )
    found: dict[str, list[int]] = {}
    for code, pk in at_home.values_list("organisation__home_id", "pk"):
        found.setdefault(code, []).append(pk)
    return found
