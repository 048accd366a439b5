"""What persons are found by."""

from django.db import models

from kotisatama.people.models.person import Person


class SearchToken(models.Model):
    """A normalised piece of a name, phone or e-mail address: found by equality, which row security leaves fast."""

    id = models.BigAutoField(primary_key=True)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10)
    token = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(name="search_token_lookup", fields=["token", "kind", "controller", "person"])]

    def __str__(self) -> str:
        return f"{self.kind}:{self.token}"
