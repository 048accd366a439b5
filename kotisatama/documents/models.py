"""Files: told apart by their content, pictures re-encoded, stored beside the rows so that one commit keeps both."""

from django.db import models

from kotisatama.kernel import identifiers


class Document(models.Model):
    """A file that a visitor or a worker gave; `holder` is the visitor's hashed secret while nobody else owns it."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, null=True, related_name="+")
    holder = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="bytes, as stored")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Content(models.Model):
    """The bytes of a document, apart from what lists read."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="content")
    controller = models.ForeignKey("network.Municipality", models.PROTECT, null=True, related_name="+", db_index=False)
    holder = models.CharField(max_length=64, blank=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        return str(self.document_id)
