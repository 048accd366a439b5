"""Regions, municipalities, organisations, service points and dated mandates."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import dates
from django.utils.translation import gettext_lazy as _


class Municipality(models.Model):
    """A municipality by its code (three digits, Statistics Finland); the controller of its clients' data."""

    code = models.CharField(max_length=3, primary_key=True)
    name_fi = models.CharField(max_length=60)
    name_sv = models.CharField(max_length=60)
    region_code = models.CharField(max_length=2)
    served_from = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name_fi"]
        constraints = [
            models.CheckConstraint(name="municipality_code_has_three_digits", condition=Q(code__regex=r"^[0-9]{3}$"))
        ]

    def __str__(self) -> str:
        return self.name_fi


class Organisation(models.Model):
    """Who does the work: the centre, a municipality, another authority, an association."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("Centre")
        MUNICIPALITY = "municipality", _("Municipality")
        AUTHORITY = "authority", _("Authority")
        ASSOCIATION = "association", _("Association")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    home = models.ForeignKey(Municipality, models.PROTECT, related_name="organisations")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """From a day to a day a controller lets an organisation serve its clients; the first lock of every access."""

    controller = models.ForeignKey(Municipality, models.PROTECT, related_name="mandates")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.UniqueConstraint(name="mandate_begins_once", fields=["controller", "organisation", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} for {self.controller}"


class ServicePoint(models.Model):
    """A place where people are met; its municipality answers for contacts without a home municipality."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="service_points")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="service_points")
    street_address = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """On one weekday (1 = Monday, ISO 8601) a service point is open; `languages` are spoken in that time."""

    class Kind(models.TextChoices):
        DROP_IN = "drop-in", _("Without an appointment")
        BOOKED = "booked", _("By appointment")
        PEER_SUPPORT = "peer", _("Peer support")

    service_point = models.ForeignKey(ServicePoint, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DROP_IN)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(name="opening_hours_on_a_weekday", condition=Q(weekday__gte=1, weekday__lte=7)),
            models.CheckConstraint(name="opening_hours_close_later", condition=Q(closes_at__gt=F("opens_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.service_point} {self.weekday} {self.opens_at}–{self.closes_at}"

    @property
    def weekday_name(self) -> str:
        """The weekday in the page's language."""
        return str(dates.WEEKDAYS[self.weekday - 1])
