"""Reading files: what is known of them, and their bytes apart."""

from collections.abc import Iterable
from uuid import UUID

from kotisatama.documents import access, concealing
from kotisatama.documents.models import Content, Document
from kotisatama.staff.models import Worker

# Every picture that we keep is a JPEG of our own encoder; nothing else is ever shown inside a page.
SHOWN_INLINE = frozenset({"image/jpeg"})


def is_picture(document: Document) -> bool:
    """Whether a browser may show the file inside a page: it is a picture that we wrote anew ourselves."""
    return document.media_type in SHOWN_INLINE


def read_bytes(document: Document) -> bytes:
    """The file's bytes as stored, or from under the non-disclosure that hides them."""
    return bytes(Content.objects.get(document_id=document.pk).data) or concealing.hidden_bytes(document.pk)


def by_id(viewer: Worker, ids: Iterable[UUID]) -> dict[UUID, Document]:
    """The files of these ids that exist for the viewer. One query."""
    return access.visible_documents(viewer).in_bulk(list(ids))
