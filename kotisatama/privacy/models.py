"""How long data is kept, what is kept longer, and what is gone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers, periods


class RetentionRule(models.Model):
    """How long data of one retention class is kept, from a day on; the row in force on the day of deletion counts.

    `after` says what starts the clock; the tables' declarations name the field. `confirmed` is false while the period
    waits for its source or the controllers' decision.
    """

    class Unit(models.TextChoices):
        DAYS = periods.DAYS, _("days")
        MONTHS = periods.MONTHS, _("months")
        YEARS = periods.YEARS, _("years")

    class Event(models.TextChoices):
        ACTIVITY = "activity", _("after the last contact, case or message")
        CONTACT = "contact", _("after the contact")
        SENT = "sent", _("after it was sent")
        CHANGED = "changed", _("after the last change")
        MADE = "made", _("after it was made")
        CLOSED = "closed", _("after the account was closed")

    code = models.CharField(max_length=30)
    amount = models.PositiveSmallIntegerField(_("Length"))
    unit = models.CharField(_("Unit"), max_length=10, choices=Unit.choices)
    after = models.CharField(max_length=20, choices=Event.choices)
    valid_from = models.DateField(_("Valid from"))
    valid_to = models.DateField(null=True, blank=True)
    legal_source = models.CharField(_("Legal source"), max_length=200)
    confirmed = models.BooleanField(_("Confirmed"), default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(name="retention_rule_once_per_day", fields=["code", "valid_from"]),
            models.CheckConstraint(name="retention_rule_keeps_a_day_at_least", condition=Q(amount__gte=1)),
            models.CheckConstraint(
                name="retention_rule_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.amount} {self.unit}"

    @property
    def period(self) -> periods.Period:
        """The length as arithmetic takes it."""
        return periods.Period(self.amount, self.unit)


class Hold(models.Model):
    """Nothing of one person is deleted until a day (inclusive), for a reason from the list.

    `subject_id` is the person's key: this app knows no person.
    """

    class Reason(models.TextChoices):
        CLAIM = "claim", _("A legal claim or an appeal is open")
        COMPLAINT = "complaint", _("A complaint to an authority is open")
        AUTHORITY = "authority", _("An authority has asked to keep the data")
        REQUEST = "request", _("The person has asked to keep the data (article 18)")
        INCIDENT = "incident", _("A data breach is being looked into")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    subject_id = models.UUIDField(db_index=True)
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason.choices)
    until = models.DateField(_("Until"))
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    released_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="hold_by_end", fields=["controller", "until"])]

    def __str__(self) -> str:
        return f"{self.reason} until {self.until}"


class LastActivity(models.Model):
    """The latest day of rows that told of a person and ended before the person, so that the person's clock stays right.

    A message goes two years after it was sent; without this row its person would go three years too early.
    """

    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    subject_id = models.UUIDField(primary_key=True)
    on = models.DateField()

    def __str__(self) -> str:
        return str(self.subject_id)


class Tombstone(models.Model):
    """What was erased, when and by which retention class: a table's name and a key that lead to nothing any more.

    `written_at` is empty until the line stands in the file outside the database too.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=60)
    subject_id = models.UUIDField(db_index=True)
    retention = models.CharField(max_length=30)
    erased_on = models.DateField()
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(name="tombstone_unwritten", fields=["controller"], condition=Q(written_at__isnull=True)),
            models.Index(name="tombstone_by_day", fields=["controller", "erased_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_id}"
