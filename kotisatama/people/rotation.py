"""Sealing codes anew with the current key: in batches, each committed; begun again, it goes on where it was."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.network.models import Municipality
from kotisatama.people import identifying, protecting, sealing
from kotisatama.people.models import Identifier

BATCH = 500


@dataclass
class Rotated:
    """How many codes were sealed anew, how many had the current key already, how many no key of the settings opens.

    `protections`: how many seals of non-disclosures, which have a key of their own, were made anew.
    """

    resealed: int = 0
    current: int = 0
    unreadable: int = 0
    protections: int = 0


def rotate(*, batch: int = BATCH) -> Rotated:
    """Seal every code that another key sealed, and renew its blind index. A row says itself which key it has."""
    done = Rotated()
    for controller in Municipality.objects.order_by("pk").values_list("pk", flat=True):
        with row_security.context(controllers=[controller]):
            done.current += Identifier.objects.filter(controller=controller).count() - _others(controller).count()
        for resealed, unreadable in _batches(controller, batch):
            done.resealed += resealed
            done.unreadable += unreadable
        with row_security.context(controllers=[controller]):
            done.protections += _reseal_protections(controller)
    return done


def _others(controller: str) -> QuerySet[Identifier]:
    """Rows of a controller that are not sealed with the current key."""
    prefix = sealing.current_prefix()
    beginning = Substr("sealed", 1, len(prefix), output_field=BinaryField())
    return Identifier.objects.filter(controller=controller).annotate(beginning=beginning).exclude(beginning=prefix)


def _batches(controller: str, size: int) -> Iterator[tuple[int, int]]:
    """Each batch in a transaction of its own: (sealed anew, unreadable)."""
    after = None
    while True:
        with row_security.context(controllers=[controller]):
            rows = _others(controller).order_by("pk").select_for_update()
            found = list((rows.filter(pk__gt=after) if after else rows)[:size])
            if not found:
                return
            resealed = sum(_reseal(row) for row in found)
            if resealed:
                audit.record("identifiers.resealed", by=None, controllers=[controller], details={"count": resealed})
        after = found[-1].pk
        yield resealed, len(found) - resealed


def _reseal_protections(controller: str) -> int:
    number = protecting.reseal_protections()
    if number:
        audit.record("protections.resealed", by=None, controllers=[controller], details={"count": number})
    return number


def _reseal(row: Identifier) -> bool:
    try:
        code = identifying.opened(row)
    except ValueError:
        return False
    row.sealed = sealing.seal(code, row=row.pk, controller=row.controller_id)
    row.blind_index = sealing.blind_index(identifying.index_text(row.kind, code, row.issuing_country))
    row.save(update_fields=["sealed", "blind_index"])
    return True
