"""Reading workers and their sign-in."""

from collections.abc import Iterable
from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet

from kotisatama.network import queries as network
from kotisatama.staff import access
from kotisatama.staff.models import SignInEvent, Worker
from kotisatama.staff.permissions import ROLES, Permission

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def workers(
    viewer: Worker, *, text: str = "", role: str = "", organisation_id: int | None = None, active: bool | None = True
) -> QuerySet[Worker]:
    """Workers that the viewer manages, by name; `active` None means former workers too."""
    found = access.visible_workers(viewer)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if role:
        found = found.filter(roles__contains=[role])
    if organisation_id:
        found = found.filter(organisation_id=organisation_id)
    if active is not None:
        found = found.filter(is_active=active)
    return found.order_by("name", "pk")


def worker_of(email: str) -> Worker | None:
    """The worker of that address, in any case of letters; former workers too. None for an empty address."""
    return Worker.objects.filter(email__iexact=email.strip()).first() if email.strip() else None


def worker_by_id(pk: int) -> Worker | None:
    """The worker of that number, for jobs that act in a worker's name."""
    return Worker.objects.filter(pk=pk).first()


def latest_sign_ins(worker: Worker, *, limit: int = 10) -> list[SignInEvent]:
    """The worker's latest tries to sign in, newest first."""
    return list(SignInEvent.objects.filter(worker=worker)[:limit])


def has_second_factor(worker: Worker) -> bool:
    """Whether the worker has an authenticator app or a passkey; recovery codes alone are not enough."""
    return bool(Authenticator.objects.filter(user_id=worker.pk, type__in=_FACTORS).exists())


def passkeys(worker_id: int) -> int:
    """How many passkeys the worker has."""
    return int(Authenticator.objects.filter(user_id=worker_id, type=Authenticator.Type.WEBAUTHN).count())


def is_last_needed_factor(worker: Worker, authenticator_id: int) -> bool:
    """Whether without this authenticator a worker who must have a second factor would have none."""
    if not settings.STAFF_SECOND_FACTOR_REQUIRED or not access.sees_client_data(worker):
        return False
    others = Authenticator.objects.filter(user_id=worker.pk, type__in=_FACTORS).exclude(pk=authenticator_id)
    return not others.exists()


def workers_with(permission: Permission) -> QuerySet[Worker]:
    """Workers of today, of whatever organisation, whose roles hold the permission."""
    roles = [str(role) for role, held in ROLES.items() if permission in held]
    return Worker.objects.filter(is_active=True, roles__overlap=roles)


def serving(workers: QuerySet[Worker], controller: str, *, on: date) -> QuerySet[Worker]:
    """Those of them whose organisation holds a mandate of the controller on that day."""
    return workers.filter(organisation_id__in=network.organisations_serving(controller, on=on))


def worker_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of these workers by their keys; former workers too."""
    return dict(Worker.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def worker_ids_named(text: str) -> list[int]:
    """Keys of the workers whose name or address has the text in it; former workers too."""
    found = Worker.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return list(found.values_list("pk", flat=True)[:500])
