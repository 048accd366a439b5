"""Who read and changed what: lines that are only ever added."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kotisatama.kernel import identifiers


class Line(models.Model):
    """One view, list, search, change or export of clients' data.

    `controllers` are the municipalities whose data it concerned; `subject_id` is the row looked at, empty for lists.
    `worker_id` is empty when a visitor of the public pages did it. `details` carries codes and ids, never free text.
    The application's role may add and read lines, never change or remove one.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    worker_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    controllers = ArrayField(models.CharField(max_length=3))
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(name="audit_line_subject", fields=["subject_id", "at"], condition=Q(subject_id__isnull=False)),
            models.Index(name="audit_line_worker", fields=["worker_id", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"
