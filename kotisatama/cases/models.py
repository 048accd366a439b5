"""A period of guidance."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class Case(models.Model):
    """A period of guidance for one person in one controller.

    A person may have many closed cases, and at most one open case in a controller.
    """

    class Reason(models.TextChoices):
        GUIDANCE = "guidance", _("Guidance and counselling")
        ASSESSMENT = "assessment", _("Assessment of skills and service needs")
        FAMILY = "family", _("Situation of the family")
        HOUSING = "housing", _("Housing")
        WORK = "work", _("Work or study")

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("Settled")
        MOVED_ON = "moved_on", _("Continues in another service")
        MOVED_AWAY = "moved_away", _("Moved away")
        NO_CONTACT = "no_contact", _("No contact any more")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="cases")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases")
    reason = models.CharField(max_length=20, choices=Reason.choices, default=Reason.GUIDANCE)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
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
        ]

    def __str__(self) -> str:
        return str(self.pk)
