"""How long a form's own answers are kept, when that is shorter than the class of the data allows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import periods


class FormClock(models.Model):
    """One clock of one form. It ends data sooner than the retention class does, never later.

    `failed` are unfinished forms that could not be sent; `all` counts from the first day of whatever there is of the
    form, anonymised answers too. An unfinished form belongs to its visitor alone: it can be deleted, not anonymised.
    """

    class Kind(models.TextChoices):
        SENT = "sent", _("Forms that were sent")
        UNFINISHED = "unfinished", _("Unfinished forms")
        FAILED = "failed", _("Forms that could not be sent")
        ALL = "all", _("All of these, from their first day")

    class Unit(models.TextChoices):
        DAYS = periods.DAYS, _("days")
        MONTHS = periods.MONTHS, _("months")

    class End(models.TextChoices):
        DELETE = "delete", _("Delete")
        ANONYMISE = "anonymise", _("Anonymise")

    form = models.ForeignKey("forms.Form", models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10, choices=Unit.choices)
    end = models.CharField(max_length=10, choices=End.choices, default=End.DELETE)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["form", "kind"]
        constraints = [
            models.UniqueConstraint(name="form_clock_once_per_kind", fields=["form", "kind"]),
            models.CheckConstraint(name="form_clock_keeps_a_day_at_least", condition=Q(amount__gte=1)),
            models.CheckConstraint(
                name="form_clock_anonymises_only_what_was_sent",
                condition=~Q(end="anonymise") | Q(kind__in=["sent", "all"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount} {self.unit}, {self.end}"

    @property
    def period(self) -> periods.Period:
        """The length as arithmetic takes it."""
        return periods.Period(self.amount, self.unit)
