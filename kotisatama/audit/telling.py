"""Telling each witness the roots that it has not been told yet; one that fails is asked again a minute later."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kotisatama.audit import witnesses
from kotisatama.audit.models import Batch, Delivery

logger = logging.getLogger(__name__)

AT_ONCE = 500
WAIT_AFTER_FAILURE = timedelta(minutes=1)


def tell(told: Iterable[witnesses.Witness]) -> None:
    """Tell these witnesses what is new; failures are noted and logged, never raised."""
    for witness in told:
        while _tell(witness, now=timezone.now()):
            pass


@transaction.atomic
def _tell(witness: witnesses.Witness, *, now: datetime) -> bool:
    """Tell one portion of roots; whether there may be more at once."""
    Delivery.objects.get_or_create(witness=witness.name)
    state = Delivery.objects.select_for_update(skip_locked=True).filter(witness=witness.name).first()
    if state is None or not _is_due(state, witness, now):
        return False
    batches = list(Batch.objects.filter(number__gt=state.delivered_to).order_by("number")[:AT_ONCE])
    if not batches:
        return False
    try:
        witness.tell([witnesses.root(batch) for batch in batches])
    except witnesses.NotTold as reason:
        logger.error("The audit witness %s was not told: %s", witness.name, reason)
        state.failed_at, state.error = now, str(reason)[:80]
    else:
        state.delivered_to, state.delivered_at = batches[-1].number, now
        state.failed_at, state.error = None, ""
    state.save()
    return state.failed_at is None and len(batches) == AT_ONCE


def _is_due(state: Delivery, witness: witnesses.Witness, now: datetime) -> bool:
    if state.failed_at and now - state.failed_at < WAIT_AFTER_FAILURE:
        return False
    return state.delivered_at is None or now - state.delivered_at >= witness.every
