"""What the funder is asked to pay, and what the municipalities settle: frozen once it has left the house."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from kotisatama.funding.project_models import Project


class Claim(models.Model):
    """The costs of a reporting period and the grant's part of them. Periods of one project never overlap.

    A draft is counted from the ledger each time. When it is sent, `content` and its hash are written once, and the
    database refuses every later change but the payment.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        PAID = "paid", _("Paid")

    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField()
    begins_on = models.DateField(_("Begins on"))
    ends_on = models.DateField(_("Ends on"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    content = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    grant = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    paid_on = models.DateField(null=True, blank=True)
    paid = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="claim_number_once", fields=["project", "number"]),
            models.CheckConstraint(name="claim_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(
                name="claim_sent_is_frozen_with_its_hash",
                condition=Q(state="draft", sha256="", grant__isnull=True)
                | (~Q(state="draft") & ~Q(sha256="") & Q(grant__isnull=False, sent_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="claim_paid_has_day_and_sum",
                condition=Q(state="paid", paid_on__isnull=False, paid__isnull=False)
                | (~Q(state="paid") & Q(paid_on__isnull=True, paid__isnull=True)),
            ),
            # No btree_gist here: a range of one key stands for equality.
            ExclusionConstraint(
                name="claim_periods_do_not_overlap",
                expressions=[
                    (Func(F("project"), F("project"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("begins_on"), F("ends_on"), Value("[]"), function="daterange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.begins_on}–{self.ends_on}"

    @property
    def code(self) -> str:
        """The number as the codes of chains write it."""
        return str(self.number)


class Settlement(models.Model):
    """What each municipality pays of a year's own part: proposed by an agreed key, then agreed and frozen."""

    class Way(models.TextChoices):
        SHARE = "share", _("By share")
        USE = "use", _("By use")
        MIXED = "mixed", _("Mixed")

    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="settlements")
    year = models.PositiveIntegerField()
    way = models.CharField(_("Key"), max_length=10, choices=Way.choices)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    parts = models.JSONField()
    agreed_on = models.DateField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="settlement_once_a_year", fields=["project", "year"]),
            models.CheckConstraint(
                name="settlement_weight_is_a_percentage", condition=Q(weight__gte=0) & Q(weight__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.total}"
