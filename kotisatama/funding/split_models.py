"""The municipalities' shares: numbers of people, who is asked to join, what was agreed and invoiced. All public."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.funding.splitting import Method


def _euros(**more: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=12, decimal_places=2, **more)


class Statistic(models.Model):
    """Numbers of people by municipality code on a day, with where they are from. Never changed: a newer is taken."""

    class Kind(models.TextChoices):
        FETCHED = "fetched", _("From Statistics Finland")
        TYPED = "typed", _("Typed in")

    key = models.UUIDField(unique=True)
    title = models.CharField(max_length=120)
    as_of = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=300)
    numbers = models.JSONField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-as_of", "-taken_at"]

    def __str__(self) -> str:
        return self.title


class Partnership(models.Model):
    """Municipalities that share a sum of each year from a day to a day; open until its first agreement is frozen."""

    key = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)
    basis = models.CharField(max_length=300, blank=True)
    lead = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    statistic = models.ForeignKey(Statistic, models.PROTECT, related_name="+")
    method = models.CharField(max_length=12, choices=Method.choices, default=Method.EXACT)
    minimum = _euros(default=0)
    fixed = _euros(default=0)
    begins_on = models.DateField()
    ends_on = models.DateField()
    answers_by = models.DateField()
    account = models.CharField(max_length=34, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-begins_on", "name"]
        constraints = [
            models.CheckConstraint(name="partnership_ends_later", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(name="partnership_least_is_positive", condition=Q(minimum__gte=0, fixed__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class PartnershipYear(models.Model):
    """What the municipalities share of one year."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    amount = _euros()

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(name="partnership_year_once", fields=["partnership", "year"]),
            models.CheckConstraint(name="partnership_year_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.amount}"


class Invitation(models.Model):
    """A municipality that is asked, and what it decided; `joins_on` is the day from which it takes part."""

    class Answer(models.TextChoices):
        NONE = "none", _("No answer")
        JOINS = "joins", _("Joins")
        DECLINES = "declines", _("Does not join")

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="invitations")
    municipality = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NONE)
    decided_on = models.DateField(null=True, blank=True)
    body = models.CharField(max_length=120, blank=True)
    paragraph = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    joins_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="invitation_once", fields=["partnership", "municipality"]),
            models.CheckConstraint(
                name="invitation_answer_has_its_decision",
                condition=Q(answer="none", decided_on__isnull=True, answered_at__isnull=True)
                | Q(decided_on__isnull=False, answered_at__isnull=False) & ~Q(answer="none") & ~Q(body=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.municipality_id} {self.answer}"


class Agreement(models.Model):
    """Shares as they were agreed. A trigger of the database refuses every change; a later one stands beside.

    `content` has the terms, the numbers of people and the parts of each year; `sha256` is of its canonical form.
    The first has number 1; each later one came because `joiner` joined, and says what holds from `begins_on` on.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    begins_on = models.DateField()
    joiner = models.ForeignKey(Invitation, models.PROTECT, null=True, blank=True, related_name="+")
    statistic = models.ForeignKey(Statistic, models.PROTECT, related_name="+")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="agreement_number_once", fields=["partnership", "number"])]

    def __str__(self) -> str:
        return f"{self.partnership_id}/{self.number}"


class Invoice(models.Model):
    """What a municipality is asked to pay for a year, or gets back (negative): its share less what was invoiced."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="invoices")
    municipality = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    amount = _euros()
    reference = models.CharField(max_length=20, unique=True)
    payer = models.CharField(max_length=120)
    made_on = models.DateField()
    due_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["year", "reference"]
        constraints = [
            models.UniqueConstraint(name="invoice_once", fields=["agreement", "municipality", "year"]),
            models.CheckConstraint(name="invoice_has_an_amount", condition=~Q(amount=Decimal(0))),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_credit(self) -> bool:
        """Whether the municipality gets money back."""
        return bool(self.amount < 0)
