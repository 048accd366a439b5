"""Sharings as the lists show them."""

from dataclasses import dataclass

from django.utils import timezone

from kotisatama.kernel import row_security
from kotisatama.people import sharing_access
from kotisatama.people.models import Sharing
from kotisatama.staff.models import Worker

SHOWN = 200


@dataclass(frozen=True)
class Ours:
    """A sharing of ours; when `runs` it can be withdrawn, `may_withdraw` says whether by the viewer."""

    sharing: Sharing
    runs: bool
    may_withdraw: bool


@dataclass(frozen=True)
class Lists:
    """Whom others share with us, and whom we share."""

    with_us: list[Sharing]
    ours: list[Ours]


def lists(viewer: Worker) -> Lists:
    """Both lists; names of clients of other municipalities are read as far as they are shared. A few queries."""
    ids = list(sharing_access.shared_with_us(viewer).values_list("person_id", flat=True)[:SHOWN])
    with row_security.also_reading(ids, parts=["people"]):
        with_us = list(sharing_access.shared_with_us(viewer).select_related("person", "controller")[:SHOWN])
    today = timezone.localdate()
    ours = sharing_access.we_share(viewer).select_related("person", "to_controller", "made_by")[:SHOWN]
    return Lists(
        with_us,
        [
            Ours(each, runs, runs and sharing_access.can_withdraw(viewer, each))
            for each in ours
            for runs in [each.withdrawn_at is None and each.ends_on >= today]
        ],
    )
