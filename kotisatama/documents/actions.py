"""Keeping and handing over files."""

import hashlib
import pathlib
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kotisatama.documents import pictures, uploads
from kotisatama.documents.concealing import CONTENTS as CONTENTS
from kotisatama.documents.concealing import DOCUMENTS as DOCUMENTS
from kotisatama.documents.concealing import conceal as conceal
from kotisatama.documents.concealing import conceal_contents as conceal_contents
from kotisatama.documents.concealing import reveal as reveal
from kotisatama.documents.concealing import reveal_content as reveal_content
from kotisatama.documents.models import Content, Document
from kotisatama.kernel.errors import NotAllowed

PDF_MARK = b"%PDF-"


@transaction.atomic
def keep_upload(upload: "UploadedFile[bytes]", *, holder: str) -> Document:
    """Keep a visitor's file under the visitor's hashed secret; raises NotAllowed with a sentence for the field.

    Its content tells what it is: pictures become JPEG without metadata, a PDF stays as it is, all else is refused.
    """
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise NotAllowed(too_large())
    data = upload.read()
    if not data:
        raise NotAllowed(_("The file is empty. Choose another file."))
    name = pathlib.PurePath((upload.name or "").replace("\\", "/")).name[:100] or "file"
    if data.startswith(PDF_MARK):
        media_type = "application/pdf"
        name = str(pathlib.PurePath(name).with_suffix(".pdf"))
    else:
        try:
            data = pictures.rewrite(data)
        except pictures.NotAPicture:
            raise NotAllowed(
                _("This file is not a picture or a PDF. Choose a JPEG or PNG picture, or a PDF.")
            ) from None
        media_type = "image/jpeg"
        name = str(pathlib.PurePath(name).with_suffix(".jpg"))
    document = Document.objects.create(
        holder=holder, name=name, media_type=media_type, size=len(data), sha256=hashlib.sha256(data).hexdigest()
    )
    Content.objects.create(document=document, holder=holder, data=data)
    return document


def dropped_fields(request: HttpRequest) -> list[str]:
    """Names of the fields whose files were over the limit and dropped while they arrived."""
    _ = request.FILES  # Django reads the body at the first look
    return uploads.dropped(request)


def too_large() -> str:
    """The sentence for a file over the limit."""
    return _("The file is too large. Send a file of at most %(megabytes)d MB.") % {
        "megabytes": settings.UPLOAD_MAX_BYTES // 1_000_000
    }


def hand_over(document_ids: list[UUID], *, holder: str, controller: str) -> None:
    """Give a visitor's files to a controller: from now on its workers may see them."""
    documents = Document.objects.filter(pk__in=document_ids, holder=holder)
    Content.objects.filter(document__in=documents).update(controller_id=controller)
    documents.update(controller_id=controller)


def forget(document_id: UUID, *, holder: str) -> None:
    """Remove a file that its visitor took back before sending."""
    Document.objects.filter(pk=document_id, holder=holder, controller__isnull=True).delete()
