"""Loading the demo region once: everything in one transaction, so that it is there whole or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from kotisatama.config.demo import (
    caseload,
    clients,
    contacts,
    families,
    money,
    packaged,
    people,
    region,
    shares,
    staging,
    submissions,
)
from kotisatama.contacts.models import Contact
from kotisatama.kernel import row_security
from kotisatama.network.models import Mandate, ServicePoint
from kotisatama.staff.models import Worker

_LOCK = 0x6B6F7469  # two commands at once: the second waits, then finds the region there


@dataclass(frozen=True)
class Loaded:
    """How many rows were made; all zero when the region stood already."""

    clients: int = 0
    contacts: int = 0
    cases: int = 0
    submissions: int = 0


def load(seed: int, *, now: datetime | None = None) -> Loaded:
    """Make the demo region, with two years of contacts that end at `now`."""
    now = now or timezone.now()
    with row_security.context(controllers=[*region.SERVED, region.KITEE]):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if region.is_loaded():
            return Loaded()
        today = timezone.localtime(now).date()
        region.build(begins_on=today - timedelta(days=4 * 365))
        drawn, theirs = clients.clients(seed, today=today), clients.neighbours(seed, today=today)
        everybody, homes = families.settled(seed, [*drawn, *theirs], today=today)
        ours = everybody[: len(drawn)]
        people.add(seed, everybody)
        families.add(seed, homes, today=today)
        packaged.publish()
        shares.add(today=today)
        money.add(seed, now=today)
        return Loaded(
            clients=len(ours),
            contacts=_add_contacts(seed, ours, theirs, now),
            cases=caseload.add(seed, ours, now=now),
            submissions=submissions.add(seed, now=now),
        )


def desks() -> dict[str, contacts.Desk]:
    """The desks of the region by the slug of their place."""
    workers: dict[int, list[int]] = {}
    for pk, place in Worker.objects.exclude(service_point=None).order_by("pk").values_list("pk", "service_point_id"):
        workers.setdefault(place or 0, []).append(pk)
    mandates: dict[int, set[str]] = {}
    for organisation, code in Mandate.objects.values_list("organisation_id", "controller_id"):
        mandates.setdefault(organisation, set()).add(code)
    return {
        place.slug: contacts.Desk(
            place=place.pk,
            municipality=place.municipality_id,
            workers=tuple(workers[place.pk]),
            mandates=frozenset(mandates[place.organisation_id]),
            association=place.organisation_id if place.organisation.kind == region.Kind.ASSOCIATION else None,
        )
        for place in ServicePoint.objects.select_related("organisation")
    }


def _add_contacts(seed: int, ours: list[clients.Client], theirs: list[clients.Client], now: datetime) -> int:
    places = desks()

    def rows() -> Iterator[tuple[Any, ...]]:
        yield from contacts.rows(seed, clients=ours, desks=places, now=now)
        yield from contacts.neighbours(seed, clients=theirs, desk=places["kitee"], now=now)

    return staging.fill(Contact, contacts.COLUMNS, rows())
