"""A project: its funder, the terms of its grant by date, what was planned, and which municipalities pay the rest."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.contacts.models import FundingLine


class CostKind(models.TextChoices):
    """What money is spent on."""

    SALARY = "salary", _("Salaries")
    PURCHASE = "purchase", _("Purchases")
    INTERPRETER = "interpreter", _("Interpreters")
    TRAVEL = "travel", _("Travel")
    OTHER = "other", _("Other costs")


class Project(models.Model):
    """Work that a grant pays in part, from a day to a day (both inclusive); `controller` keeps its accounts.

    `mapping` remembers which column of the accounting's file is which field.
    """

    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    funder = models.CharField(_("Funder"), max_length=120)
    decision = models.CharField(_("Number of the decision"), max_length=80, blank=True)
    funding_line = models.CharField(
        _("Funding line"), max_length=20, choices=FundingLine.choices, default=FundingLine.STATE_GRANT
    )
    begins_on = models.DateField(_("Begins on"))
    ends_on = models.DateField(_("Ends on"))
    mapping = models.JSONField(default=dict, blank=True)
    key = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="project_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """Whether its last day is past."""
        return self.ends_on < timezone.localdate()


class Partner(models.Model):
    """A municipality that pays a part of what the grant leaves, with the people by which the part is counted."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="partners")
    municipality = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="partner_once", fields=["project", "municipality"])]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.people}"


class GrantTerms(models.Model):
    """What the funder decided, in force from a day: rate in percent, cap of the whole grant, kinds of cost accepted."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="terms")
    valid_from = models.DateField(_("In force from"))
    rate = models.DecimalField(_("Part that the grant pays, in percent"), max_digits=5, decimal_places=2)
    cap = models.DecimalField(_("Cap of the whole grant"), max_digits=12, decimal_places=2)
    accepted_kinds = ArrayField(models.CharField(max_length=20, choices=CostKind.choices), default=list)
    legal_source = models.CharField(_("Legal source"), max_length=200)
    decided_on = models.DateField(_("Decided on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="terms_once_a_day", fields=["project", "valid_from"]),
            models.CheckConstraint(name="terms_rate_is_a_percentage", condition=Q(rate__gte=0) & Q(rate__lte=100)),
            models.CheckConstraint(name="terms_cap_is_not_negative", condition=Q(cap__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.rate} %, {self.cap}"


class FlatRate(models.Model):
    """Costs that are accepted without evidence as a percentage of the accepted costs of a kind."""

    terms = models.ForeignKey(GrantTerms, models.CASCADE, related_name="flat_rates")
    kind = models.CharField(max_length=20, choices=CostKind.choices)
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="flat_rate_once", fields=["terms", "kind"]),
            models.CheckConstraint(name="flat_rate_is_a_percentage", condition=Q(percent__gt=0) & Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.percent} %"


class ReportingDate(models.Model):
    """A day until which the funder wants the claim of a part of the project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="reporting_dates")
    begins_on = models.DateField(_("Begins on"))
    ends_on = models.DateField(_("Ends on"))
    due_on = models.DateField(_("Claim at the latest on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reporting_date_once", fields=["project", "begins_on"]),
            models.CheckConstraint(name="reporting_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))),
        ]

    def __str__(self) -> str:
        return str(self.due_on)


class BudgetLine(models.Model):
    """How much was planned for a kind of cost over the whole project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="budget")
    kind = models.CharField(max_length=20, choices=CostKind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="budget_line_once", fields=["project", "kind"]),
            models.CheckConstraint(name="budget_is_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount}"


class Commitment(models.Model):
    """A cost that is agreed and not yet paid, beside what goes on month by month."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="commitments")
    kind = models.CharField(_("Kind of cost"), max_length=20, choices=CostKind.choices)
    text = models.CharField(_("What for"), max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    due_on = models.DateField(_("Paid on, expected"))
    key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"{self.text}: {self.amount}"
