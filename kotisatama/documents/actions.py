"""Keeping and handing over files."""

import hashlib
import pathlib
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotisatama.documents import locking, pdf, pictures, quarantine, tasks, uploads
from kotisatama.documents.concealing import CONTENTS as CONTENTS
from kotisatama.documents.concealing import DOCUMENTS as DOCUMENTS
from kotisatama.documents.concealing import conceal as conceal
from kotisatama.documents.concealing import conceal_contents as conceal_contents
from kotisatama.documents.concealing import reveal as reveal
from kotisatama.documents.concealing import reveal_content as reveal_content
from kotisatama.documents.models import Content, Document
from kotisatama.kernel.errors import NotAllowed


@transaction.atomic
def keep_upload(upload: "UploadedFile[bytes]", *, holder: str) -> Document:
    """Keep a visitor's file under the visitor's hashed secret; raises NotAllowed with a sentence for the field.

    Its content tells what it is: pictures become JPEG without metadata, a PDF is written anew without what could run or
    tell too much, all else is refused. Where a virus scanner is set up nobody opens the file before it was asked.
    """
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise NotAllowed(too_large())
    data = upload.read()
    if not data:
        raise NotAllowed(_("The file is empty. Choose another file."))
    media_type, ending, written = _written_anew(data)
    name = pathlib.PurePath((upload.name or "").replace("\\", "/")).name[:100] or "file"
    document = Document.objects.create(
        holder=holder,
        name=str(pathlib.PurePath(name).with_suffix(ending)),
        media_type=media_type,
        size=len(written),
        sha256=hashlib.sha256(written).hexdigest(),
        scan=quarantine.state_at_the_door(),
    )
    Content.objects.create(document=document, holder=holder, data=written)
    if document.scan == Document.Scan.WAITING:
        tasks.scan.defer(document_id=str(document.pk))
    return document


def _written_anew(data: bytes) -> tuple[str, str, bytes]:
    if data.startswith(pdf.MARK):
        return "application/pdf", ".pdf", pdf.clean(data)
    try:
        return "image/jpeg", ".jpg", pictures.rewrite(data)
    except pictures.TooManyPixels:
        raise NotAllowed(
            _("The picture has too many pixels to be opened. Make it smaller, or take it again in lower quality.")
        ) from None
    except pictures.NotAPicture:
        raise NotAllowed(_("This file is not a picture or a PDF. Choose a JPEG or PNG picture, or a PDF.")) from None


def dropped_fields(request: HttpRequest) -> list[str]:
    """Names of the fields whose files were over the limit and dropped while they arrived."""
    _ = request.FILES  # Django reads the body at the first look
    return uploads.dropped(request)


def too_large() -> str:
    """The sentence for a file over the limit."""
    return _("The file is too large. Send a file of at most %(megabytes)d MB.") % {
        "megabytes": settings.UPLOAD_MAX_BYTES // 1_000_000
    }


@transaction.atomic
def hand_over(document_ids: list[UUID], *, holder: str, controller: str, sender: str = "") -> None:
    """Give a visitor's files to a controller: from now on its workers may see them.

    `sender` is who sends them when that is another browser than the `holder` under whom they were kept.
    """
    documents = locking.locked(Document.objects.filter(pk__in=document_ids, holder=holder))
    keys = [document.pk for document in documents]
    given = {"controller_id": controller, "holder": sender or holder}
    Content.objects.filter(pk__in=keys).update(**given)
    Document.objects.filter(pk__in=keys).update(**given)
    for document in documents:
        document.controller_id = controller
        if document.scan == Document.Scan.INFECTED:
            quarantine.note_infected(document)


@transaction.atomic
def forget(document_id: UUID, *, holder: str) -> None:
    """Remove a file that its visitor took back before sending."""
    for document in locking.locked(Document.objects.filter(pk=document_id, holder=holder, controller__isnull=True)):
        document.delete()
