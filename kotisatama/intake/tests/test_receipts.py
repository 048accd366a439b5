"""The receipt: both languages, tags that a screen reader follows, and nothing that people typed taken for markup."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from kotisatama.forms import actions as forms
from kotisatama.forms.models import Submission
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


def a_receipt(language: str = "ar", beside: str = "fi", **answers: Any) -> pikepdf.Pdf:
    item = rows.an_item(language=language, **answers)
    with row_security.context(controllers=[item.controller_id]):
        submission = Submission.objects.select_related("version__form").get(pk=item.submission_id)
        return pikepdf.open(io.BytesIO(forms.receipt_pdf(submission, beside=beside)))


def tags(pdf: pikepdf.Pdf) -> list[Any]:
    """Every element of the structure tree, in the order of reading."""

    def walk(element: Any) -> Iterator[Any]:
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            yield element
        inside = element.get("/K") if isinstance(element, pikepdf.Dictionary) else None
        for each in inside if isinstance(inside, pikepdf.Array) else [inside]:
            yield from walk(each) if each is not None else ()

    return list(walk(pdf.Root.StructTreeRoot))


def names(pdf: pikepdf.Pdf) -> list[str]:
    return [str(each.S) for each in tags(pdf)]


def test_a_receipt_says_of_itself_that_it_is_accessible() -> None:
    pdf = a_receipt()
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "ar"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.Root.ViewerPreferences.Direction == "/R2L"
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"]


def test_its_tags_are_headings_and_tables_with_headers_each_in_its_language() -> None:
    pdf = a_receipt()
    found = names(pdf)
    assert found[0] == "/Document"
    assert found.count("/H1") == 1
    assert found.count("/H2") >= 3
    assert found.count("/TH") >= 6
    languages = {str(each.Lang) for each in tags(pdf) if "/Lang" in each}
    assert "fi" in languages
    every = set(found)
    assert every <= {
        *("/Document", "/H1", "/H2", "/P", "/Span", "/Table", "/THead", "/TBody", "/TR", "/TH", "/TD", "/Div"),
    }


def test_all_that_is_drawn_is_tagged_or_marked_as_decoration() -> None:
    for page in a_receipt().pages:
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            name = str(instruction.operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            assert depth or name not in ("Tj", "TJ", "S", "f", "Do"), name


def test_in_the_readers_own_language_nothing_stands_twice() -> None:
    one, two = a_receipt("fi"), a_receipt("uk")
    assert {str(each.Lang) for each in tags(one) if "/Lang" in each} <= {"fi"}
    assert {str(each.Lang) for each in tags(two) if "/Lang" in each} >= {"fi"}


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("x") $ x_1 $ *bold* _it_ `raw` = heading\n- list @ref <label> \\ // comment',
        '"}] , {"title": "x"} \\u0000 \\n',
        "\u202eabc\u202c \u2066x\u2069 \u200f",
        "中文 😀 မြန်မာ 𐍈",
        "ก ข ค অসমীয়া සිංහල עברית",
        "x" * 9000,
        "a\u1680b",
        "a\x1cb\x01",
        "a\u3000b\x85\r\n",
        "7\u09bf \u3000\u0e34",
        "1\ufe0f\u20e3 \ufeff",
    ],
)
def test_nothing_that_people_type_is_markup_or_breaks_it(typed: str) -> None:
    pdf = a_receipt(message=typed, name=typed[:100])
    assert names(pdf).count("/H1") == 1


def test_only_who_sent_the_form_gets_the_receipt(client: Client) -> None:
    item = rows.an_item()
    reference = "AAAA-AAAA"
    for language in ("fi", "ar"):
        assert client.get(f"/{language}/form/yhteydenotto/sent/{reference}/receipt.pdf").status_code == 404
    with row_security.context(controllers=[item.controller_id]):
        reference = Submission.objects.get(pk=item.submission_id).reference
    assert client.get(f"/fi/form/yhteydenotto/sent/{reference}/receipt.pdf").status_code == 404


def test_a_worker_gets_it_with_one_audit_line() -> None:
    item, worker = rows.an_item(), builders.a_worker(Role.COUNSELLOR, language="sv")
    before = len(builders.audit_lines())
    response = builders.signed_in(worker).get(reverse("intake:receipt_pdf", args=[item.pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF")
    lines = builders.audit_lines()[before:]
    assert [(line.action, line.details["page"]) for line in lines] == [("submission.viewed", "receipt")]


def test_a_worker_of_another_municipality_gets_none() -> None:
    item = rows.an_item()
    other = builders.signed_in(builders.an_outsider(Role.COUNSELLOR))
    assert other.get(reverse("intake:receipt_pdf", args=[item.pk])).status_code == 404
