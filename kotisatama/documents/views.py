"""A file for a worker."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from kotisatama.audit import actions as audit
from kotisatama.documents import access, queries, registry
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

# The file opens as a document of nowhere: no script, no cookie, no request, whatever somebody hid in it.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"


@requires(Permission.SEE_INBOX)
def content(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send the file: pictures of our own encoder to be shown, everything else to be saved."""
    document = get_object_or_404(access.visible_documents(request.user), pk=pk)
    registry.ask_gates(request.user, document)
    picture = queries.is_picture(document)
    response = HttpResponse(
        queries.read_bytes(document), content_type=document.media_type if picture else "application/octet-stream"
    )
    response.headers["Content-Disposition"] = content_disposition_header(not picture, document.name) or "attachment"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    audit.record("document.viewed", by=request.user, controllers=[document.controller_id or ""], subject=document)
    return response
