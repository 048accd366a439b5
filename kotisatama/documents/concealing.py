"""Files that a protected person sent, hidden with their names and taken back; one without a name opens to few."""

import base64
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from kotisatama.documents import locking
from kotisatama.documents.models import Content, Document
from kotisatama.people import actions as people
from kotisatama.people.registry import Part

DOCUMENTS, CONTENTS = "documents_document", "documents_content"


def conceal(ids: Iterable[uuid.UUID]) -> list[Part]:
    """Hide the names of these files, in the transaction's context."""
    found = Document.objects.filter(pk__in=list(ids), controller__isnull=False).exclude(name="")
    return [_take(document) for document in locking.locked(found)]


def _take(document: Document) -> Part:
    said = {"name": document.name}
    document.name = ""
    document.save(update_fields=["name"])
    return Part(document.pk, document.controller_id or "", said)


def reveal(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the name back."""
    Document.objects.filter(pk=row).update(name=said["name"])


def conceal_contents(ids: Iterable[uuid.UUID]) -> list[Part]:
    """Hide the bytes of these files: a scanned letter tells the address."""
    documents = locking.locked(Document.objects.filter(pk__in=list(ids), controller__isnull=False))
    found = Content.objects.filter(pk__in=[each.pk for each in documents]).exclude(data=b"")
    return [_take_content(content) for content in found.select_for_update(of=("self",))]


def _take_content(content: Content) -> Part:
    said = {"data": base64.b64encode(content.data).decode()}
    content.data = b""
    content.save(update_fields=["data"])
    return Part(content.pk, content.controller_id or "", said)


def reveal_content(row: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Put the bytes back, unless a virus was found in them meanwhile."""
    Content.objects.filter(pk=row).exclude(document__scan=Document.Scan.INFECTED).update(
        data=base64.b64decode(said["data"])
    )


def hidden_bytes(row: uuid.UUID) -> bytes:
    """The bytes of a hidden file, for a viewer to whom it opens; empty when there are none."""
    return base64.b64decode(people.concealed_content(CONTENTS, row).get("data", ""))


def drop_hidden_bytes(row: uuid.UUID) -> None:
    """Remove the bytes of a hidden file for good: whoever opens what is hidden gets no virus either."""
    people.drop_concealed(CONTENTS, row)
