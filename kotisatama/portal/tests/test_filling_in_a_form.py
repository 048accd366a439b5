"""The contact form as a visitor fills it in, without a script."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kotisatama.documents.models import Content, Document
from kotisatama.forms import actions as forms
from kotisatama.forms.models import Draft, Submission
from kotisatama.intake.models import Item
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.testing import ROOT
from tests import builders

pytestmark = pytest.mark.django_db

WORKBOOK = ROOT / "kotisatama" / "forms" / "definitions" / "yhteydenotto.xlsx"
FORM = "/ar/form/yhteydenotto/"
ABOUT: dict[str, Any] = {"topics": ["letters"], "message": "لا أفهم هذه الرسالة.", "urgent": "yes", "page:go": "next"}
YOU: dict[str, Any] = {
    "municipality": "426",
    "service_language": "ar",
    "interpreter": "yes",
    "date_of_birth": "11.2.1990",
    "page:go": "next",
}
FAMILY: dict[str, Any] = {"with_family": "no", "page:go": "next"}
CONTACT: dict[str, Any] = {
    "reply_by": "sms",
    "phone": "+358 40 000 0000",
    "phone_safe": "yes",
    "consent": "OK",
    "page:go": "next",
}
PAGES = [ABOUT, YOU, FAMILY, CONTACT]


@pytest.fixture
def visitor() -> Client:
    builders.a_service_point(is_main=True)
    assert not forms.import_form(WORKBOOK, publish=True).problems
    return Client()


def a_letter(size: tuple[int, int] = (1200, 900)) -> SimpleUploadedFile:
    """A photograph as a phone makes it, with the place where it was taken."""
    picture, written = Image.new("RGB", size, "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone of Fatima"
    picture.save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("kirje.jpg", written.getvalue(), "image/jpeg")


def fill(visitor: Client, pages: list[dict[str, Any]] = PAGES) -> Any:
    for number, answers in enumerate(pages, start=1):
        response = visitor.post(f"{FORM}{number}/", answers)
        assert response.status_code == 302, response.content.decode()
    return response


def key_of(visitor: Client) -> str:
    return str(visitor.get(f"{FORM}check/").context["key"])


def send(visitor: Client, key: str) -> Any:
    return visitor.post(f"{FORM}check/", {"page:key": key, "page:go": "send"})


def submissions() -> list[Submission]:
    with row_security.context(controllers=["167", "426"]):
        return list(Submission.objects.all())


def test_a_filled_form_becomes_one_submission_of_the_home_municipality_with_a_receipt(visitor: Client) -> None:
    fill(visitor)
    response = send(visitor, key_of(visitor))
    (submission,) = submissions()
    assert submission.controller_id == "426"
    assert submission.language == "ar"
    assert response["Location"] == f"{FORM}sent/{submission.reference}/"
    assert submission.reference in visitor.get(response["Location"]).content.decode()
    with row_security.context(controllers=["426"]):
        assert Item.objects.get().submission_id == submission.pk


def test_pressing_send_again_gives_the_same_receipt_and_no_second_submission(visitor: Client) -> None:
    fill(visitor)
    key = key_of(visitor)
    first, second = send(visitor, key), send(visitor, key)
    assert first["Location"] == second["Location"]
    assert len(submissions()) == 1


def test_a_stranger_with_the_reference_sees_no_receipt(visitor: Client) -> None:
    fill(visitor)
    address = send(visitor, key_of(visitor))["Location"]
    assert Client().get(address).status_code == 404


def test_a_key_that_nobody_made_sends_nothing(visitor: Client) -> None:
    assert send(visitor, str(identifiers.new_id())).status_code == 302
    assert submissions() == []


def test_an_unanswered_question_is_named_at_the_top_and_at_its_place_and_the_rest_is_kept(visitor: Client) -> None:
    response = visitor.post(f"{FORM}1/", {"message": "مرحبا", "urgent": "no", "page:go": "next"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#q-topics-permits"' in page
    assert 'id="q-topics-permits"' in page
    assert "مرحبا" in page


def test_2001_characters_are_refused_in_the_forms_own_words_and_kept(visitor: Client) -> None:
    text = "س" * 2001
    page = visitor.post(f"{FORM}1/", ABOUT | {"message": text}).content.decode()
    assert "2000 حرف كحد أقصى." in page
    assert text in page


@pytest.mark.parametrize(
    "bad",
    [
        {"hetu": "010594Y9032"},
        {"topics": ["letters", "weapons"]},
        {"urgent": "maybe"},
        {"welcome": "changed"},
    ],
    ids=["unknown field", "choice not on the list", "choice of one not on the list", "note as a field"],
)
def test_a_page_with_what_the_form_never_asked_is_refused(visitor: Client, bad: dict[str, Any]) -> None:
    response = visitor.post(f"{FORM}1/", ABOUT | bad)
    assert response.status_code == 422
    assert "ds-error-summary" in response.content.decode()


def test_a_calculated_value_from_the_client_is_refused(visitor: Client) -> None:
    fill(visitor, PAGES[:1])
    assert visitor.post(f"{FORM}2/", YOU | {"age": "99"}).status_code == 422


def test_an_impossible_date_is_refused_at_its_field_and_shown_as_typed(visitor: Client) -> None:
    fill(visitor, PAGES[:1])
    page = visitor.post(f"{FORM}2/", YOU | {"date_of_birth": "31.2.1990"}).content.decode()
    assert 'id="q-date_of_birth-error"' in page
    assert 'value="31.2.1990"' in page


def test_a_question_that_an_answer_brings_up_is_shown_before_the_form_goes_on(visitor: Client) -> None:
    fill(visitor, PAGES[:1])
    young = YOU | {"date_of_birth": "11.2.2020"}
    page = visitor.post(f"{FORM}2/", young).content.decode()
    assert 'name="guardian"' in page
    assert "ds-error-summary" not in page
    assert visitor.post(f"{FORM}2/", young | {"guardian": ""}).status_code == 422
    assert visitor.post(f"{FORM}2/", young | {"guardian": "Amina"}).status_code == 302


def test_switching_the_language_keeps_what_was_typed(visitor: Client) -> None:
    response = visitor.post(f"{FORM}1/", {"message": "Ymmärrättekö?", "page:language": "fi"})
    assert response["Location"] == "/fi/form/yhteydenotto/1/"
    page = visitor.get(response["Location"]).content.decode()
    assert "Ymmärrättekö?" in page
    assert 'lang="fi"' in page


def test_a_family_member_can_be_added_and_removed_without_losing_the_others(visitor: Client) -> None:
    fill(visitor, PAGES[:2])
    first = {"with_family": "yes", "member-0-member_name": "Ali", "member-0-member_birth_year": "2015"}
    assert visitor.post(f"{FORM}3/", first | {"member-add": "1"}).status_code == 302
    page = visitor.get(f"{FORM}3/").content.decode()
    assert 'name="member-1-member_name"' in page
    assert 'value="Ali"' in page
    second = first | {"member-1-member_name": "Sara", "member-remove": "0"}
    assert visitor.post(f"{FORM}3/", second).status_code == 302
    page = visitor.get(f"{FORM}3/").content.decode()
    assert 'value="Ali"' not in page
    assert 'value="Sara"' in page


def test_the_picture_of_a_letter_is_kept_without_what_the_phone_wrote_into_it(visitor: Client) -> None:
    fill(visitor, [ABOUT | {"letter": a_letter()}, *PAGES[1:]])
    send(visitor, key_of(visitor))
    with row_security.context(controllers=["426"]):
        document = Document.objects.get()
        content = bytes(Content.objects.get().data)
    assert document.media_type == "image/jpeg"
    assert b"Phone of Fatima" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (1200, 900)


def test_a_program_renamed_to_a_picture_is_refused_and_the_text_kept(visitor: Client) -> None:
    file = SimpleUploadedFile("kirje.jpg", b"MZ\x90\x00" + b"\0" * 500, "image/jpeg")
    response = visitor.post(f"{FORM}1/", ABOUT | {"letter": file})
    assert response.status_code == 422
    assert 'href="#q-letter"' in response.content.decode()
    assert "لا أفهم" in response.content.decode()
    with row_security.context(controllers=["167", "426"]):
        assert not Document.objects.exists()


def test_a_file_over_the_limit_is_dropped_at_the_door_and_the_text_kept(visitor: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2_000_000
    file = SimpleUploadedFile("kirje.jpg", b"\xff\xd8\xff" + b"\0" * 3_000_000, "image/jpeg")
    response = visitor.post(f"{FORM}1/", ABOUT | {"letter": file})
    assert response.status_code == 422
    assert 'href="#q-letter"' in response.content.decode()
    assert "لا أفهم" in response.content.decode()


def test_forgetting_removes_the_draft_and_its_file(visitor: Client) -> None:
    fill(visitor, [ABOUT | {"letter": a_letter()}])
    holder = _holder_of(visitor)
    visitor.post(f"{FORM}forget/")
    with row_security.context(holder=holder):
        assert not Draft.objects.exists()
        assert not Document.objects.exists()


def _holder_of(visitor: Client) -> str:
    from kotisatama.portal import holder

    return holder._hash(visitor.cookies[holder.COOKIE].value)


def test_without_a_draft_a_later_page_leads_to_the_first(visitor: Client) -> None:
    assert visitor.get(f"{FORM}3/")["Location"] == FORM


def test_a_card_of_the_start_page_chooses_its_topic(visitor: Client) -> None:
    page = visitor.get(f"{FORM}?topics=letters").content.decode()
    assert 'value="letters" checked' in page
    assert 'value="housing" checked' not in page


def test_an_incomplete_draft_cannot_be_sent(visitor: Client) -> None:
    fill(visitor, PAGES[:2])
    response = send(visitor, key_of(visitor))
    assert response.status_code == 422
    assert submissions() == []
    assert 'href="#check-reply_by"' in response.content.decode()
