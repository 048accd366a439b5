"""A period of guidance, what happened to it, and its way from one worker to another."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class Reason(models.TextChoices):
    """Why somebody is guided."""

    GUIDANCE = "guidance", _("Guidance and counselling")
    ASSESSMENT = "assessment", _("Assessment of skills and service needs")
    FAMILY = "family", _("Situation of the family")
    HOUSING = "housing", _("Housing")
    WORK = "work", _("Work or study")


class Outcome(models.TextChoices):
    """How the guidance ended."""

    SETTLED = "settled", _("Settled")
    MOVED_ON = "moved_on", _("Continues in another service")
    MOVED_AWAY = "moved_away", _("Moved away")
    NO_CONTACT = "no_contact", _("No contact any more")


class ClosingReason(models.TextChoices):
    """Why it ended now; codes only, so that nothing about the person is written down."""

    CLIENTS_WISH = "clients_wish", _("The client wished so")
    TIME_ENDED = "time_ended", _("The time of the service ended")
    TAKEN_OVER = "taken_over", _("Another service took over")
    MISTAKE = "mistake", _("Opened by mistake")


class PlanPlace(models.TextChoices):
    """Where the official plan is kept, so that nobody writes it twice (Koto-AJ is compulsory from 1.1.2027)."""

    HERE = "here", _("Here")
    KOTO_AJ = "koto_aj", "Koto-AJ"
    A_TMT = "a_tmt", "A-TMT"


class Case(models.Model):
    """A period of guidance for one person in one controller.

    A person may have many closed cases, and at most one open case in a controller. A case always has a responsible
    worker, who may have left meanwhile. `last_contact_on` is kept by the app of contacts through `actions`.
    """

    Reason = Reason
    Outcome = Outcome
    ClosingReason = ClosingReason
    PlanPlace = PlanPlace

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="cases")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases", db_index=False)
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason.choices, default=Reason.GUIDANCE)
    further_reasons = ArrayField(models.CharField(max_length=20), verbose_name=_("Other reasons"), default=list)
    plan_kept_in = models.CharField(
        _("The plan is kept in"), max_length=10, choices=PlanPlace.choices, blank=True, default=""
    )
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome.choices, blank=True)
    closing_reason = models.CharField(
        _("Why it is closed"), max_length=20, choices=ClosingReason.choices, blank=True, default=""
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    last_contact_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                name="case_open_by_worker", fields=["worker", "last_contact_on"], condition=Q(closed_on__isnull=True)
            ),
            models.Index(
                name="case_open_by_team", fields=["team", "last_contact_on"], condition=Q(closed_on__isnull=True)
            ),
            models.Index(
                name="case_closed_by_worker", fields=["worker", "closed_on"], condition=Q(closed_on__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="case_one_open_per_person_and_controller",
                fields=["person", "controller"],
                condition=Q(closed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="case_closes_after_it_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="case_closed_has_an_outcome",
                condition=Q(closed_on__isnull=True, outcome="") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="case_open_has_no_closing_reason",
                condition=Q(closed_on__isnull=False) | Q(closing_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def further_reason_names(self) -> list[str]:
        """The other reasons in words."""
        known = dict(Reason.choices)
        return [str(known.get(code, code)) for code in self.further_reasons]


class Step(models.Model):
    """One thing that happened to a case: its history, which is only ever added to.

    `worker` and `team` are those who have the case after the step (or are asked to take it), `previous_worker` and
    `previous_team` those before it. `details` carries codes. Steps of one bulk assignment share their `batch`.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        CHANGED = "changed", _("Changed")
        ASSIGNED = "assigned", _("Assigned")
        ASSIGNED_BACK = "assigned_back", _("Assigned back")
        PROPOSED = "transfer_proposed", _("Transfer proposed")
        ACCEPTED = "transfer_accepted", _("Transfer accepted")
        REJECTED = "transfer_rejected", _("Transfer rejected")
        WITHDRAWN = "transfer_withdrawn", _("Transfer withdrawn")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Opened again")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    previous_worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    previous_team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    details = models.JSONField(default=dict)
    batch = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(name="case_step_by_batch", fields=["batch"], condition=Q(batch__isnull=False))]
        constraints = [
            models.UniqueConstraint(
                name="case_step_once_per_batch", fields=["case", "kind", "batch"], condition=Q(batch__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class Transfer(models.Model):
    """A case offered to a worker or a team, of the same house or another with a mandate of the same controller."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Why(models.TextChoices):
        MOVED = "moved", _("The client moved to another municipality")
        SERVICE = "service", _("The need belongs to the other service")
        LANGUAGE = "language", _("The other worker speaks the client's language")
        LOAD = "load", _("To share the load")
        ABSENCE = "absence", _("The worker will be away")

    class Refusal(models.TextChoices):
        FULL = "full", _("No room now")
        NOT_OURS = "not_ours", _("Does not belong to us")
        WRONG_WORKER = "wrong_worker", _("Better for another worker")
        UNCLEAR = "unclear", _("Let us talk about it first")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="transfers")
    to_worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    to_team = models.ForeignKey("staff.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    why = models.CharField(max_length=20, choices=Why.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    refusal = models.CharField(max_length=20, choices=Refusal.choices, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        indexes = [
            models.Index(name="transfer_waits_for_worker", fields=["to_worker"], condition=Q(state="proposed")),
            models.Index(name="transfer_waits_for_team", fields=["to_team"], condition=Q(state="proposed")),
        ]
        constraints = [
            models.UniqueConstraint(name="transfer_one_waits_per_case", fields=["case"], condition=Q(state="proposed")),
            models.CheckConstraint(
                name="transfer_to_a_worker_or_a_team",
                condition=Q(to_worker__isnull=False, to_team__isnull=True)
                | Q(to_worker__isnull=True, to_team__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_rejected_says_why",
                condition=(Q(state="rejected") & ~Q(refusal="")) | (~Q(state="rejected") & Q(refusal="")),
            ),
            models.CheckConstraint(
                name="transfer_answered_has_a_time",
                condition=Q(state="proposed", answered_at__isnull=True)
                | (~Q(state="proposed") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.case_id}"

    @property
    def receiver(self) -> str:
        """The worker or the team that is asked."""
        return self.to_worker.name if self.to_worker else self.to_team.name if self.to_team else ""


class Overlap(models.Model):
    """Until its last day, inclusive, a previous worker still has the case: time to finish the notes."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="overlaps")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    until = models.DateField()

    class Meta:
        indexes = [models.Index(name="overlap_by_worker", fields=["worker", "until"])]
        constraints = [models.UniqueConstraint(name="overlap_once_per_case_and_worker", fields=["case", "worker"])]

    def __str__(self) -> str:
        return f"{self.case_id} until {self.until}"
