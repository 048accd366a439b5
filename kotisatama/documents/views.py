"""A file for a worker."""

import logging
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header

from kotisatama.audit import actions as audit
from kotisatama.documents import access, queries, registry
from kotisatama.documents.models import Document
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

logger = logging.getLogger(__name__)

# The file opens as a document of nowhere: no script, no cookie, no request, whatever somebody hid in it.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"


# What is held back, as the web has numbers for it: come again, gone, or not as it should be.
STATUS = {"waiting": 409, "infected": 410}


@requires(Permission.SEE_INBOX)
def content(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send the file: pictures of our own encoder to be shown, everything else to be saved."""
    document = get_object_or_404(access.visible_documents(request.user), pk=pk)
    registry.ask_gates(request.user, document)
    try:
        data = queries.read_bytes(document)
    except queries.Withheld as reason:
        return _withheld(request, document, str(reason))
    picture = queries.is_picture(document)
    response = HttpResponse(data, content_type=document.media_type if picture else "application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(not picture, document.name) or "attachment"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    audit.record("document.viewed", by=request.user, controllers=[document.controller_id or ""], subject=document)
    return response


def _withheld(request: StaffRequest, document: Document, why: str) -> HttpResponse:
    """Say why the file does not open, and what to do; nothing of its bytes leaves."""
    if why == "changed":
        logger.error("A stored file is not what was approved: %s", document.pk)
    controllers = [document.controller_id or ""]
    audit.record("document.refused", by=request.user, controllers=controllers, subject=document, details={"why": why})
    context = {"document": document, "why": why}
    response = render(request, "documents/withheld.html", context, status=STATUS.get(why, 409))
    response.headers["Cache-Control"] = "private, no-store"
    return response
