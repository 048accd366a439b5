"""Data that is kept and not used for a while."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Restriction(models.Model):
    """From a day to a day a client's data is read only (General Data Protection Regulation, article 18)."""

    class Reason(models.TextChoices):
        ACCURACY = "accuracy", _("The person says that the data is wrong; it is being checked")
        UNLAWFUL = "unlawful", _("The data was held without a ground, and the person wants it kept")
        CLAIM = "claim", _("The person needs the data for a legal claim")
        OBJECTION = "objection", _("The person has objected; it is being considered")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="restrictions")
    reason = models.CharField(_("Reason"), max_length=10, choices=Reason.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(_("Until"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="restriction_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.valid_from}"


class Rectification(models.Model):
    """A client asked to have data put right: what, when, and what was decided (article 16)."""

    class Decision(models.TextChoices):
        OPEN = "", _("Not decided yet")
        DONE = "done", _("Put right")
        PARTLY = "partly", _("Put right in part")
        REFUSED = "refused", _("Refused")

    class Refusal(models.TextChoices):
        RIGHT = "right", _("The data is right")
        OWN_VIEW = "own_view", _("It is a worker's assessment; the person's own view was added to it")
        NOT_OURS = "not_ours", _("Another authority keeps the data; the person was told which")
        UNFOUNDED = "unfounded", _("The request is manifestly unfounded or excessive")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="rectifications")
    what = models.TextField(_("What should be put right"), max_length=1000)
    asked_on = models.DateField(_("Asked on"))
    answer_by = models.DateField()
    decision = models.CharField(_("Decision"), max_length=10, choices=Decision.choices, blank=True)
    refusal = models.CharField(_("Reason"), max_length=10, choices=Refusal.choices, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rectification_decided_has_a_day",
                condition=Q(decision="", decided_on__isnull=True) | (~Q(decision="") & Q(decided_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="rectification_refused_has_a_reason",
                condition=Q(decision__in=["", "done"], refusal="")
                | (Q(decision__in=["partly", "refused"]) & ~Q(refusal="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
