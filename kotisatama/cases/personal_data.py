"""What this app holds of persons."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.cases.models import Case, Overlap, Step, Transfer
from kotisatama.privacy import registry
from kotisatama.privacy.registry import Ground, Holding, Kind


def declare() -> None:
    """Cases go with their person; an open one keeps the person."""
    registry.declare(
        *_history(),
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
                "team": Kind.WORKER,
                "further_reasons": Kind.CIRCUMSTANCES,
                "plan_kept_in": Kind.CIRCUMSTANCES,
                "closing_reason": Kind.CIRCUMSTANCES,
                "last_contact_on": Kind.CIRCUMSTANCES,
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
        ),
    )


def _history() -> tuple[Holding, ...]:
    """What happened to a case goes with it; workers' names are nobody's extract."""
    own = {"id": Kind.TECHNICAL, "controller": Kind.TECHNICAL, "case": Kind.LINK}
    step = ("by", "worker", "team", "previous_worker", "previous_team")
    return (
        Holding(
            model=Step,
            label=_("History of a case"),
            ground=Ground.LEGAL_DUTY,
            retention="client",
            fields=own
            | dict.fromkeys(step, Kind.WORKER)
            | dict.fromkeys(("at", "batch", "kind"), Kind.TECHNICAL)
            | {"details": Kind.CIRCUMSTANCES},
            goes_with=("case",),
            is_shown=False,
        ),
        Holding(
            model=Transfer,
            label=_("Transfers of cases"),
            ground=Ground.PUBLIC_TASK,
            retention="client",
            fields=own
            | dict.fromkeys(("proposed_by", "answered_by", "to_worker", "to_team"), Kind.WORKER)
            | dict.fromkeys(("proposed_at", "answered_at", "state", "why", "refusal"), Kind.TECHNICAL),
            goes_with=("case",),
            is_shown=False,
        ),
        Holding(
            model=Overlap,
            label=_("Days in which a previous worker finishes notes"),
            ground=Ground.PUBLIC_TASK,
            retention="client",
            fields=own | {"until": Kind.TECHNICAL, "worker": Kind.WORKER},
            goes_with=("case",),
            is_shown=False,
        ),
    )
