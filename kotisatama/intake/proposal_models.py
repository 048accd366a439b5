"""What was decided about each thing that a submission proposes, and which of its files are kept with the client."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class Decision(models.Model):
    """A worker's word on one thing that a submission says of its client; the latest one on a field counts.

    `field` is a code of `proposing.FIELDS` (`person.phone`), for a member of the family the place in the form
    (`member-0`). The values stand in the submission and in the register's history, never here.
    """

    class Way(models.TextChoices):
        ACCEPT = "accept", _("Taken into the register")
        KEEP_BOTH = "keep_both", _("Added beside what was known")
        REJECT = "reject", _("Left out")
        FOUND = "found", _("Known client")
        MADE = "made", _("Made a client")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("intake.Item", models.CASCADE, related_name="decisions")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    field = models.CharField(max_length=80)
    way = models.CharField(max_length=10, choices=Way.choices)
    relative = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="decision_names_the_relative",
                condition=~Q(way__in=["found", "made"]) | Q(relative__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.way}"


class KeptFile(models.Model):
    """A file of a submission that is kept with the client, and with the case when there is one."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    document = models.OneToOneField("documents.Document", models.CASCADE, related_name="+")
    item = models.ForeignKey("intake.Item", models.SET_NULL, null=True, blank=True, related_name="kept_files")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-kept_at", "-id"]

    def __str__(self) -> str:
        return str(self.document_id)
