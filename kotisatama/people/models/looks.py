"""A client's own view of who looked, and what was found unusual in who looked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class LooksLink(models.Model):
    """A link by which a client sees who looked at the client's data, until a day; the secret itself is not kept.

    `holder` is the hash of the secret. Anybody who has the link sees the looks, and nothing else of the person.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="looks_links")
    holder = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="looks_link_ends_after_it_begins", condition=Q(expires_at__gt=F("made_at")))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LooksSetting(models.Model):
    """What a controller shows its clients beside date, organisation and purpose (CJEU C-579/21)."""

    controller = models.OneToOneField("network.Municipality", models.PROTECT, primary_key=True, related_name="+")
    shows_worker_name = models.BooleanField(_("Clients see the name of the worker who looked"), default=False)

    def __str__(self) -> str:
        return self.controller_id


class UnusualLook(models.Model):
    """A day's looks of one worker that somebody should ask about: found by a job, reviewed by the officer.

    `count` is how many, `usual` what is usual for the worker. `person` is empty when it is about the number alone.
    """

    class Reason(models.TextChoices):
        SAME_NAME = "same_name", _("The client has the worker's surname")
        SAME_ADDRESS = "same_address", _("The client lives with somebody who has the worker's surname")
        NO_RELATION = "no_relation", _("The worker had nothing to do with the client")
        MANY = "many", _("Far more clients than is usual for the worker")
        NIGHT = "night", _("At night")

    class State(models.TextChoices):
        OPEN = "open", _("Not reviewed")
        EXPLAINED = "explained", _("Explained")
        PURSUED = "pursued", _("To be looked into")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    count = models.PositiveIntegerField()
    usual = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="unusual_look_by_state", fields=["controller", "state", "-day"])]
        constraints = [
            models.UniqueConstraint(
                name="unusual_look_once_a_day",
                fields=["controller", "worker", "person", "day", "reason"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="unusual_look_reviewed_by_somebody",
                condition=Q(state="open") | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
