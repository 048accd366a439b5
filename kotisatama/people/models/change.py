"""What was known of a person before it was changed."""

from django.conf import settings
from django.db import models

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class PersonChange(models.Model):
    """The fields that a change changed, with their earlier values; identifiers masked, never in clear.

    `version` is the person's version that the change made, empty for what hangs on the person without being part of
    its form (a residence, a relation, an identifier): so two people's changes of one person can be told apart by field.
    `what` is the code of the change, as in the audit trail; `worker` is empty when the calendar did it.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="changes", db_index=False)
    what = models.CharField(max_length=40, default="person.changed")
    version = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    before = models.JSONField(help_text="the changed fields with their earlier values")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(name="person_change_by_person", fields=["person", "-at"])]
        constraints = [models.UniqueConstraint(name="person_change_once_a_version", fields=["person", "version"])]

    def __str__(self) -> str:
        return str(self.pk)
