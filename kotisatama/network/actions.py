"""What happens to service points, opening hours and mandates. Each change leaves a line in the audit trail."""

from collections.abc import Sequence
from datetime import date, time

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import access, rules
from kotisatama.network.access import Viewer
from kotisatama.network.models import Mandate, Municipality, OpeningHours, Organisation, ServicePoint

CHANGEABLE = frozenset({"name", "street_address", "phone", "email"})


@transaction.atomic
def change_service_point(point: ServicePoint, *, by: Viewer, **changes: str) -> ServicePoint:
    """Save only the named fields (of CHANGEABLE): two people who change different ones do not undo each other."""
    point = _managed_point(point, by=by)
    if not set(changes) <= CHANGEABLE:
        raise PermissionDenied
    for field, value in changes.items():
        setattr(point, field, value)
    point.save(update_fields=list(changes))
    _record("service_point.changed", point.municipality_id, by=by, point=point.pk, fields=sorted(changes))
    return point


@transaction.atomic
def add_opening_hours(
    point: ServicePoint,
    *,
    weekday: int,
    opens_at: time,
    closes_at: time,
    kind: str,
    languages: Sequence[str],
    valid_from: date,
    valid_to: date | None,
    by: Viewer,
) -> OpeningHours:
    """From a day to a day the place is open on that weekday (1 = Monday). Raises NotAllowed."""
    point = _managed_point(point, by=by)
    when = {"weekday": weekday, "opens_at": opens_at, "closes_at": closes_at}
    days = {"valid_from": valid_from, "valid_to": valid_to}
    rules.check_hours(point, **when, **days)  # type: ignore[arg-type]
    hours = OpeningHours.objects.create(service_point=point, kind=kind, languages=list(languages), **when, **days)
    _record("opening_hours.added", point.municipality_id, by=by, point=point.pk, hours=hours.pk)
    return hours


@transaction.atomic
def end_opening_hours(hours: OpeningHours, *, on: date, by: Viewer) -> None:
    """The place is open at this time for the last time on that day; hours that have not begun by then go away."""
    point = _managed_point(hours.service_point, by=by)
    hours = OpeningHours.objects.select_for_update().get(pk=hours.pk)
    _record("opening_hours.ended", point.municipality_id, by=by, point=point.pk, hours=hours.pk, on=on.isoformat())
    if on < hours.valid_from:
        hours.delete()
        return
    hours.valid_to = on
    hours.save(update_fields=["valid_to"])


@transaction.atomic
def give_mandate(
    *,
    controller: Municipality,
    organisation: Organisation,
    valid_from: date,
    valid_to: date | None,
    basis: str,
    by: Viewer,
) -> Mandate:
    """From a day to a day the municipality lets the organisation serve its clients. Raises NotAllowed."""
    access.require(by)
    if controller.pk not in by.controller_codes:
        raise PermissionDenied
    if not access.visible_organisations(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    Municipality.objects.select_for_update().get(pk=controller.pk)  # two mandates at once: one after the other
    rules.check_ends_after_it_begins(valid_from, valid_to)
    rules.check_no_other_mandate(controller, organisation, valid_from=valid_from, valid_to=valid_to)
    mandate = Mandate.objects.create(
        controller=controller, organisation=organisation, valid_from=valid_from, valid_to=valid_to, basis=basis
    )
    _record("mandate.given", controller.pk, by=by, mandate=mandate.pk, organisation=organisation.pk)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, on: date, by: Viewer) -> Mandate:
    """`on` is the last day on which the organisation sees the municipality's clients. Raises NotAllowed."""
    access.require(by)
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if mandate.controller_id not in by.controller_codes:
        raise PermissionDenied
    rules.check_open_ended(mandate, on=timezone.localdate())
    rules.check_ends_after_it_begins(mandate.valid_from, on)
    mandate.valid_to = on
    mandate.save(update_fields=["valid_to"])
    _record("mandate.ended", mandate.controller_id, by=by, mandate=mandate.pk, on=on.isoformat())
    return mandate


@transaction.atomic
def set_up_organisation(
    *, slug: str, name: str, kind: str, home: str, mandates: Sequence[str], valid_from: date, basis: str
) -> Organisation:
    """Make an organisation with open-ended mandates, from the command line, where nobody is signed in.

    `home` and `mandates` are municipality codes. An organisation of that slug keeps what it has. Raises NotAllowed.
    """
    codes = {home, *mandates}
    known = {each.pk: each for each in Municipality.objects.filter(pk__in=codes)}
    for code in sorted(codes - set(known)):
        raise NotAllowed(_("There is no municipality with the code %(code)s.") % {"code": code})
    fields = {"name": name, "kind": kind, "home": known[home]}
    organisation, _is_new = Organisation.objects.get_or_create(slug=slug, defaults=fields)
    for code in mandates:
        rules.check_no_other_mandate(known[code], organisation, valid_from=valid_from, valid_to=None)
        mandate = Mandate.objects.create(
            controller=known[code], organisation=organisation, valid_from=valid_from, basis=basis
        )
        with row_security.context(controllers=[code]):
            details = {"mandate": mandate.pk, "organisation": organisation.pk}
            audit.record("mandate.given", by=None, controllers=[code], details=details)
    return organisation


def _managed_point(point: ServicePoint, *, by: Viewer) -> ServicePoint:
    """The place's row, locked, when `by` manages it."""
    access.require(by)
    point = ServicePoint.objects.select_for_update().get(pk=point.pk)
    if point.municipality_id not in by.controller_codes:
        raise PermissionDenied
    return point


def _record(action: str, controller: str, *, by: Viewer, **details: object) -> None:
    audit.record(action, by=by, controllers=[controller], details=details)
