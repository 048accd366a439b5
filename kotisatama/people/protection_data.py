"""A non-disclosure as personal data: it goes with its person, and no extract opens its seals."""

from django.utils.translation import gettext_lazy as _

from kotisatama.people.models import ConcealedPart, Protection
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Ground, Holding, Kind

CLIENT = "client"


def declare() -> None:
    """What was hidden hangs on the non-disclosure, that on the person."""
    registry.declare(
        Holding(
            model=ConcealedPart,
            label=_("What a non-disclosure hides of other tables"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=dict.fromkeys(("id", "controller", "source"), Kind.TECHNICAL)
            | dict.fromkeys(("protection", "row"), Kind.LINK)
            | {"sealed": Kind.FREE_TEXT},
            goes_with=("protection",),
            is_shown=False,
        ),
        Holding(
            model=Protection,
            label=_("Non-disclosures"),
            ground=Ground.PUBLIC_TASK,
            retention=CLIENT,
            fields=dict.fromkeys(("id", "controller", "version", "set_at"), Kind.TECHNICAL)
            | dict.fromkeys(("person", "extends"), Kind.LINK)
            | dict.fromkeys(("begins_on", "ends_on", "ended_at", "decided_by"), Kind.CIRCUMSTANCES)
            | dict.fromkeys(("set_by", "ended_by"), Kind.WORKER)
            | {"sealed": Kind.IDENTITY},
            person="person",
            cuts=("extends",),
            is_shown=False,
        ),
    )
