"""Reading cases: one case, its history, and the lists that workers work from."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.cases import access, steps
from kotisatama.cases.models import Case, ClosingReason, Outcome, Overlap, PlanPlace, Reason, Step, Transfer
from kotisatama.cases.worklists import Line, List, counts, due, lines, own_counts
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker

__all__ = [
    "Line",
    "List",
    "counts",
    "due",
    "history",
    "lines",
    "of_batch",
    "of_person",
    "open_case_of",
    "opened",
    "overlap_days",
    "overlap_of",
    "own_counts",
    "transfers",
    "transfers_waiting",
    "waiting_transfer",
]


def open_case_of(person: Person) -> Case | None:
    """The client's open case in the client's controller, if there is one in this transaction's context."""
    cases = Case.objects.filter(person=person, controller_id=person.controller_id, closed_on__isnull=True)
    return cases.select_related("worker__organisation", "team").first()


def of_person(viewer: Worker, person: Person) -> list[Case]:
    """The client's cases that the viewer sees, the latest first."""
    return list(access.visible_cases(viewer).filter(person=person).select_related("worker").order_by("-opened_on"))


def opened(viewer: Worker) -> QuerySet[Case]:
    """The cases that the viewer may open, with what the page of one shows."""
    return access.readable_cases(viewer).select_related("person", "worker__organisation", "team")


def waiting_transfer(case: Case) -> Transfer | None:
    """The transfer of the case that waits for its answer."""
    found = Transfer.objects.filter(case=case, state=Transfer.State.PROPOSED)
    return found.select_related(
        "to_worker__organisation", "to_team__organisation", "proposed_by", "case__worker"
    ).first()


def transfers_waiting(viewer: Worker) -> int:
    """How many transfers wait for the viewer's answer."""
    return access.waiting_for(viewer).count()


def transfers(viewer: Worker) -> QuerySet[Transfer]:
    """Transfers of the cases that exist for the viewer."""
    return Transfer.objects.filter(case__in=access.visible_cases(viewer).values("pk")).select_related("case")


def overlap_days() -> int:
    """How many days after a transfer the worker before can finish the notes. One query."""
    return steps.overlap_days(timezone.localdate())


def overlap_of(case: Case) -> list[Overlap]:
    """Previous workers who can still finish their notes."""
    found = Overlap.objects.filter(case=case, until__gte=timezone.localdate())
    return list(found.select_related("worker").order_by("until"))


@dataclass(frozen=True)
class Event:
    """A line of a case's history: what happened, in words, and by whom (empty when the line tells of old times)."""

    at: date
    title: str
    text: str
    by: str


def history(case: Case) -> list[Event]:
    """What happened to the case, the latest first. One query."""
    found = list(case.steps.select_related("by", "worker", "team", "previous_worker"))
    events = [
        Event(timezone.localdate(step.at), str(step.get_kind_display()), _told(step), step.by.name) for step in found
    ]
    kinds = {step.kind for step in found}
    # A case from before its history was kept tells its dates only.
    if case.closed_on and Step.Kind.CLOSED not in kinds:
        events.append(Event(case.closed_on, _("Closed"), str(case.get_outcome_display()), ""))
    if Step.Kind.OPENED not in kinds:
        events.append(Event(case.opened_on, _("Opened"), str(case.get_reason_display()), ""))
    return events


def _told(step: Step) -> str:
    """What the step's row says, in words."""
    if step.kind == Step.Kind.CHANGED:
        return " · ".join(_before(name, value) for name, value in step.details["before_codes"].items())
    receiver = " · ".join(each.name for each in (step.worker, step.team) if each)
    way = f"{step.previous_worker.name} → {receiver}" if step.previous_worker and receiver else receiver
    is_own = step.kind == Step.Kind.OPENED
    return " · ".join(part for part in ("" if is_own else way, *_codes(step)) if part)


def _codes(step: Step) -> list[str]:
    words = {
        "reason": Reason.choices,
        "outcome": Outcome.choices,
        "closing_reason": ClosingReason.choices,
        "why": Transfer.Why.choices,
        "refusal": Transfer.Refusal.choices,
    }
    return [str(dict(words[name]).get(code, code)) for name, code in step.details.items() if name in words and code]


def _before(name: str, value: str | list[str]) -> str:
    """`Reason: Housing` as it was before the change."""
    known = dict(PlanPlace.choices if name == "plan_kept_in" else Reason.choices)
    codes = value if isinstance(value, list) else [value]
    said = ", ".join(str(known.get(code, code)) for code in codes if code) or "–"
    label = str(Case._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return _("%(field)s was: %(value)s") % {"field": label, "value": said}


@dataclass(frozen=True)
class Given:
    """A line of a receipt: which case went to whom, and whether it went back."""

    step: Step
    went_back: bool


def of_batch(viewer: Worker, batch: uuid.UUID) -> list[Given]:
    """What a bulk assignment of the viewer's own did, by the clients' names. One query."""
    visible = access.visible_cases(viewer).values("pk")
    rows = Step.objects.filter(batch=batch, by=viewer, case__in=visible).order_by("case__person__sort_key")
    found = list(rows.select_related("case__person", "worker", "previous_worker"))
    back = {step.case_id for step in found if step.kind == Step.Kind.ASSIGNED_BACK}
    return [Given(step, step.case_id in back) for step in found if step.kind == Step.Kind.ASSIGNED]


def of_shared_person(person: Person) -> list[Case]:
    """The cases of a client whom another municipality shares, within row_security.also_reading."""
    return list(Case.objects.filter(person=person, controller_id=person.controller_id).order_by("-opened_on"))
