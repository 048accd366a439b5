"""Who sees and ends keys of devices: main users, those of their own organisation."""

from django.db.models import QuerySet

from kotisatama.api.models import DeviceKey
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def visible_keys(viewer: Worker) -> QuerySet[DeviceKey]:
    """The only door to the keys at the desk."""
    if not staff.allows(viewer, Permission.MANAGE_FORMS):
        return DeviceKey.objects.none()
    return DeviceKey.objects.filter(made_by__organisation=viewer.organisation_id).select_related("made_by")
