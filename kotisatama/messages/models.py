"""The outbox: what is to be sent, what was sent, what failed and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class Message(models.Model):
    """One message to one address; it waits here until its sending is confirmed. The same `key` is the same message."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, default=identifiers.new_id)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="messages")
    submission = models.ForeignKey("forms.Submission", models.PROTECT, null=True, blank=True, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    template = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    handed_over_at = models.DateTimeField(null=True, blank=True, help_text="set while a gateway holds the message")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(name="message_by_state", fields=["controller", "state", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                name="message_sent_has_a_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(name="message_sms_has_no_subject", condition=~Q(channel="sms") | Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
