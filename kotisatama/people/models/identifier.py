"""What authorities call a person: sealed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Identifier(models.Model):
    """A personal identity code: sealed (AES-256-GCM bound to row and controller), found by a keyed blind index."""

    class Kind(models.TextChoices):
        HETU = "hetu", _("Personal identity code")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sealed = models.BinaryField()
    blind_index = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="identifier_once_per_person", fields=["person", "kind"]),
            models.UniqueConstraint(
                name="identifier_once_per_controller", fields=["controller", "kind", "blind_index"]
            ),
        ]

    def __str__(self) -> str:
        return self.kind
