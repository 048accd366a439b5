"""Making and ending keys of devices, and taking what a device sends."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.api import access, secrets_of_devices
from kotisatama.api.models import DeviceKey
from kotisatama.api.receiving import receive as receive
from kotisatama.audit import actions as audit
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


@transaction.atomic
def make_key(*, label: str, expires_on: date, key: UUID, by: Worker) -> str:
    """Make a device's key and return its secret, which is kept nowhere. The same `key` of the page makes one."""
    staff.require(by, Permission.MANAGE_FORMS)
    secret = secrets_of_devices.new_secret(by.pk, key)
    made, is_new = DeviceKey.objects.get_or_create(
        secret_hash=secrets_of_devices.hashed(secret),
        defaults={"label": label, "expires_on": expires_on, "made_by": by},
    )
    if is_new:
        _record("device_key.made", made, by)
    if made.ended_at:
        raise NotAllowed(_("This address was ended meanwhile. Open the page again to make another one."))
    return secret


@transaction.atomic
def end_key(key: DeviceKey, *, by: Worker) -> None:
    """Let the address open nothing any more; twice changes nothing."""
    locked = access.visible_keys(by).select_for_update(of=("self",)).get(pk=key.pk)
    if locked.ended_at:
        return
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    _record("device_key.ended", locked, by)


def _record(action: str, key: DeviceKey, by: Worker) -> None:
    audit.record(action, by=by, controllers=by.controller_codes, details={"device_key": key.pk})
