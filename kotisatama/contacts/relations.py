"""Which clients a worker has met today."""

from django.db.models import QuerySet

from kotisatama.contacts import access
from kotisatama.contacts.models import Contact
from kotisatama.people import access as people_access
from kotisatama.staff.models import Worker


def met_today(viewer: Worker) -> QuerySet[Contact]:
    """Contacts that the viewer recorded today."""
    return Contact.objects.filter(worker_id=viewer.pk, created_at__gte=people_access.midnight())


def at_our_place_today(viewer: Worker) -> QuerySet[Contact]:
    """Today's contacts at the viewer's service point, for whoever sees colleagues' contacts."""
    if not viewer.service_point_id or not access.sees_colleagues(viewer):
        return Contact.objects.none()
    return Contact.objects.filter(service_point_id=viewer.service_point_id, at__gte=people_access.midnight())
