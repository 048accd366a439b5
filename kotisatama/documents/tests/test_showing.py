"""A file that was sent, as a worker opens it."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.documents.models import Content, Document
from kotisatama.kernel import row_security
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
SHA256 = hashlib.sha256(b"the letter").hexdigest()


def a_file(media_type: str = "image/jpeg", name: str = "kirje.jpg", controller: str = builders.LIPERI) -> Document:
    with row_security.context(controllers=[controller]):
        builders.a_municipality(controller)
        document = Document.objects.create(
            controller_id=controller, holder="0" * 64, name=name, media_type=media_type, size=10, sha256=SHA256
        )
        Content.objects.create(document=document, controller_id=controller, holder="0" * 64, data=b"the letter")
    return document


def address(document: Document) -> str:
    return reverse("documents:content", args=[document.pk])


@pytest.mark.parametrize(
    ("media_type", "name", "shown_as", "disposition"),
    [
        ("image/jpeg", "kirje.jpg", "image/jpeg", 'inline; filename="kirje.jpg"'),
        ("application/pdf", "kirje.pdf", "application/octet-stream", 'attachment; filename="kirje.pdf"'),
        ("text/html", "kirje.html", "application/octet-stream", 'attachment; filename="kirje.html"'),
        ("image/svg+xml", "kirje.svg", "application/octet-stream", 'attachment; filename="kirje.svg"'),
        ("image/png", "kirje.png", "application/octet-stream", 'attachment; filename="kirje.png"'),
    ],
)
def test_only_a_jpeg_opens_in_the_browser(media_type: str, name: str, shown_as: str, disposition: str) -> None:
    document = a_file(media_type, name)
    response = builders.signed_in(builders.a_worker()).get(address(document))
    assert response.content == b"the letter"
    assert (response.headers["Content-Type"], response.headers["Content-Disposition"]) == (shown_as, disposition)


def test_whatever_somebody_hid_in_it_runs_nowhere() -> None:
    response = builders.signed_in(builders.a_worker()).get(address(a_file()))
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_looking_leaves_a_line() -> None:
    document = a_file()
    builders.signed_in(builders.a_worker()).get(address(document))
    (line,) = builders.audit_lines()
    assert (line.action, line.subject_id, line.controllers) == ("document.viewed", document.pk, [builders.LIPERI])


def test_another_municipalitys_worker_finds_no_file() -> None:
    assert builders.signed_in(builders.an_outsider()).get(address(a_file())).status_code == 404


@pytest.mark.parametrize("role", [Role.PARTNER_WORKER, Role.REPORT_READER, Role.MAIN_USER])
def test_whoever_does_not_read_the_inbox_opens_no_file(role: Role) -> None:
    assert builders.signed_in(builders.a_worker(role)).get(address(a_file())).status_code == 403


def test_a_visitor_is_sent_to_the_sign_in_page() -> None:
    assert Client().get(address(a_file())).status_code == 302
