"""Persons and their names in many scripts."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class GroundOfStay(models.TextChoices):
    """On what ground a person stays in Finland."""

    TEMPORARY_PROTECTION = "temporary_protection", _("Temporary protection")
    INTERNATIONAL_PROTECTION = "international_protection", _("International protection")
    QUOTA_REFUGEE = "quota_refugee", _("Quota refugee")
    FAMILY = "family", _("Family tie")
    WORK = "work", _("Work")
    STUDY = "study", _("Study")
    EU = "eu", _("EU registration")
    NORDIC = "nordic", _("Nordic citizen")
    RETURN_MIGRANT = "return_migrant", _("Return migrant")
    ASYLUM_SEEKER = "asylum_seeker", _("Asylum seeker")
    OTHER = "other", _("Other ground")
    UNKNOWN = "unknown", _("None or not known")


class Gender(models.TextChoices):
    """As the person tells it."""

    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not told")


class Person(models.Model):
    """A client of one controller.

    Nothing but one name is required: neither birthday, identity code nor permit (681/2023, 10 §).
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=160)
    sort_key = models.CharField(max_length=200, editable=False)
    date_of_birth = models.DateField(_("Date of birth"), null=True, blank=True)
    birthday_is_placeholder = models.BooleanField(_("Only the year is certain"), default=False)
    gender = models.CharField(_("Gender"), max_length=10, choices=Gender.choices, default=Gender.UNKNOWN)
    citizenships = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    mother_tongue = models.CharField(_("Mother tongue"), max_length=10, blank=True)
    service_languages = ArrayField(models.CharField(max_length=10), default=list)
    municipality = models.CharField(_("Municipality"), max_length=7, default="unknown")
    is_protected = models.BooleanField(_("Non-disclosure"), default=False, editable=False)
    ground_of_stay = models.CharField(
        _("Ground of stay"), max_length=30, choices=GroundOfStay.choices, default=GroundOfStay.UNKNOWN
    )
    ground_ends_on = models.DateField(_("Ground of stay ends"), null=True, blank=True)
    moved_to_finland_on = models.DateField(_("Moved to Finland"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    archived_on = models.DateField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_away"
    )

    class Meta:
        indexes = [
            models.Index(name="person_by_name", fields=["controller", "sort_key", "id"]),
            models.Index(name="person_by_birthday", fields=["controller", "date_of_birth"]),
            models.Index(name="person_by_maker", fields=["made_by", "created_at"], condition=Q(made_by__isnull=False)),
        ]
        constraints = [
            # Rows that hang on two persons point at both keys, so that all three have one controller.
            models.UniqueConstraint(name="person_of_a_controller", fields=["id", "controller"]),
            models.CheckConstraint(name="person_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="person_municipality_is_a_code_or_a_reason",
                condition=Q(municipality__regex=r"^([0-9]{3}|unknown|abroad|secret)$"),
            ),
            models.CheckConstraint(
                name="person_merged_away_is_archived",
                condition=Q(merged_into__isnull=True) | (Q(archived_on__isnull=False) & ~Q(merged_into=models.F("id"))),
            ),
            models.CheckConstraint(
                name="person_protected_has_a_secret_municipality",
                condition=Q(is_protected=False) | Q(municipality="secret"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonName(models.Model):
    """One name of a person in one script; the one whose text is `Person.name` is shown."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("Official name")
        SPELLING = "spelling", _("Other spelling or letters")
        EARLIER = "earlier", _("Earlier name")
        CALLED = "called", _("Called")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="names")
    text = models.CharField(max_length=160)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.SPELLING)
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="person_name_once", fields=["person", "text"])]

    def __str__(self) -> str:
        return self.text
