"""What the builder keeps beside the rows of a draft: its last steps."""

from django.db import models


class Step(models.Model):
    """The rows of a draft as one step of the builder left them, so that steps can be taken back and taken again.

    Steps of a version stand in a row by `place`. The present one is that whose `revision` is the version's: when
    somebody else changed the rows there is none, and nothing is taken back over their heads. `request` tells a repeated
    POST.
    """

    version = models.ForeignKey("forms.Version", models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(help_text="of the version, when these were its rows")
    rows = models.JSONField()
    what = models.CharField(max_length=20, blank=True, help_text="code of what was done")
    about = models.CharField(max_length=100, blank=True, help_text="name of the question or list")
    number = models.PositiveIntegerField(default=0, help_text="row to look at after it")
    request = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="step_place_once_per_version", fields=["version", "place"])]

    def __str__(self) -> str:
        return f"{self.version_id} {self.place} {self.what}"
