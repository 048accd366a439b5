"""The ledger: one row for each cost, with its evidence; a claimed row is final and is corrected by another row."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.contacts.models import FundingLine
from kotisatama.funding.project_models import CostKind, Project


class CostFile(models.Model):
    """A file of the accounting: waits with its content until it is taken in, then only its name and hash are kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        TAKEN = "taken", _("Taken in")

    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.TextField(blank=True)
    encoding = models.CharField(max_length=20)
    separator = models.CharField(max_length=5)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    result = models.JSONField(default=dict, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="cost_file_waits_once", fields=["project", "sha256"], condition=Q(state="waiting")
            ),
            models.CheckConstraint(
                name="cost_file_taken_keeps_no_content", condition=Q(state="waiting") | Q(content="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def added_sum(self) -> Decimal:
        """The sum of the rows that it added."""
        return Decimal(self.result.get("sum", "0.00"))


class Cost(models.Model):
    """One cost of a project. A negative amount is a correction and says what it corrects, as far as that is here.

    `who` is a worker's initials or role, never a name. `voucher` and `line` are the accounting's: once in a project.
    A row that a claim has taken is never changed or deleted: the database refuses it.
    """

    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="costs")
    kind = models.CharField(_("Kind of cost"), max_length=20, choices=CostKind.choices)
    on = models.DateField(_("Day"))
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=2)
    text = models.CharField(_("What for"), max_length=200, blank=True)
    who = models.CharField(_("Worker’s initials or role"), max_length=40, blank=True)
    hours = models.DecimalField(_("Hours"), max_digits=7, decimal_places=2, null=True, blank=True)
    hourly_cost = models.DecimalField(_("Cost of an hour"), max_digits=8, decimal_places=2, null=True, blank=True)
    funding_line = models.CharField(
        _("Funding line"), max_length=20, choices=FundingLine.choices, default=FundingLine.STATE_GRANT
    )
    voucher = models.CharField(_("Voucher number"), max_length=40)
    line = models.PositiveIntegerField(_("Line of the voucher"), default=1)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    file = models.ForeignKey(CostFile, models.PROTECT, null=True, blank=True, related_name="costs")
    file_row = models.PositiveIntegerField(null=True, blank=True)
    raw = models.TextField(blank=True)
    claim = models.ForeignKey("funding.Claim", models.PROTECT, null=True, blank=True, related_name="costs")
    key = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="cost_by_project_and_day", fields=["project", "on"])]
        constraints = [
            models.UniqueConstraint(name="cost_voucher_line_once", fields=["project", "voucher", "line"]),
            models.CheckConstraint(name="cost_is_not_nothing", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="cost_hours_have_a_price",
                condition=Q(hours__isnull=True, hourly_cost__isnull=True)
                | Q(hours__isnull=False, hourly_cost__isnull=False),
            ),
            models.CheckConstraint(
                name="cost_row_of_a_file_has_a_number",
                condition=Q(file__isnull=True, file_row__isnull=True) | Q(file__isnull=False, file_row__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher}/{self.line} {self.amount}"

    @property
    def code(self) -> str:
        """The key as the codes of chains write it."""
        return str(self.pk)
