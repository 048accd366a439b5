"""What this app holds of persons."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.cases.models import Case
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Ground, Holding, Kind


def declare() -> None:
    """Cases go with their person; an open one keeps the person."""
    registry.declare(
        Holding(
            model=Case,
            label=_("Cases"),
            ground=Ground.PUBLIC_TASK,
            retention="client",
            fields={
                "id": Kind.TECHNICAL,
                "controller": Kind.TECHNICAL,
                "person": Kind.LINK,
                "worker": Kind.WORKER,
                "reason": Kind.CIRCUMSTANCES,
                "outcome": Kind.CIRCUMSTANCES,
                "opened_on": Kind.CIRCUMSTANCES,
                "closed_on": Kind.CIRCUMSTANCES,
                "version": Kind.TECHNICAL,
            },
            person="person",
            activity=("opened_on", "closed_on"),
            is_open=Q(closed_on__isnull=True),
            labels={
                "reason": _("Reason"),
                "outcome": _("Outcome"),
                "opened_on": _("Opened"),
                "closed_on": _("Closed"),
            },
        )
    )
