"""Who read and changed what: lines that are only ever added, and the batches that seal them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone

from kotisatama.kernel import identifiers

_TRANSACTION = Cast(Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField())


class Line(models.Model):
    """One view, list, search, change or export of clients' data; partitioned by month (docs/decisions/0015).

    `controllers` are the municipalities whose data it concerned; `subject_id` is the row looked at, empty for lists.
    `person_id` is the client whom it concerned, when it was one. `worker_id` is empty when a visitor of the public
    pages did it. `details` carries codes and ids, never free text. `epoch` and `txid` say in which transaction, `mac`
    authenticates all the rest with a key that the database does not know; lines older than the seals have none.
    The application's role may add and read lines, never change or remove one.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    at = models.DateTimeField(default=timezone.now)
    worker_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    controllers = ArrayField(models.CharField(max_length=3))
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)
    epoch = models.SmallIntegerField(db_default=models.Func(function="audit_epoch"))
    txid = models.BigIntegerField(db_default=_TRANSACTION)
    mac = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(name="audit_line_worker", fields=["worker_id", "at"]),
            models.Index(name="audit_line_person", fields=["person_id", "at"], condition=Q(person_id__isnull=False)),
            models.Index(name="audit_line_in_order", fields=["epoch", "txid"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"


class Batch(models.Model):
    """A seal: the lines of the transactions from `txid_from` to before `txid_before` of one epoch, and no others.

    `root` is the hash of everything here and of the previous root; `mac` authenticates it. Written once, never changed.
    """

    number = models.BigIntegerField(primary_key=True)
    epoch = models.SmallIntegerField()
    txid_from = models.BigIntegerField()
    txid_before = models.BigIntegerField()
    lines = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    root = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"batch {self.number}"


class Delivery(models.Model):
    """How far a witness outside has been told the roots; `error` is a code, no address."""

    witness = models.CharField(primary_key=True, max_length=40)
    delivered_to = models.BigIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.witness} to {self.delivered_to}"
