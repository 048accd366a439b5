"""A form that a worker sends to a known client, and how far it has come."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class Invitation(models.Model):
    """A link to a form for one client: until a day, by a code of which only the hash is kept (`holder`).

    `targets` are the words of `kotisatama::prefill` that may be filled in from the register; the values are read when
    the client begins, and never stand here. The draft that is begun belongs to the same `holder`.
    """

    class Way(models.TextChoices):
        PAPER = "paper", _("On paper")
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        OPENED = "opened", _("Opened")
        BEGUN = "begun", _("Begun")
        ARRIVED = "arrived", _("Arrived")
        EXPIRED = "expired", _("Expired")
        ENDED = "ended", _("Ended")
        CLOSED = "closed", _("Closed: the year of birth was wrong too often")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    form = models.ForeignKey("forms.Form", models.PROTECT, related_name="+", db_index=False)
    holder = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    way = models.CharField(max_length=10, choices=Way.choices)
    targets = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0, help_text="how often the second question was answered wrongly")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="when it was answered wrongly too often")
    begun_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    submission = models.OneToOneField("forms.Submission", models.CASCADE, null=True, blank=True, related_name="+")
    arrived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(name="invitation_ends_after_it_begins", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="invitation_that_has_a_form_has_arrived",
                condition=Q(submission__isnull=True) | Q(arrived_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def state(self) -> State:
        """How far it has come; what has arrived or ended stays so."""
        ends = (
            (self.arrived_at, self.State.ARRIVED),
            (self.withdrawn_at, self.State.ENDED),
            (self.closed_at, self.State.CLOSED),
            (self.expires_at <= timezone.now(), self.State.EXPIRED),
            (self.begun_at, self.State.BEGUN),
            (self.opened_at, self.State.OPENED),
        )
        return next((state for holds, state in ends if holds), self.State.SENT)

    @property
    def is_open(self) -> bool:
        """Whether the link still leads somewhere."""
        return self.state in (self.State.SENT, self.State.OPENED, self.State.BEGUN)
