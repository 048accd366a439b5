"""On what ground a client's data goes to whom: the ledger of consents and other bases."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class Consent(models.Model):
    """A client lets the centre do one thing with some data, until a day or until withdrawn.

    `text` is what was shown, word by word, in `language`; `text_version` tells which text it was. `recipient` is empty
    when the data stays with the centre. A row is never changed but for its withdrawal.
    """

    class Purpose(models.TextChoices):
        REFERRAL = "referral", _("Referral to a partner")
        CONSULTATION = "consultation", _("Asking an expert about the situation")
        PEER_SUPPORT = "peer_support", _("Meeting a peer supporter")
        SHARING = "sharing", _("Working together with another organisation")
        FEEDBACK = "feedback", _("Asking how it went")

    class Basis(models.TextChoices):
        CONSENT = "consent", _("Consent")
        LAW = "law", _("Law")
        VITAL = "vital", _("Danger to life or health")

    class Data(models.TextChoices):
        CONTACT_DETAILS = "contact_details", _("Name and contact details")
        SITUATION = "situation", _("Situation and needs")
        FAMILY = "family", _("Family")
        DOCUMENTS = "documents", _("Documents")
        PLAN = "plan", _("Assessment and plan")

    class Way(models.TextChoices):
        PAPER = "paper", _("Signed on paper")
        SPOKEN = "spoken", _("Said at the desk")
        TELEPHONE = "telephone", _("Said on the telephone")
        MESSAGE = "message", _("Written in a message")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=20, choices=Purpose.choices)
    recipient = models.ForeignKey("network.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    data_kinds = ArrayField(models.CharField(max_length=20, choices=Data.choices))
    basis = models.CharField(_("Basis"), max_length=10, choices=Basis.choices, default=Basis.CONSENT)
    text = models.TextField()
    text_version = models.CharField(max_length=12)
    language = models.CharField(max_length=10)
    given_on = models.DateField()
    given_by_way = models.CharField(max_length=10, choices=Way.choices)
    until = models.DateField(_("Until"), null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by_way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="consent_in_use", fields=["person", "purpose"])]
        constraints = [
            models.CheckConstraint(name="consent_names_some_data", condition=Q(data_kinds__len__gte=1)),
            models.CheckConstraint(
                name="consent_ends_after_it_begins",
                condition=(Q(until__isnull=True) | Q(until__gte=F("given_on")))
                & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given_on}"
