"""Workers, teams and their roles."""

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.network import queries as network_queries
from kotisatama.staff import permissions


class Team(models.Model):
    """Workers of one organisation who share a caseload."""

    name = models.CharField(max_length=80)
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="teams")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="team_name_once_per_organisation", fields=["organisation", "name"])]

    def __str__(self) -> str:
        return self.name


class Workers(BaseUserManager["Worker"]):
    """Makes workers; sign-in is by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Worker":
        worker = self.model(email=self.normalize_email(email).lower(), **fields)
        worker.set_password(password)
        worker.save(using=self._db)
        return worker


class Worker(AbstractBaseUser):
    """A person who works for one organisation, with one or more roles.

    The organisation's mandates of the day say which municipalities' clients exist for the worker.
    """

    class Language(models.TextChoices):
        FINNISH = "fi", "suomi"
        SWEDISH = "sv", "svenska"
        ENGLISH = "en", "English"

    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=80)
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="workers")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="workers")
    service_point = models.ForeignKey(
        "network.ServicePoint", models.PROTECT, null=True, blank=True, related_name="workers"
    )
    roles = ArrayField(models.CharField(max_length=30, choices=permissions.Role.choices), default=list)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.FINNISH)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Workers] = Workers()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="worker_roles_exist",
                condition=Q(roles__contained_by=[role.value for role in permissions.Role]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_names(self) -> list[str]:
        """The roles as the screens name them."""
        return [str(permissions.Role(role).label) for role in self.roles]

    @cached_property
    def permissions(self) -> frozenset[permissions.Permission]:
        """What the worker's roles allow."""
        return permissions.permissions_of(self.roles)

    @cached_property
    def controller_codes(self) -> list[str]:
        """Codes of the controllers whose mandate the worker's organisation holds today; read once a request."""
        return network_queries.controller_codes(self.organisation_id, on=timezone.localdate())


class SignInEvent(models.Model):
    """A try to sign in: whose, whether it opened the door, and how (`password+totp`, `oidc`).

    `session.idle` and `session.whole` tell that a session came to its limit.

    `worker` is empty when nobody has the address that was typed; the address itself is not kept.
    """

    worker = models.ForeignKey(Worker, models.PROTECT, null=True, blank=True, related_name="sign_ins")
    at = models.DateTimeField(default=timezone.now)
    ok = models.BooleanField()
    method = models.CharField(max_length=60)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(name="sign_in_event_worker", fields=["worker", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.method} {'ok' if self.ok else 'refused'}"


class SignInAttempt(models.Model):
    """A failure that counts towards the lock-out; `key` is a keyed hash of what is counted, never the thing itself.

    A code of an authenticator app that was used is a row too, so that nobody uses it twice.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(name="sign_in_attempt_key", fields=["key", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.key[:8]}"
