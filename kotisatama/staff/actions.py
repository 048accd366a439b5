"""What happens to workers' accounts. Each change leaves a line: who may see clients' data is part of the trail."""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.network import queries as network
from kotisatama.network.models import Organisation, ServicePoint
from kotisatama.staff import access, lockout, rules, tasks
from kotisatama.staff.models import SignInEvent, Team, Worker
from kotisatama.staff.permissions import Permission


@transaction.atomic
def create_worker(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    roles: Sequence[str],
    language: str,
    by: Worker,
    origin: str,
    team: Team | None = None,
    service_point: ServicePoint | None = None,
) -> Worker:
    """Make an account without a password, and send the worker a link for setting one.

    `origin` is the site's address for the link, such as `https://desk.example`. Raises NotAllowed.
    """
    access.require(by, Permission.MANAGE_WORKERS)
    if not access.visible_organisations(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    rules.check_address_is_free(email)
    rules.check_team_fits(team, organisation)
    worker = Worker.objects.create_user(
        email,
        name=name,
        organisation=organisation,
        roles=_in_order(roles),
        language=language,
        team=team,
        service_point=service_point,
    )
    _record("worker.made", worker, by=by, details={"roles": worker.roles})
    tasks.defer_password_link(worker, origin=origin, template="welcome")
    return worker


@transaction.atomic
def create_first_worker(
    *, email: str, name: str, organisation: Organisation, roles: Sequence[str], language: str
) -> Worker:
    """Make an account from the command line, where nobody is signed in. Raises NotAllowed."""
    rules.check_address_is_free(email)
    worker = Worker.objects.create_user(
        email, name=name, organisation=organisation, roles=_in_order(roles), language=language
    )
    controllers = worker.controller_codes or [organisation.home_id]
    with row_security.context(controllers=controllers):
        details = {"worker": worker.pk, "roles": worker.roles}
        audit.record("worker.made", by=None, controllers=controllers, details=details)
    return worker


@transaction.atomic
def change_worker(
    worker: Worker,
    *,
    version: int,
    name: str,
    roles: Sequence[str],
    language: str,
    is_active: bool,
    by: Worker,
    team: Team | None = None,
    service_point: ServicePoint | None = None,
) -> Worker:
    """Save the account. A closed account is signed out at its next page. Raises NotAllowed, ChangedMeanwhile."""
    worker = _managed(worker, by=by)
    rules.check_current(worker, version=version)
    rules.check_own_rights_kept(worker, roles=roles, is_active=is_active, by=by)
    rules.check_team_fits(team, worker.organisation)
    new = {
        "name": name,
        "roles": _in_order(roles),
        "language": language,
        "is_active": is_active,
        "team": team,
        "service_point": service_point,
    }
    details = {
        "fields": sorted(field for field, value in new.items() if getattr(worker, field) != value),
        "roles": new["roles"],
        "active": is_active,
    }
    _save(worker, **new)
    _record("worker.changed", worker, by=by, details=details)
    return worker


@transaction.atomic
def send_password_link(worker: Worker, *, by: Worker, origin: str) -> None:
    """Send the worker a new link for setting a password."""
    worker = _managed(worker, by=by)
    tasks.defer_password_link(worker, origin=origin, template="forgotten")
    _record("worker.link_sent", worker, by=by)


@transaction.atomic
def remove_second_factors(worker: Worker, *, by: Worker) -> None:
    """Remove a lost telephone's app, every passkey and recovery code; the worker sets up new ones."""
    worker = _managed(worker, by=by)
    if worker.pk == by.pk:
        raise PermissionDenied
    Authenticator.objects.filter(user_id=worker.pk).delete()
    lockout.forget(lockout.CODE, worker.pk)
    _record("worker.second_factor_removed", worker, by=by)


@transaction.atomic
def change_profile(worker: Worker, *, version: int, language: str, service_point: ServicePoint | None) -> Worker:
    """A worker's own choices. Raises ChangedMeanwhile."""
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    rules.check_current(worker, version=version)
    _save(worker, language=language, service_point=service_point)
    return worker


def record_sign_in(worker: Worker | None, *, ok: bool, method: str) -> None:
    """Keep a try to sign in; `worker` None when nobody has the address."""
    SignInEvent.objects.create(worker=worker, ok=ok, method=method)


def _managed(worker: Worker, *, by: Worker) -> Worker:
    """The worker's row, locked, when `by` manages it."""
    if not access.can_change_worker(by, worker):
        raise PermissionDenied
    return Worker.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=worker.pk)


def _save(worker: Worker, **fields: object) -> None:
    for field, value in fields.items():
        setattr(worker, field, value)
    worker.version += 1
    worker.save(update_fields=[*fields, "version"])


def _in_order(roles: Sequence[str]) -> list[str]:
    return sorted({str(role) for role in roles})


def _record(action: str, worker: Worker, *, by: Worker, details: dict[str, object] | None = None) -> None:
    """Under the controllers that the worker's organisation and `by`'s have in common, else those of `by`."""
    theirs = network.controller_codes(worker.organisation_id, on=timezone.localdate())
    shared = [code for code in theirs if code in by.controller_codes]
    audit.record(
        action, by=by, controllers=shared or by.controller_codes, details={"worker": worker.pk, **(details or {})}
    )
