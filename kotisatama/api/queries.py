"""Reading keys of devices."""

from dataclasses import dataclass

from django.utils import timezone

from kotisatama.api import access, secrets_of_devices
from kotisatama.api.models import DeviceKey
from kotisatama.staff.models import Worker


@dataclass(frozen=True)
class DeviceLine:
    """A device on the list."""

    key: DeviceKey
    is_live: bool


def device_lines(viewer: Worker) -> list[DeviceLine]:
    """The organisation's devices, the newest first. One query."""
    today = timezone.localdate()
    keys = access.visible_keys(viewer).order_by("-pk")
    return [DeviceLine(key, key.ended_at is None and key.expires_on >= today) for key in keys]


def live_key(typed: str) -> DeviceKey | None:
    """The key of the secret in an address; unknown, ended and expired ones are told apart by nothing."""
    wanted = secrets_of_devices.hashed(typed)
    found = DeviceKey.objects.filter(secret_hash=wanted, ended_at=None, expires_on__gte=timezone.localdate())
    return found.first() if wanted else None
