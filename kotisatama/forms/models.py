"""E-forms: definitions, versions, drafts of visitors, submissions."""

from django.db import models
from django.db.models import Q

from kotisatama.kernel import identifiers


class Form(models.Model):
    """A form by its code (the `form_id` of its XLSForm)."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One version of a form: its XLSForm rows as they came, and what they compile to. Published ones never change."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.CharField(max_length=40)
    source = models.JSONField(help_text="rows of survey, choices and settings as read")
    definition = models.JSONField(help_text="compiled pages, questions, expression trees")
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        get_latest_by = "published_at"
        constraints = [models.UniqueConstraint(name="version_number_once_per_form", fields=["form", "number"])]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"


class Draft(models.Model):
    """A visitor's unfinished answers; found by the hash of a secret that only the visitor's browser holds.

    An answer that does not fit its question yet is kept as typed, so that it can be shown again and mended.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    holder = models.CharField(max_length=64)
    version = models.ForeignKey(Version, models.PROTECT, related_name="drafts")
    language = models.CharField(max_length=10)
    answers = models.JSONField(default=dict)
    page = models.PositiveSmallIntegerField(default=0, help_text="furthest page saved so far")
    submission_key = models.UUIDField(default=identifiers.new_id, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_once_per_holder_and_version", fields=["holder", "version"]),
            models.CheckConstraint(name="draft_has_a_holder", condition=~Q(holder="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Submission(models.Model):
    """A form sent in. `key` is the draft's submission key: the same key twice is the same submission."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    holder = models.CharField(max_length=64, db_index=True)
    key = models.UUIDField(unique=True)
    reference = models.CharField(max_length=9, unique=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="submissions")
    language = models.CharField(max_length=10)
    answers = models.JSONField()
    calculated = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.reference
