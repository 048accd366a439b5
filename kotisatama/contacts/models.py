"""Contacts: every time somebody was helped, anonymous or known; the atom of all figures."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models import Gender, GroundOfStay


class Topic(models.Model):
    """What a contact was about, in two levels; names are texts of the namespace `topic`."""

    code = models.CharField(max_length=40, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class Channel(models.TextChoices):
    """How the contact came about."""

    DROP_IN = "drop_in", _("Drop-in")
    BOOKED = "booked", _("Booked visit")
    PHONE = "phone", _("Phone")
    VIDEO = "video", _("Video")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    OUTREACH = "outreach", _("Outreach")
    GROUP = "group", _("Group")
    HOME_VISIT = "home_visit", _("Home visit")


class Interpreter(models.TextChoices):
    """Who interpreted."""

    NONE = "none", _("None")
    ON_SITE = "on_site", _("On site")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")
    OWN_LANGUAGE_WORKER = "own_language_worker", _("Worker speaks the language")
    RELATIVE = "relative", _("Relative or friend")
    MACHINE = "machine", _("Machine")


class AgeBand(models.TextChoices):
    """Age of an anonymous visitor, roughly."""

    UNDER_18 = "0-17", _("Under 18")
    FROM_18 = "18-29", "18–29"
    FROM_30 = "30-44", "30–44"
    FROM_45 = "45-64", "45–64"
    FROM_65 = "65-", _("65 or older")


class TimeInFinland(models.TextChoices):
    """How long an anonymous visitor has been in the country."""

    UNDER_1 = "0-1", _("Under a year")
    FROM_1 = "1-3", _("1–3 years")
    OVER_3 = "3-", _("Over 3 years")


class Duration(models.TextChoices):
    """How long it took, in minutes."""

    UNDER_15 = "0-15", _("Under 15 min")
    FROM_15 = "15-30", _("15–30 min")
    FROM_30 = "30-60", _("30–60 min")
    OVER_60 = "60-", _("Over 60 min")


class Outcome(models.TextChoices):
    """How it ended."""

    SOLVED = "solved", _("Solved")
    GUIDED_ON = "guided_on", _("Guided on")
    BOOKED = "booked", _("Time booked")
    ASSESSMENT_REQUESTED = "assessment_requested", _("Request for assessment made")
    CONTINUES = "continues", _("To be continued")


class FundingLine(models.TextChoices):
    """Which money pays for the work."""

    MUNICIPAL = "municipal", _("Municipalities' own")
    STATE_GRANT = "state_grant", _("State grant")


class Contact(models.Model):
    """One contact. `municipality` is where the person lives: a code, or `unknown`, `abroad`, `secret` (non-disclosure).

    `controller` answers for the row: the home municipality when it has given a mandate, else the service point's.
    The anonymous details are empty when `person` is set: a client's come from the register.
    `key` makes the same POST the same contact. `counted_as` stands for a person who was erased: a random key, the same
    for all contacts of that person, by which distinct persons are counted on; the details are then those of that day.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField(unique=True, default=identifiers.new_id)
    at = models.DateTimeField(_("When"))
    service_point = models.ForeignKey("network.ServicePoint", models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(_("Channel"), max_length=20, choices=Channel.choices)
    municipality = models.CharField(_("Municipality"), max_length=7)
    service_language = models.CharField(_("Language"), max_length=10)
    topics = ArrayField(models.CharField(max_length=40))
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="contacts")
    submission = models.ForeignKey("forms.Submission", models.PROTECT, null=True, blank=True, related_name="contacts")
    counted_as = models.UUIDField(null=True, editable=False)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    interpreter = models.CharField(
        _("Interpreter"), max_length=20, choices=Interpreter.choices, default=Interpreter.NONE
    )
    age_band = models.CharField(_("Age"), max_length=10, choices=AgeBand.choices, blank=True)
    gender = models.CharField(_("Gender"), max_length=10, choices=Gender.choices, blank=True)
    citizenship = models.CharField(_("Citizenship"), max_length=2, blank=True)
    mother_tongue = models.CharField(_("Mother tongue"), max_length=10, blank=True)
    ground_of_stay = models.CharField(_("Ground of stay"), max_length=30, choices=GroundOfStay.choices, blank=True)
    time_in_finland = models.CharField(_("Time in Finland"), max_length=10, choices=TimeInFinland.choices, blank=True)
    duration = models.CharField(_("Duration"), max_length=10, choices=Duration.choices, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=30, choices=Outcome.choices, blank=True)
    referred_to = models.CharField(_("Referred to"), max_length=120, blank=True)
    by_association = models.ForeignKey("network.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    out_of_hours = models.BooleanField(_("Outside office hours"), default=False)
    funding_line = models.CharField(
        _("Funding line"), max_length=20, choices=FundingLine.choices, default=FundingLine.MUNICIPAL
    )
    note = models.TextField(_("Note"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(name="contact_by_controller_and_time", fields=["controller", "at"]),
            models.Index(name="contact_by_worker_and_time", fields=["worker", "-created_at"]),
            models.Index(name="contact_by_person", fields=["person", "-at"], condition=Q(person__isnull=False)),
            models.Index(
                name="contact_with_free_text",
                fields=["controller", "at"],
                condition=~Q(note="") | ~Q(referred_to=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_municipality_is_a_code_or_a_reason",
                condition=Q(municipality__regex=r"^([0-9]{3}|unknown|abroad|secret)$"),
            ),
            models.CheckConstraint(name="contact_has_a_topic", condition=Q(topics__len__gte=1)),
            models.CheckConstraint(
                name="contact_of_a_client_has_no_anonymous_details",
                condition=Q(person__isnull=True)
                | Q(age_band="", gender="", citizenship="", mother_tongue="", ground_of_stay="", time_in_finland=""),
            ),
            models.CheckConstraint(
                name="contact_of_a_client_is_counted_as_the_client",
                condition=Q(person__isnull=True) | Q(counted_as__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Change(models.Model):
    """What a contact said before it was changed; after its day only with a reason."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="changes")
    at = models.DateTimeField(auto_now_add=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    before = models.JSONField(help_text="the changed fields with their earlier values")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)
