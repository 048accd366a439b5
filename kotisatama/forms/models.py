"""E-forms: definitions, versions, drafts of visitors, submissions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.forms.building_models import Step as Step
from kotisatama.forms.clock_models import FormClock as FormClock
from kotisatama.forms.draft_models import Agreement as Agreement
from kotisatama.forms.draft_models import CodeAttempt as CodeAttempt
from kotisatama.forms.draft_models import DraftKey as DraftKey
from kotisatama.forms.draft_models import Who as Who
from kotisatama.kernel import identifiers


class Form(models.Model):
    """A form by its code (the `form_id` of its XLSForm).

    A version is published only when its texts in `complete_languages_required` are finished; an empty list stops none.
    `is_listed` forms stand on the public start page; others open to whoever has their address.
    """

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    complete_languages_required = ArrayField(models.CharField(max_length=35), default=list, blank=True)
    is_listed = models.BooleanField(default=False)
    settings_version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """One version of a form: its XLSForm rows as they came, and what they compile to.

    A draft's rows change, each time with a new `revision`; a checked one compiles without a problem; from `published`
    on neither rows nor definition change any more. A retired version begins no new answers; those begun in it go on.
    `attachments` are the tables that the rows name (select from file, pulldata) by file name:
    `{"places.csv": {"columns": [heading], "rows": [[text]]}}`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CHECKED = "checked", _("Checked")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    OPEN = (State.DRAFT, State.CHECKED)  # whose rows can still be changed

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    source = models.JSONField(help_text="rows of survey, choices and settings as read")
    attachments = models.JSONField(default=dict)
    definition = models.JSONField(
        default=dict, help_text="compiled pages, questions, expression trees; empty before it compiles"
    )
    sha256 = models.CharField(max_length=64, help_text="of source and attachments")
    imported_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        get_latest_by = "published_at"
        constraints = [
            models.UniqueConstraint(name="version_number_once_per_form", fields=["form", "number"]),
            models.UniqueConstraint(
                name="version_published_once_per_form", fields=["form"], condition=Q(state="published")
            ),
            models.CheckConstraint(
                name="version_published_has_a_time",
                condition=Q(state__in=["draft", "checked"]) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether its rows can still be changed."""
        return self.state in self.OPEN


class Draft(models.Model):
    """A visitor's unfinished answers; found by the hash of a secret that only the visitor's browser holds.

    An answer that does not fit its question yet is kept as typed, so that it can be shown again and mended.
    `revision` grows with every change; `filled_by` tells by field name who wrote it (`Who`). Other browsers of the
    person, and helpers, come in by a `DraftKey`; `sender` is such a browser while it sends: the receipt is for it.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    holder = models.CharField(max_length=64)
    version = models.ForeignKey(Version, models.PROTECT, related_name="drafts")
    language = models.CharField(max_length=10)
    answers = models.JSONField(default=dict)
    page = models.PositiveSmallIntegerField(default=0, help_text="furthest page saved so far")
    revision = models.PositiveIntegerField(default=1)
    filled_by = models.JSONField(default=dict)
    verified = models.JSONField(default=list, help_text="questions answered from the register, for reading only")
    declined = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+", help_text="the newer version not moved to"
    )
    sender = models.CharField(max_length=64, blank=True)
    submission_key = models.UUIDField(default=identifiers.new_id, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="when it could not be sent the last time")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_once_per_holder_and_version", fields=["holder", "version"]),
            models.CheckConstraint(name="draft_has_a_holder", condition=~Q(holder="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Submission(models.Model):
    """A form sent in. `key` is the draft's submission key: the same key twice is the same submission.

    One that is concealed has no answers here; one that was sent empty, or tells of nobody any more, has none either.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")
    holder = models.CharField(max_length=64, db_index=True)
    key = models.UUIDField(unique=True)
    reference = models.CharField(max_length=9, unique=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="submissions")
    language = models.CharField(max_length=10)
    answers = models.JSONField()
    calculated = models.JSONField(default=dict)
    filled_by = models.JSONField(default=dict, help_text="who wrote it, by field name")
    submitted_at = models.DateTimeField(auto_now_add=True)
    anonymised_at = models.DateTimeField(null=True, blank=True, help_text="since when the answers tell of nobody")
    is_concealed = models.BooleanField(default=False, help_text="a non-disclosure keeps the answers under its seal")

    def __str__(self) -> str:
        return self.reference


class Upload(models.Model):
    """A workbook that was sent for a draft and compiles: its differences are looked at before it is accepted.

    One at a time for a draft: the next one takes its place, and `sha256` says which of them somebody accepts.
    """

    version = models.OneToOneField(Version, models.CASCADE, related_name="upload")
    source = models.JSONField()
    attachments = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, help_text="of source and attachments")
    revision = models.PositiveIntegerField(help_text="the draft's, when the workbook was sent")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.version_id} {self.sha256[:12]}"


from kotisatama.forms.translating_models import TextState as TextState  # noqa: E402 - its form is the one above
