"""A file that was removed for a virus: the visitor reads so without being scared, and is asked for it again."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kotisatama.documents.models import Document
from kotisatama.forms import actions as forms
from kotisatama.intake import actions as intake
from kotisatama.intake.models import Item
from kotisatama.kernel import row_security
from kotisatama.kernel.testing import ROOT
from kotisatama.portal.tests import visitors
from kotisatama.portal.tests.visitors import ABOUT, FORM, PAGES
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"


def a_letter() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (30, 20)).save(written, "JPEG")
    return SimpleUploadedFile("kirje.jpg", written.getvalue(), content_type="image/jpeg")


@pytest.fixture
def phone() -> Client:
    """A phone that has filled in the form, with a letter."""
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    browser = Client()
    visitors.fill(browser, [ABOUT | {"letter": a_letter()}, *PAGES[1:]])
    return browser


def sent(browser: Client) -> str:
    return str(visitors.send(browser)["Location"])


def documents(**change: Any) -> list[Document]:
    with row_security.context(controllers=["426"]):
        if change:
            Document.objects.update(**change)
        return list(Document.objects.all())


def test_the_receipt_says_so_in_the_visitors_language_and_only_then(phone: Client) -> None:
    receipt = sent(phone)
    assert "We need a file again" not in phone.get(receipt).content.decode()
    documents(scan="infected", scan_found="Eicar-Signature")
    page = phone.get(receipt).content.decode()
    assert "We need a file again" in page
    assert "kirje.jpg" in page
    for word in ("virus", "Eicar"):
        assert word not in page
    assert "نحتاج" in phone.get(receipt.replace("/en/", "/ar/")).content.decode()


def test_the_worker_asks_for_it_again_with_a_sentence_that_is_chosen_already(phone: Client) -> None:
    sent(phone)
    documents(scan="infected")
    aino = builders.a_worker()
    with builders.as_worker(aino):
        item = intake.claim(Item.objects.get(), by=aino)
    form = builders.signed_in(aino).get(f"/desk/inbox/{item.pk}/ask/").context["form"]
    assert {name: form[name].value() for name in form.fields if name.startswith("ask.") and form[name].value()} == {
        "ask.letter": "removed"
    }


def test_a_form_sent_from_another_browser_keeps_its_file_and_its_receipt_knows_it(phone: Client) -> None:
    library = Client()
    visitors.go_on(library, visitors.code_of(phone))
    receipt = sent(library)
    (document,) = documents(scan="infected")
    assert document.holder == visitors.submissions()[0].holder == visitors.holder_of(library)
    assert "We need a file again" in library.get(receipt).content.decode()
    assert phone.get(f"{FORM}sent/{receipt.split('/')[-2]}/").status_code == 404
