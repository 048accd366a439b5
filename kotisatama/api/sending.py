"""The request in which a device sends a form: measured before it is read, and taken apart."""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from kotisatama.api import xml_instance
from kotisatama.api.errors import Refused
from kotisatama.documents import actions as documents

XML_PART = "xml_submission_file"
MORE_FOLLOWS = "*isIncomplete*"


class Sent(NamedTuple):
    """The instance as XML, and the files beside it by name."""

    xml: bytes
    files: dict[str, "UploadedFile[bytes]"]


def read(request: HttpRequest) -> Sent:
    """The parts of the request; raises Refused."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length[:20]) > settings.DEVICE_MAX_BYTES:
        raise Refused(413, _too_large())
    if request.content_type != "multipart/form-data":
        raise Refused(400, _("The form did not come as multipart/form-data. Nothing was received."))
    try:
        parts, dropped = request.FILES, documents.dropped_fields(request)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError) as reason:
        raise Refused(400, _("The parts of the form cannot be read. Send it again. Nothing was received.")) from reason
    if dropped:
        raise Refused(413, f"{dropped[0][:100]}: {documents.too_large()}")
    if MORE_FOLLOWS in request.POST:
        raise Refused(413, _too_large())
    files: dict[str, UploadedFile[bytes]] = {}
    for part_name, part in parts.items():
        if isinstance(part, UploadedFile):
            files |= {str(name): part for name in (part.name, part_name) if name}
    return Sent(_xml(request, files.pop(XML_PART, None)), files)


def _xml(request: HttpRequest, part: "UploadedFile[bytes] | None") -> bytes:
    if part is not None:
        return bytes(part.read(xml_instance.MOST_BYTES + 1))
    written = request.POST.get(XML_PART, "")
    if not written:
        raise Refused(400, _("The part xml_submission_file is missing. Nothing was received."))
    return written.encode()


def _too_large() -> str:
    return _("A form and its files are together at most %(megabytes)d MB. Nothing was received.") % {
        "megabytes": settings.DEVICE_MAX_BYTES // 1_000_000
    }
