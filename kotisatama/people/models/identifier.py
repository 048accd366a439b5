"""What authorities call a person: sealed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Identifier(models.Model):
    """A code of an authority: sealed (AES-256-GCM bound to row and controller), found by a keyed blind index.

    A person has one of each kind, and one passport of each issuing country.
    """

    class Kind(models.TextChoices):
        HETU = "hetu", _("Personal identity code")
        MIGRI = "migri", _("Migri client number")
        UNHCR = "unhcr", _("UNHCR number")
        PASSPORT = "passport", _("Passport")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    issuing_country = models.CharField(_("Issuing country"), max_length=2, blank=True)
    sealed = models.BinaryField()
    blind_index = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="identifier_once_per_person", fields=["person", "kind", "issuing_country"]),
            models.UniqueConstraint(
                name="identifier_once_per_controller", fields=["controller", "kind", "blind_index"]
            ),
            models.CheckConstraint(
                name="identifier_of_a_passport_names_its_country",
                condition=models.Q(kind="passport", issuing_country__regex="^[A-Z]{2}$")
                | (~models.Q(kind="passport") & models.Q(issuing_country="")),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
