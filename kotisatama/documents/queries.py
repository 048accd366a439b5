"""Reading files: what is known of them, and their bytes apart."""

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from kotisatama.documents import access, concealing
from kotisatama.documents.models import Content, Document
from kotisatama.staff.models import Worker

# Every picture that we keep is a JPEG of our own encoder; nothing else is ever shown inside a page.
SHOWN_INLINE = frozenset({"image/jpeg"})


class Withheld(Exception):
    """The file's bytes are not given out; `str()` is a code: a state of the scan, or `changed`."""


def is_picture(document: Document) -> bool:
    """Whether a browser may show the file inside a page: a picture that we wrote anew ourselves, not in quarantine."""
    return document.media_type in SHOWN_INLINE and document.is_let_out


def read_bytes(document: Document) -> bytes:
    """The file's bytes as they were approved, also from under a non-disclosure; raises Withheld, whoever asks."""
    if not document.is_let_out:
        raise Withheld(document.scan)
    data = stored_bytes(document)
    if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), document.approved_sha256):
        raise Withheld("changed")
    return data


def stored_bytes(document: Document) -> bytes:
    """What lies there, or under the non-disclosure that hides it, approved or not: for the scanner alone."""
    content = Content.objects.filter(document_id=document.pk).first()
    return (bytes(content.data) if content else b"") or concealing.hidden_bytes(document.pk)


def by_id(viewer: Worker, ids: Iterable[UUID]) -> dict[UUID, Document]:
    """The files of these ids that exist for the viewer. One query."""
    return access.visible_documents(viewer).in_bulk(list(ids))


def removed_of(holder: str, ids: Iterable[UUID]) -> list[Document]:
    """Of a visitor's own files those that were removed for a virus. One query."""
    return list(Document.objects.filter(pk__in=list(ids), holder=holder, scan=Document.Scan.INFECTED).order_by("pk"))


def removed(ids: Iterable[UUID]) -> list[UUID]:
    """Of these files those that were removed for a virus. One query."""
    found = Document.objects.filter(pk__in=list(ids), scan=Document.Scan.INFECTED)
    return list(found.order_by("pk").values_list("pk", flat=True))
