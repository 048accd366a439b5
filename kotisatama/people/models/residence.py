"""Where a person lives, with dates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models import periods
from kotisatama.people.models.person import Person


class Residence(models.Model):
    """A municipality and an address from a day to a day (both inclusive; no beginning: it is not known since when).

    `registered` is the municipality of residence (kotikunta, 201/1994), `actual` where the person really lives. Two of
    one kind never hold on one day. `Person.municipality`, which figures and access use, is kept by `actions` as that of
    the latest residence begun, the registered before the actual one: the register's answer costs no join, and a person
    of whom no residence was ever recorded still has one.
    """

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("Municipality of residence")
        ACTUAL = "actual", _("Lives in fact")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="residences")
    kind = models.CharField(_("Kind of residence"), max_length=10, choices=Kind.choices)
    municipality = models.CharField(_("Municipality"), max_length=7)
    street_address = models.CharField(_("Street address"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=10, blank=True)
    post_office = models.CharField(_("Post office"), max_length=60, blank=True)
    valid_from = models.DateField(_("From"), null=True, blank=True)
    valid_to = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="residence_by_controller", fields=["controller", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                name="residence_municipality_is_a_code_or_a_reason",
                condition=Q(municipality__regex=r"^([0-9]{3}|unknown|abroad|secret)$"),
            ),
            models.CheckConstraint(
                name="residence_that_is_secret_has_no_address",
                condition=~Q(municipality="secret") | Q(street_address="", postal_code="", post_office=""),
            ),
            models.CheckConstraint(
                name="residence_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="residence_registered_once_a_day",
                expressions=periods.of_person(),
                condition=Q(kind="registered"),
            ),
            ExclusionConstraint(
                name="residence_actual_once_a_day",
                expressions=periods.of_person(),
                condition=Q(kind="actual"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.valid_from}–{self.valid_to}"
