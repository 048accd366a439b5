"""Texts in many languages as rows, each with its state."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Text(models.Model):
    """One text of one thing in one language; `state` says whether a human has read it through.

    `namespace` and `key` name the thing, e.g. ("topic", "permits.renewal").
    """

    class State(models.TextChoices):
        SOURCE = "source", _("Source text")
        DRAFT = "draft", _("Unreviewed draft")
        REVIEWED = "reviewed", _("Reviewed")
        STALE = "stale", _("Source changed since")

    namespace = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    value = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)

    class Meta:
        constraints = [models.UniqueConstraint(name="text_once_per_language", fields=["namespace", "key", "language"])]

    def __str__(self) -> str:
        return f"{self.namespace}:{self.key} ({self.language})"
