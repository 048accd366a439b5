"""What is known of a translation beside its words, which stand in the rows alone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TextState(models.Model):
    """A translation of one text of a form: from which words it was made, into which, and who has read it.

    The words themselves stand in the rows of the versions; a row here knows them by their digests, so that it says the
    same of every version that has the same pair. A text without a row is `new`; one whose words were translated from
    another source than the version has now is stale.
    """

    class State(models.TextChoices):
        MACHINE = "machine", _("Machine draft")
        NEW = "new", _("New")
        REVIEWED = "reviewed", _("Reviewed")

    form = models.ForeignKey("forms.Form", models.CASCADE, related_name="text_states")
    key = models.CharField(max_length=400, help_text="sheet, names and kind of column: survey/phone/hint")
    language = models.CharField(max_length=35)
    source_digest = models.CharField(max_length=32)
    target_digest = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="text_state_once_per_pair",
                fields=["form", "language", "key", "source_digest", "target_digest"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language}"
