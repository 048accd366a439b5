"""Keys of devices that fetch and send forms without a browser (OpenRosa, ODK Collect)."""

from django.conf import settings
from django.db import models


class DeviceKey(models.Model):
    """A device's way to the forms: the address holds a secret, this row its hash.

    Whoever has the address gets blank forms and sends answers, as anybody can on the public pages; it opens no answer.
    The list names every published form, also one that does not stand on the public start page and is opened there only
    by who knows its address.
    """

    label = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(help_text="the last day on which the key works")
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)
