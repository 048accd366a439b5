"""What this app holds of persons: workers' initials beside hours of work. No client stands in the ledger."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.funding.models import Claim, Cost, CostFile, Project, Settlement
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Clock, Ground, Holding, Kind

_OF_WORKERS: dict[type[models.Model], dict[str, Kind]] = {
    Cost: {"who": Kind.WORKER, "raw": Kind.FREE_TEXT, "made_by": Kind.WORKER},
    CostFile: {"content": Kind.FREE_TEXT, "added_by": Kind.WORKER},
    Claim: {"sent_by": Kind.WORKER},
    Settlement: {"agreed_by": Kind.WORKER},
    Project: {},
}
_LABELS: dict[type[models.Model], Any] = {
    CostFile: _("Files of the accounting"),
    Cost: _("Costs of projects"),
    Claim: _("Payment claims"),
    Settlement: _("Settlements between municipalities"),
    Project: _("Projects"),
}


def declare() -> None:
    """Initials and the accounting's own line go after the time of accounts; the sums stay."""
    registry.declare(*(_holding(model, label) for model, label in _LABELS.items()))


def _holding(model: type[models.Model], label: Any) -> Holding:
    names = [field.name for field in model._meta.local_concrete_fields]
    return Holding(
        model=model,
        label=label,
        ground=Ground.EMPLOYMENT,
        retention="accounts",
        fields=dict.fromkeys(names, Kind.TECHNICAL) | _OF_WORKERS[model],
        clocks=_CLOCKS.get(model, ()),
        is_shown=False,
    )


def _blot(keys: Sequence[Any]) -> object:
    """Empty what tells of a worker; the database lets no more than that be changed in a claimed row."""
    return Cost.objects.filter(pk__in=keys).update(who="", raw="")


_CLOCKS: dict[type[models.Model], tuple[Clock, ...]] = {
    Cost: (
        Clock(
            retention="accounts",
            since="made_at",
            end=_blot,
            left=~Q(who="") | ~Q(raw=""),
            fields=("who", "raw"),
            name="initials",
        ),
    ),
    CostFile: (Clock(retention="upload", since="added_at", left=Q(state=CostFile.State.WAITING), name="waiting"),),
}
