"""Which team or place gets what arrives."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RoutingRule(models.Model):
    """A rule of an organisation: what fits every condition that is set goes there. The first rule that fits decides.

    An empty condition fits everything. `position` counts from 1 within the organisation, without gaps.
    """

    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    form = models.ForeignKey(
        "forms.Form", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Form")
    )
    municipality = models.CharField(_("Municipality"), max_length=7, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    topic = models.CharField(_("Topic"), max_length=40, blank=True)
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, blank=True, related_name="+")
    service_point = models.ForeignKey("network.ServicePoint", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["organisation", "position"]
        constraints = [
            models.UniqueConstraint(
                name="routing_rule_one_at_a_place",
                fields=["organisation", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="routing_rule_leads_to_one_place",
                condition=Q(team__isnull=True, service_point__isnull=False)
                | Q(team__isnull=False, service_point__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.position}"
