"""Which sharings exist for a worker, and who may make and withdraw one."""

from django.db.models import QuerySet
from django.utils import timezone

from kotisatama.people import access
from kotisatama.people.models import Person, Sharing
from kotisatama.staff import access as staff_access
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def we_share(viewer: Worker) -> QuerySet[Sharing]:
    """Sharings that the viewer's controllers have made."""
    if not access.can_see_people(viewer):
        return Sharing.objects.none()
    return Sharing.objects.filter(controller_id__in=viewer.controller_codes)


def shared_with_us(viewer: Worker) -> QuerySet[Sharing]:
    """Sharings of other municipalities with the viewer's controllers that run today."""
    if not access.can_see_people(viewer):
        return Sharing.objects.none()
    today = timezone.localdate()
    running = Sharing.objects.filter(withdrawn_at=None, begins_on__lte=today, ends_on__gte=today)
    return running.filter(to_controller_id__in=viewer.controller_codes)


def can_share(worker: Worker, person: Person) -> bool:
    """Whether the worker may share this client: the permission, the mandate, and a record that opens."""
    may = staff_access.allows(worker, Permission.SHARE_PERSONS) and person.controller_id in worker.controller_codes
    return may and access.can_open(worker, person)


def can_withdraw(worker: Worker, sharing: Sharing) -> bool:
    """Whether the worker may end this sharing."""
    may = staff_access.allows(worker, Permission.SHARE_PERSONS)
    return may and sharing.controller_id in worker.controller_codes
