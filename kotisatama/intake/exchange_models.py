"""What is asked because of a submission: of the person (a correction), and of an expert who is not told whose it is."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kotisatama.kernel import identifiers


class Correction(models.Model):
    """Some questions of a submission asked again: until a day, by a secret of which only the hash is kept (`holder`).

    `questions` are rows of {"name", "sentence"}; `answers` holds what the person gave, by question. What was sent first
    stays in the submission as it was.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("intake.Item", models.CASCADE, related_name="corrections")
    holder = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    questions = models.JSONField()
    answers = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(name="correction_ends_after_it_begins", condition=Q(expires_at__gt=F("asked_at"))),
            models.CheckConstraint(
                name="correction_answered_or_withdrawn",
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ExpertQuestion(models.Model):
    """A question to one expert about a submission, who reads the answers without whatever says who gave them."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("intake.Item", models.CASCADE, related_name="expert_questions")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    question = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    reply = models.TextField(max_length=5000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="expert_question_replied_has_a_time",
                condition=Q(reply="") | Q(replied_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
