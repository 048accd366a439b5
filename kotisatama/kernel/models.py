"""Dated rules: deadlines, caps and limits of the law as rows."""

from django.db import models
from django.db.models import F, Q


class Rule(models.Model):
    """One value of one rule for one target, valid between two days (both inclusive; no end: until further notice).

    `value` is text as in the source, `unit` says how to read it. `confirmed` is false while it waits for its source.
    """

    code = models.CharField(max_length=60)
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    target = models.CharField(max_length=120)
    legal_source = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rule_once_per_day", fields=["code", "target", "valid_from"]),
            models.CheckConstraint(
                name="rule_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value} {self.unit}"
