"""What belongs to drafts: ways to one from elsewhere, tries at codes, statements that a person agreed to."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class Who(models.TextChoices):
    """Who wrote an answer."""

    PERSON = "person", _("The person")
    HELPER = "helper", _("A helper")
    PREFILL = "prefill", _("The service, from the register")


class DraftKey(models.Model):
    """A further way to a draft beside the browser that began it: a code on paper, a browser that used one.

    `holder` is the draft's own one: whoever holds the draft makes and ends its keys. `bearer` is the hash of what opens
    it: of a code, keyed, or of another browser's secret. A helper's key opens the pages named in `pages`, and no more.
    """

    class Kind(models.TextChoices):
        CODE = "code"
        BROWSER = "browser"
        HELPER_CODE = "helper_code"
        HELPER = "helper"

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    holder = models.CharField(max_length=64)
    bearer = models.CharField(max_length=64)
    draft = models.ForeignKey("forms.Draft", models.CASCADE, related_name="keys")
    form = models.ForeignKey("forms.Form", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    pages = models.JSONField(default=list, blank=True, help_text="names of the pages that a helper sees")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_key_once_per_bearer_and_draft", fields=["bearer", "draft"]),
            models.CheckConstraint(name="draft_key_has_a_bearer", condition=~Q(bearer="") & ~Q(holder="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CodeAttempt(models.Model):
    """A code that opened nothing; `key` is a keyed hash of the network address that it came from."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(name="code_attempt_key", fields=["key", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.key[:8]}"


class Agreement(models.Model):
    """A statement that the person agreed to in a submission: `text` word by word as it was shown, in `language`.

    `answer` is what was chosen (`OK` for a ticked box), `purpose` the form's word for what it is for.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    submission = models.ForeignKey("forms.Submission", models.CASCADE, related_name="agreements")
    version = models.ForeignKey("forms.Version", models.PROTECT, related_name="+", db_index=False)
    question = models.CharField(max_length=120)
    purpose = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=10)
    answer = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agreement_once_per_question", fields=["submission", "question"]),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.question}"
