"""A device with its address, the contact form filled in on it, and what arrived."""

import io
import xml.etree.ElementTree as ET
from datetime import timedelta

from django.utils import timezone
from PIL import Image

from kotisatama.api import actions
from kotisatama.api.tests.openrosa_client import OpenRosaClient, fill
from kotisatama.documents.models import Document
from kotisatama.forms.models import Draft, Submission
from kotisatama.kernel import identifiers, row_security
from kotisatama.staff.models import Worker
from tests import builders

INSTANCE = "uuid:0f4ee3a6-7a45-4b5d-8d3b-6d2f2b1a9c11"


def a_device(worker: Worker, *, days: int = 30) -> OpenRosaClient:
    last = timezone.localdate() + timedelta(days=days)
    with builders.as_worker(worker):
        secret = actions.make_key(label="Tablet 3", expires_on=last, key=identifiers.new_id(), by=worker)
    return OpenRosaClient(f"http://testserver/odk/{secret}/")


def a_picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return content.getvalue()


def filled(device: OpenRosaClient, code: str = "yhteydenotto", **answers: str) -> ET.Element:
    """The contact form as Fatima fills it in on the tablet."""
    (listed,) = device.listed(formID=code)
    root = device.fetch(listed).instance()
    given = {
        "start": "2026-11-20T10:15:00.000+02:00", "today": "2026-11-20", "topics": "letters benefits",
        "message": "I do not understand\nthis letter.", "letter": "1700000000001.png", "urgent": "yes",
        "municipality": "426", "service_language": "ar", "interpreter": "yes", "date_of_birth": "1991-03-08",
        "age": "35", "with_family": "yes", "member_name": "Yusuf", "member_birth_year": "2015",
        "member_relation": "child", "children": "1", "reply_by": "sms", "phone": "+358 40 123 4567",
        "phone_safe": "yes", "name": "Fatima", "consent": "OK", "instanceID": INSTANCE,
    }  # fmt: skip
    fill(root, **(given | answers))
    return root


def submissions() -> list[Submission]:
    with row_security.context(controllers=["167", "426"]):
        return list(Submission.objects.select_related("version"))


def nothing_is_left() -> bool:
    """No submission, draft or file anywhere: counted by the owner of no row, so through retention's door."""
    with row_security.retention():
        drafts = Draft.objects.count() + Document.objects.count()
    return not submissions() and not drafts
