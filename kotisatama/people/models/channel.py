"""How persons may be reached."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Channel(models.Model):
    """A way to reach a person; a message may be left only where the person said that it is safe.

    `language` is the one to use on this channel, empty when it is the person's first service language.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        MESSENGER = "messenger", _("WhatsApp, Signal or Telegram")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="channels")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=254)
    safe_to_leave_message = models.BooleanField(_("Safe to leave a message"), default=False)
    safe_to_call = models.BooleanField(_("Safe to call"), default=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="channel_once_per_person", fields=["person", "kind", "value"])]

    def __str__(self) -> str:
        return self.value
