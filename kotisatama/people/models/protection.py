"""Non-disclosure for personal safety (turvakielto), and what it hides: sealed under a key of its own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Protection(models.Model):
    """A non-disclosure of one person (661/2009, 36 §): while it runs, no table says where the person lives or is met.

    `sealed` holds municipality, channels, addresses and places (people.protection_seal). It runs until somebody ends
    it: a last day that passes opens nothing by itself. One that `extends` another covers who lives with its person.
    """

    class Authority(models.TextChoices):
        DVV = "dvv", _("Digital and Population Data Services Agency")
        ABROAD = "abroad", _("Authority of another country")
        AWAITED = "awaited", _("The decision is still awaited")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="protections")
    extends = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="extensions")
    begins_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    decided_by = models.CharField(_("Who decided"), max_length=10, choices=Authority.choices, default=Authority.DVV)
    sealed = models.BinaryField(help_text="empty when ended")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                name="protection_running_by_end", fields=["controller", "ends_on"], condition=Q(ended_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="protection_one_runs_per_person", fields=["person"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="protection_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(
                name="protection_ended_keeps_nothing", condition=Q(ended_at__isnull=True) | Q(sealed=b"")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConcealedPart(models.Model):
    """What one row of another table said before a protection hid it: its columns by name, sealed.

    `source` is the table, `row` its key; the seal is bound to both and to the controller.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    protection = models.ForeignKey(Protection, models.CASCADE, related_name="parts")
    source = models.CharField(max_length=60)
    row = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="concealed_part_of_a_row", fields=["source", "row", "controller"])]

    def __str__(self) -> str:
        return f"{self.source} {self.row}"
