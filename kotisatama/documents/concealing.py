"""Names of files that a protected person sent, hidden and taken back; a file without a name opens to few."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from kotisatama.documents.models import Document
from kotisatama.people.registry import Part

DOCUMENTS = "documents_document"


def conceal(ids: Iterable[uuid.UUID]) -> list[Part]:
    """Hide the names of these files, in the transaction's context."""
    found = Document.objects.filter(pk__in=list(ids), controller__isnull=False).exclude(name="")
    return [_take(document) for document in found.select_for_update(of=("self",))]


def _take(document: Document) -> Part:
    said = {"name": document.name}
    document.name = ""
    document.save(update_fields=["name"])
    return Part(document.pk, document.controller_id or "", said)


def reveal(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the name back."""
    Document.objects.filter(pk=row).update(name=said["name"])
