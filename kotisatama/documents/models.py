"""Files: told apart by their content, written anew, stored beside the rows so that one commit keeps both."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers


class Document(models.Model):
    """A file that a visitor or a worker gave; `holder` is the visitor's hashed secret while nobody else owns it."""

    class Scan(models.TextChoices):
        NOT_NEEDED = "not_needed", _("Kept while no virus scanner was in use")
        WAITING = "waiting", _("Being checked for viruses")
        CLEAN = "clean", _("Checked for viruses")
        INFECTED = "infected", _("Had a virus, removed")
        FAILED = "failed", _("Could not be checked for viruses")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, null=True, related_name="+")
    holder = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="bytes, as stored")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.NOT_NEEDED)
    scanned_sha256 = models.CharField(max_length=64, blank=True, help_text="of the bytes that the scanner approved")
    scan_found = models.CharField(max_length=120, blank=True, help_text="the scanner's name of the virus")
    scan_tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(scan="clean") | ~Q(scanned_sha256=""), name="clean_is_what_the_scanner_approved"
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(scan__in=("waiting", "failed")), name="document_quarantine")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_let_out(self) -> bool:
        """Whether no scan holds it back; its bytes are still compared before they are shown."""
        return self.scan in (self.Scan.NOT_NEEDED, self.Scan.CLEAN)

    @property
    def approved_sha256(self) -> str:
        """The bytes that may be shown: those the scanner approved, else those that came in by the door."""
        return self.scanned_sha256 if self.scan == self.Scan.CLEAN else self.sha256


class Content(models.Model):
    """The bytes of a document, apart from what lists read."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="content")
    controller = models.ForeignKey("network.Municipality", models.PROTECT, null=True, related_name="+", db_index=False)
    holder = models.CharField(max_length=64, blank=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        return str(self.document_id)
