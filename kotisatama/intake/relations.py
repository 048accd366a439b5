"""Which clients a worker's submissions open."""

from django.db.models import Q, QuerySet

from kotisatama.intake.models import Item
from kotisatama.people import access as people_access
from kotisatama.staff.models import Worker


def taken(viewer: Worker) -> QuerySet[Item]:
    """Submissions that the viewer works on, or has finished today."""
    is_current = Q(state=Item.State.CLAIMED) | Q(state=Item.State.DONE, done_at__gte=people_access.midnight())
    return Item.objects.filter(is_current, claimed_by_id=viewer.pk)
