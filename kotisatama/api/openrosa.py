"""The XML of the OpenRosa protocol: the list of forms, a form's files, and what a device is told."""

import hashlib
from collections.abc import Iterable
from io import StringIO
from typing import NamedTuple
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpResponse
from django.utils.http import http_date
from django.utils.timezone import now
from django.utils.xmlutils import SimplerXMLGenerator

from kotisatama.kernel.xml_text import writable

FORM_LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
ANSWER = "http://openrosa.org/http/response"
XML = "text/xml; charset=utf-8"


class Line(NamedTuple):
    """An element of a list with its children's names and texts."""

    name: str
    texts: dict[str, str]


def digest(content: bytes) -> str:
    """As the protocol writes it; it tells whether a file has changed, and protects nothing."""
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def listing(root: str, namespace: str, lines: Iterable[Line]) -> HttpResponse:
    """A list of forms or files. One text with what XML cannot hold does not close the list to every device."""
    text = StringIO()
    xml = SimplerXMLGenerator(text, "utf-8")
    xml.startDocument()
    xml.startElement(root, AttributesImpl({"xmlns": namespace}))
    for line in lines:
        xml.startElement(line.name, AttributesImpl({}))
        for name, written in line.texts.items():
            xml.addQuickElement(name, writable(written))
        xml.endElement(line.name)
    xml.endElement(root)
    xml.endDocument()
    return answer(text.getvalue())


def message(sentence: str, *, status: int) -> HttpResponse:
    """What the device shows to whoever holds it; a name that somebody sent may hold what XML cannot."""
    text = StringIO()
    xml = SimplerXMLGenerator(text, "utf-8")
    xml.startDocument()
    xml.startElement("OpenRosaResponse", AttributesImpl({"xmlns": ANSWER}))
    xml.addQuickElement("message", writable(sentence), {"nature": "submit_success" if status < 400 else "error"})
    xml.endElement("OpenRosaResponse")
    xml.endDocument()
    return answer(text.getvalue(), status=status)


def answer(content: str | bytes, *, status: int = 200, content_type: str = XML) -> HttpResponse:
    """An answer with the protocol's headers."""
    headers = {"X-OpenRosa-Version": "1.0", "Date": http_date(now().timestamp())}
    return HttpResponse(content, status=status, content_type=content_type, headers=headers)
