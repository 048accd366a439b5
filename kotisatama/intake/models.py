"""A submission on its way to becoming help: who has taken it, whose it turned out to be, what became of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.intake.exchange_models import Correction as Correction
from kotisatama.intake.exchange_models import ExpertQuestion as ExpertQuestion
from kotisatama.intake.invitation_models import Invitation as Invitation
from kotisatama.intake.proposal_models import Decision as Decision
from kotisatama.intake.proposal_models import KeptFile as KeptFile
from kotisatama.intake.routing_models import RoutingRule as RoutingRule
from kotisatama.kernel import identifiers


class Item(models.Model):
    """One line of the inbox: what the queue sorts and filters by, and the state of the work on one submission.

    `municipality`, `service_language` and `topics` are the person's answers; topics are codes of `contacts.Topic`.
    `team` or `service_point` is where the rules of routing sent it; `corrected_at` when the person last corrected it.
    """

    class State(models.TextChoices):
        NEW = "new", _("Waiting")
        CLAIMED = "claimed", _("Being handled")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    submission = models.OneToOneField("forms.Submission", models.PROTECT, related_name="item")
    municipality = models.CharField(max_length=7)
    service_language = models.CharField(max_length=10)
    topics = ArrayField(models.CharField(max_length=40))
    is_urgent = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey("contacts.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, blank=True, related_name="+")
    service_point = models.ForeignKey("network.ServicePoint", models.PROTECT, null=True, blank=True, related_name="+")
    corrected_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(name="item_open_by_age", fields=["controller", "received_at"], condition=~Q(state="done")),
            models.Index(name="item_done_by_time", fields=["controller", "-done_at"], condition=Q(state="done")),
        ]
        constraints = [
            models.CheckConstraint(
                name="item_claimed_by_somebody",
                condition=~Q(state="claimed") | Q(claimed_by__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(name="item_done_has_a_time", condition=~Q(state="done") | Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)
