"""Openings of a record by a worker who has no relation to the client."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Opening(models.Model):
    """A worker opened a client's record for a reason until a moment; a lead says by a day whether it was right.

    The row is never removed by the application: whether the worker may open another follows from the rows.
    """

    class Reason(models.TextChoices):
        PERSON_IS_HERE = "person_is_here", _("The person is here now")
        PERSON_CALLED = "person_called", _("The person telephoned or wrote")
        COLLEAGUE_AWAY = "colleague_away", _("The responsible colleague is away")
        FAMILY = "family", _("I serve a member of the family")
        AUTHORITY = "authority", _("An authority asks and has the right to know")
        EMERGENCY = "emergency", _("Somebody is in danger")
        MISTAKE = "mistake", _("I suspect a mistake or a double in the register")

    class Verdict(models.TextChoices):
        RIGHT = "right", _("It was right")
        NOT_NEEDED = "not_needed", _("It was wrong: the work did not need it")
        OTHER_WAY = "other_way", _("It was wrong: the colleague should have been asked")
        PRIVATE = "private", _("It was wrong: it had nothing to do with work")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="openings")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason.choices)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    review_by = models.DateField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(_("Verdict"), max_length=20, choices=Verdict.choices, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(name="opening_of_worker", fields=["worker", "person", "until"]),
            models.Index(name="opening_to_review", fields=["controller", "review_by"], condition=Q(verdict="")),
        ]
        constraints = [
            models.CheckConstraint(name="opening_ends_after_it_begins", condition=Q(until__gt=F("opened_at"))),
            models.CheckConstraint(
                name="opening_reviewed_by_somebody",
                condition=Q(verdict="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(verdict="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
            ),
            models.CheckConstraint(name="opening_not_reviewed_by_its_worker", condition=~Q(reviewed_by=F("worker"))),
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d %H:%M} {self.reason}"
