"""On what ground a person stays in Finland, with dates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models import periods
from kotisatama.people.models.person import GroundOfStay, Person


class PermitType(models.TextChoices):
    """What the person holds in the hand (301/2004): the letter on the card, or why there is none."""

    CONTINUOUS = "A", _("A, continuous")
    TEMPORARY = "B", _("B, temporary")
    PERMANENT = "P", _("P, permanent")
    LONG_TERM_EU = "P-EU", _("P-EU, long-term resident")
    REGISTRATION = "eu", _("Registration of right of residence")
    CARD = "card", _("Residence card of a family member")
    APPLIED = "applied", _("Applied for, not decided")


class GroundPeriod(models.Model):
    """A ground of stay from a day to a day (both inclusive; no beginning: it is not known since when).

    Two never hold on one day. `Person.ground_of_stay` and `Person.ground_ends_on` are kept by `actions` as those of the
    latest period begun, also when it has ended and nobody knows what followed.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="ground_periods")
    ground = models.CharField(_("Ground of stay"), max_length=30, choices=GroundOfStay.choices)
    permit_type = models.CharField(_("Permit"), max_length=10, choices=PermitType.choices, blank=True)
    valid_from = models.DateField(_("From"), null=True, blank=True)
    valid_to = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="ground_by_controller", fields=["controller", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                name="ground_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(name="ground_once_a_day", expressions=periods.of_person()),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.valid_from}–{self.valid_to}"
