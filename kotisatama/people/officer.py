"""What the data protection officer may ask of the register without seeing it: which rows, never who they are."""

import uuid
from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from kotisatama.people import identity_codes, names, tokens
from kotisatama.people.models import Identifier, LooksSetting, SearchToken, UnusualLook
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
