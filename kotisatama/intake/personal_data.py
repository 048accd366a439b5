"""What this app holds of persons."""

from django.utils.translation import gettext_lazy as _

from kotisatama.intake.models import Item
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Ground, Holding, Kind


def declare() -> None:
    """A line of the inbox goes with its submission; the submission goes when the line's person goes."""
    told = ("municipality", "service_language", "topics", "is_urgent", "received_at")
    states = ("id", "controller", "state", "claimed_at", "answered_at", "done_at", "version")
    registry.declare(
        Holding(
            model=Item,
            label=_("Lines of the inbox"),
            ground=Ground.PUBLIC_TASK,
            retention="submission",
            fields=dict.fromkeys(told, Kind.CIRCUMSTANCES)
            | dict.fromkeys(states, Kind.TECHNICAL)
            | dict.fromkeys(("submission", "person", "contact", "case"), Kind.LINK)
            | {"claimed_by": Kind.WORKER},
            person="person",
            goes_with=("submission",),
            draws=("submission",),
            cuts=("case",),
            activity=("received_at",),
            is_shown=False,
        )
    )
