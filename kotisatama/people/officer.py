"""What the data protection officer may ask of the register without seeing it: which rows, never who they are."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from kotisatama.people import identity_codes, names, tokens
from kotisatama.people.models import Identifier, LooksSetting, Person, Residence, SearchToken, UnusualLook
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Permission


def person_ids_of(viewer: Worker, text: str) -> list[uuid.UUID]:
    """Ids of the clients whom a text names exactly: an id of the register or an identity code. Empty for nobody."""
    staff.require(viewer, Permission.READ_AUDIT)
    text = text.strip()
    if identity_codes.looks_like_one(text):
        index = identity_codes.blind_index(identity_codes.normalised(text))
        codes = Identifier.objects.filter(controller_id__in=viewer.controller_codes, blind_index=index)
        return list(codes.values_list("person_id", flat=True))
    try:
        return [uuid.UUID(text)]
    except ValueError:
        return []


def ids_that_became(person_id: uuid.UUID) -> list[uuid.UUID]:
    """The person's own id, and those of the persons that were merged into it, directly or through others."""
    found, latest = [person_id], [person_id]
    while latest:
        merged = Person.objects.filter(merged_into_id__in=latest).values_list("pk", flat=True)
        latest = [pk for pk in merged if pk not in found]
        found += latest
    return found


def with_surname_of(
    viewers: Mapping[int, str], looked_at: Iterable[tuple[int, uuid.UUID]]
) -> set[tuple[int, uuid.UUID]]:
    """Those of (worker, client) in which the client bears the worker's surname; `viewers` are names by worker."""
    pairs = set(looked_at)
    surnames = {worker: found[-1].skeleton for worker, name in viewers.items() if (found := names.pieces(name))}
    rows = SearchToken.objects.filter(
        kind=tokens.NAME, token__in=set(surnames.values()), person_id__in={person for _worker, person in pairs}
    )
    bearers = set(rows.values_list("person_id", "token"))
    return {(worker, person) for worker, person in pairs if (person, surnames.get(worker)) in bearers}


def with_address_of_namesake(
    viewers: Mapping[int, str], looked_at: Iterable[tuple[int, uuid.UUID]]
) -> set[tuple[int, uuid.UUID]]:
    """Those of (worker, client) in which the client shares a present address with another client of that surname."""
    pairs = set(looked_at)
    homes = _homes(person_id__in={person for _worker, person in pairs})
    streets = {street for street, _code in homes.values()}
    others = _homes(street_address__in=streets)
    namesakes = with_surname_of(viewers, ((worker, other) for worker in viewers for other in others))
    taken = {(worker, others[other], other) for worker, other in namesakes}
    return {
        (worker, person)
        for worker, person in pairs
        if any(who == worker and home == homes.get(person) and other != person for who, home, other in taken)
    }


def _homes(**wanted: Any) -> dict[uuid.UUID, tuple[str, str]]:
    """Street and postal code of those who live somewhere today; what a non-disclosure hides is not there."""
    rows = Residence.objects.filter(valid_to__isnull=True, **wanted).exclude(street_address="")
    return {
        person: (street, code)
        for person, street, code in rows.values_list("person_id", "street_address", "postal_code")
    }


def unusual_looks(viewer: Worker, *, state: str = "") -> QuerySet[UnusualLook]:
    """Unusual looks of the viewer's controllers, the latest day first."""
    if not staff.allows(viewer, Permission.READ_AUDIT):
        return UnusualLook.objects.none()
    found = UnusualLook.objects.filter(controller_id__in=viewer.controller_codes)
    if state:
        found = found.filter(state=state)
    return found.select_related("worker__organisation", "controller").order_by("-day", "worker_id", "id")


def open_unusual_looks(viewer: Worker) -> int:
    """How many wait for the officer."""
    return unusual_looks(viewer, state=UnusualLook.State.OPEN).count()


def controllers_that_show_names(codes: Collection[str]) -> set[str]:
    """Those of the controllers whose clients see workers' names."""
    return set(
        LooksSetting.objects.filter(controller_id__in=codes, shows_worker_name=True).values_list(
            "controller_id", flat=True
        )
    )
