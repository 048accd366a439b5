"""What one municipality lets another see of a client."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Sharing(models.Model):
    """From a day to a day `controller` lets the workers of `to_controller` read a part of a client's record.

    Always with a basis, a scope and an end; it ends at once when it is withdrawn. Both municipalities see the row.
    """

    class Basis(models.TextChoices):
        CONSENT = "consent", _("The client's consent")
        MOVING = "moving", _("The client moves and the service continues there")
        OFFICIAL_HELP = (
            "official_help",
            _("Official assistance that an authority asks for"),
        )
        LAW = "law", _("The right to information in another act")

    class Scope(models.TextChoices):
        CARD = "card", _("Who the client is and how to reach them")
        CONTACTS = "contacts", _("And the contacts")
        CASE = "case", _("And the cases")
        ALL = "all", _("And the contacts and the cases")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    to_controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="sharings")
    basis = models.CharField(_("Basis"), max_length=20, choices=Basis.choices)
    scope = models.CharField(_("What is shared"), max_length=10, choices=Scope.choices)
    begins_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-begins_on", "id"]
        constraints = [
            models.CheckConstraint(name="sharing_with_another", condition=~Q(controller=F("to_controller"))),
            models.CheckConstraint(name="sharing_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(
                name="sharing_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.controller_id} → {self.to_controller_id} {self.scope}"

    @property
    def scopes(self) -> set[str]:
        """What the other municipality sees besides the card."""
        return {self.Scope.CONTACTS.value, self.Scope.CASE.value} if self.scope == self.Scope.ALL else {self.scope}
