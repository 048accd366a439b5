"""Coming from an old register: what became of its records, and the log of each import."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class OldRecord(models.Model):
    """What became of one record of an old register: why a second import makes nobody twice.

    `key` is that register's own number of the person, or a keyed hash of the row when it has none. `content` is a keyed
    hash of what the record said last: the same again says nothing new, whatever was changed here since.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("To be decided")
        MADE = "made", _("A new client")
        SAME = "same", _("Somebody known")
        LEFT_OUT = "left_out", _("Left out")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    content = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State.choices)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="old_records")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="old_record_once", fields=["controller", "source", "key"]),
            models.CheckConstraint(
                name="old_record_made_or_same_is_a_person",
                condition=Q(state__in=["made", "same"], person__isnull=False)
                | Q(state__in=["left_out", "waiting"], person__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ImportRun(models.Model):
    """One import of one file with one mapping: who, when, how far, and how many rows became what.

    `position` is the number of the last row that is committed; an import that was interrupted goes on after it.
    `content` holds the sealed table of a file sent by the screen until the import has ended.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Not started")
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Running")
        DONE = "done", _("Finished")
        FAILED = "failed", _("Stopped by an error")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    source = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    content = models.BinaryField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    rows = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_run_ended_has_a_time",
                condition=~Q(state__in=["done", "failed"]) | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ImportRow(models.Model):
    """What became of one row, as codes. `sealed` holds what the row said only as long as somebody has to decide."""

    class Outcome(models.TextChoices):
        MADE = "made", _("A new client")
        DIFFERS = "differs", _("Known; something differs")
        WAITING = "waiting", _("May be somebody known")
        REFUSED = "refused", _("Left out because of an error")
        SAME = "same", _("Decided: somebody known")
        LEFT_OUT = "left_out", _("Decided: left out")
        CHANGED = "changed", _("Decided: the client was changed")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="outcomes")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    record = models.ForeignKey(OldRecord, models.SET_NULL, null=True, blank=True, related_name="+")
    problems = models.JSONField(default=list, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    sealed = models.BinaryField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="import_row_by_outcome", fields=["run", "outcome", "number"])]
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["run", "number"]),
            models.CheckConstraint(
                name="import_row_sealed_while_undecided",
                condition=Q(sealed__isnull=True) | Q(outcome__in=["waiting", "differs"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
