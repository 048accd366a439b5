"""A person is asked to correct some answers: by a link of one purpose, once, and what was sent first stays."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pikepdf import Pdf

from kotisatama.documents.models import Document
from kotisatama.forms.models import Submission
from kotisatama.intake import access, actions, correcting, reading, telling
from kotisatama.intake.models import Correction, Item, KeptFile
from kotisatama.intake.tests import rows
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.errors import AskFirst, NotAllowed
from kotisatama.messages.models import Message
from kotisatama.people import actions as people
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db

PAGE, DONE = "/en/correct/answer/", "/en/correct/done/"


def _pdf() -> bytes:
    written, document = io.BytesIO(), Pdf.new()
    document.add_blank_page()
    document.save(written)
    return written.getvalue()


PDF = _pdf()


@pytest.fixture
def aino() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(name="Aino Niemi")


def taken(aino: Worker, **answers: Any) -> Item:
    item = rows.an_item(**answers)
    with builders.as_worker(aino):
        return actions.claim(item, by=aino)


def asked(aino: Worker, item: Item, *names: str, address: str = "") -> tuple[Correction, str]:
    given = [actions.Asked(name, "Please write this again.") for name in names or ("phone",)]
    delivery = actions.Delivery(address, lambda code: f"https://kotisatama.example/en/correct/{code}/")
    with builders.as_worker(aino):
        version = Item.objects.get(pk=item.pk).version
        return actions.ask_correction(
            item, key=identifiers.new_id(), asked=given, delivery=delivery, version=version, by=aino
        )


def visitor(code: str) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.get(f"/en/correct/{code}/")
    return browser


def fresh(item: Item) -> Item:
    with row_security.context(controllers=["426", "167"]):
        return Item.objects.select_related("submission__version").get(pk=item.pk)


def test_only_the_questions_asked_are_shown_and_nothing_of_the_answers(aino: Worker) -> None:
    item = taken(aino)
    _made, code = asked(aino, item, "phone", "message")
    page = visitor(code).get(PAGE)
    content = page.content.decode()
    assert [each.field.field for each in page.context["asked"]] == ["phone", "message"]
    assert "Please write this again." in content
    for secret in ("401234567", "Fatima", "fatima@post.example", item.submission.reference, "أفهم"):
        assert secret not in content
    assert page.headers["Cache-Control"] == "no-store, private"


def test_a_correction_stands_beside_what_was_sent_first(aino: Worker) -> None:
    item = taken(aino)
    _made, code = asked(aino, item, "phone", "urgent")
    browser = visitor(code)
    for _ in range(2):
        answer = browser.post(PAGE, {"phone": "+358 40 765 4321", "urgent": "no"})
        assert (answer.status_code, answer["Location"]) == (302, DONE)
    with row_security.context(controllers=["426"]):
        now = fresh(item)
        assert now.submission.answers["phone"] == "+358 40 123 4567"
        assert telling.answers(now)["phone"] == "+358 40 765 4321"
        assert now.corrected_at is not None
        (phone,) = [
            each for group in reading.answers(now, aino, "en") for each in group.answers if each.row.name == "phone"
        ]
    assert phone.row.original.text == "+358 40 123 4567"
    assert [each.answer.row.original.text for each in phone.corrections] == ["+358 40 765 4321"]
    assert builders.audit_actions().count("correction.received") == 1
    page = builders.signed_in(aino).get(reverse("intake:item", args=[item.pk])).content.decode()
    assert "corrected" in page
    assert "+358 40 765 4321" in page


@pytest.mark.parametrize("why", ["answered", "withdrawn", "old", "foreign", "none"])
def test_every_link_that_does_not_work_says_the_same(aino: Worker, why: str) -> None:
    item = taken(aino)
    made, code = asked(aino, item)
    browser = visitor(code)
    if why == "answered":
        browser.post(PAGE, {"phone": "0401112222"})
    elif why == "withdrawn":
        with builders.as_worker(aino):
            actions.withdraw_correction(made, by=aino)
    elif why == "old":
        with row_security.context(controllers=["426"]):
            ago = timezone.now() - timedelta(days=20)
            Correction.objects.filter(pk=made.pk).update(asked_at=ago, expires_at=ago + timedelta(days=1))
    link = f"/en/correct/{code if why not in ('foreign', 'none') else correcting.new_code()}/"
    for answer in (Client().get(link), Client().get(PAGE)):
        assert answer.status_code == 200
        assert "This link does not work" in answer.content.decode()
    if why in ("withdrawn", "old"):
        assert "This link does not work" in browser.post(PAGE, {"phone": "0401112222"}).content.decode()
        assert fresh(item).corrected_at is None
    typed = Client().post("/en/correct/", {"code": code if why != "foreign" else "AAAA"})
    assert typed.status_code == (422 if why != "none" else 302)


def test_the_code_on_paper_is_typed_in_any_way(aino: Worker) -> None:
    _made, code = asked(aino, taken(aino))
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        answer = Client().post("/en/correct/", {"code": typed})
        assert (answer.status_code, answer["Location"]) == (302, PAGE)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Answer at least one of the questions."),
        ({"phone": ""}, "Answer at least one of the questions."),
        ({"name": "somebody"}, "Answer at least one of the questions."),
        ({"date_of_birth": "yesterday"}, "Write the date like this: 11.2.1990."),
        ({"phone": "x" * 20_000}, "too long"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(aino: Worker, data: dict[str, str], sentence: str) -> None:
    item = taken(aino)
    _made, code = asked(aino, item, "phone", "date_of_birth")
    answer = visitor(code).post(PAGE, data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert fresh(item).corrected_at is None


def test_a_file_that_was_asked_for_is_seen_by_the_worker(aino: Worker) -> None:
    item = taken(aino)
    _made, code = asked(aino, item, "letter")
    visitor(code).post(PAGE, {"letter": SimpleUploadedFile("paatos.pdf", PDF)})
    with row_security.context(controllers=["426"]):
        assert Document.objects.get().controller_id == "426"
    page = builders.signed_in(aino).get(reverse("intake:item", args=[item.pk])).content.decode()
    assert "paatos.pdf" in page


def test_a_file_given_beside_a_wrong_answer_is_asked_for_again(aino: Worker) -> None:
    item = taken(aino)
    made, code = asked(aino, item, "letter", "date_of_birth")
    browser = visitor(code)
    answer = browser.post(PAGE, {"letter": SimpleUploadedFile("paatos.pdf", PDF), "date_of_birth": "yesterday"})
    content = answer.content.decode()
    assert (answer.status_code, "Choose the file again." in content) == (422, True)
    assert ("Remove the file" in content, "Attached:" in content) == (False, False)
    with row_security.context(controllers=["426"], holder=made.holder):
        assert not Document.objects.exists()
    assert fresh(item).corrected_at is None
    answer = browser.post(PAGE, {"letter": SimpleUploadedFile("paatos.pdf", PDF), "date_of_birth": "8.3.1991"})
    assert answer["Location"] == DONE
    with row_security.context(controllers=["426"]):
        assert Document.objects.get().name == "paatos.pdf"


def test_a_file_of_a_correction_opens_as_the_form_does(aino: Worker) -> None:
    with builders.as_worker(aino):
        person = people.make_person(controller=builders.LIPERI, name="Fatima Al-Zahra", by=aino)
    item = taken(aino)
    _made, code = asked(aino, item, "letter")
    visitor(code).post(PAGE, {"letter": SimpleUploadedFile("paatos.pdf", PDF)})
    with builders.as_worker(aino):
        actions.tie(fresh(item), person, version=fresh(item).version, by=aino)
        letter = Document.objects.get()
    colleague = builders.a_worker()
    for worker, opens in ((aino, True), (colleague, False)):
        with builders.as_worker(worker):
            if opens:
                access.require_file(worker, letter)
            else:
                with pytest.raises(AskFirst):
                    access.require_file(worker, letter)
    with builders.as_worker(aino):
        KeptFile.objects.create(controller_id="426", document=letter, person=person, kept_by=aino)
        Correction.objects.all().delete()
    with builders.as_worker(colleague), pytest.raises(AskFirst):
        access.require_file(colleague, letter)


def test_what_the_queue_sorts_by_follows_what_was_corrected(aino: Worker) -> None:
    item = taken(aino, urgent="no")
    _made, code = asked(aino, item, "topics", "urgent", "municipality")
    visitor(code).post(PAGE, {"topics": ["housing"], "urgent": "yes", "municipality": "167"})
    now = fresh(item)
    assert (now.topics, now.is_urgent, now.municipality) == (["housing"], True, "167")
    assert (now.service_language, now.controller_id) == (item.service_language, item.controller_id)


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ({"phone": "+358 40 765 4321", "phone_safe": "yes"}, True),
        ({"phone": "+358 40 765 4321"}, False),
        ({"phone": "040 1234567"}, True),
        ({"phone_safe": "no"}, False),
    ],
)
def test_a_message_goes_to_the_corrected_number_when_that_was_said_of_it(
    aino: Worker, given: dict[str, str], may: bool
) -> None:
    item = taken(aino)
    _made, code = asked(aino, item, "phone", "phone_safe")
    visitor(code).post(PAGE, given)
    address = "sms:" + ("+358407654321" if "765" in given.get("phone", "") else "+358401234567")
    if may:
        asked(aino, item, "message", address=address)
        with row_security.context(controllers=["426"]):
            assert Message.objects.get().address == address.removeprefix("sms:")
        return
    for other in (address, "sms:+358401234567"):
        with pytest.raises(NotAllowed):
            asked(aino, item, "message", address=other)


def test_the_same_page_again_leaves_the_link_that_was_sent(aino: Worker) -> None:
    item = taken(aino)
    first, code = asked(aino, item, address="sms:+358401234567")

    def again(address: str) -> str:
        delivery = actions.Delivery(address, lambda code: f"https://kotisatama.example/en/correct/{code}/")
        with builders.as_worker(aino):
            return actions.ask_correction(item, key=first.pk, asked=[], delivery=delivery, version=1, by=aino)[1]

    def sent() -> int:
        with row_security.context(controllers=["426"]):
            return Message.objects.count()

    assert (again("sms:+358401234567"), sent()) == ("", 1)
    assert Client().get(f"/en/correct/{code}/").status_code == 302
    paper = again("")
    assert Client().get(f"/en/correct/{paper}/").status_code == 302
    mailed = again("email:fatima@post.example")
    assert (sent(), again("email:fatima@post.example"), sent()) == (2, "", 2)
    assert Client().get(f"/en/correct/{mailed}/").status_code == 302
    with row_security.context(controllers=["426"]):
        assert mailed in Message.objects.get(channel="email").body


def test_the_secret_stands_nowhere_but_in_the_message(aino: Worker) -> None:
    item = taken(aino)
    made, code = asked(aino, item, address="sms:+358401234567")
    with row_security.context(controllers=["426"]):
        message = Message.objects.get()
    assert code in message.body
    assert (message.template, message.language) == ("correction.sms", "ar")
    assert code not in repr(vars(made))
    assert code not in repr([line.details for line in builders.audit_lines()])


def test_the_link_goes_only_where_a_message_may_be_left(aino: Worker) -> None:
    item = taken(aino, phone_safe="no")
    with pytest.raises(NotAllowed):
        asked(aino, item, address="sms:+358401234567")
    with row_security.context(controllers=["426"]):
        assert not Correction.objects.exists()


def test_asking_again_ends_the_earlier_link_and_the_same_page_gives_a_new_code(aino: Worker) -> None:
    item = taken(aino)
    _first, code = asked(aino, item)
    second, newer = asked(aino, item)
    assert "This link does not work" in Client().get(f"/en/correct/{code}/").content.decode()
    with builders.as_worker(aino):
        given: dict[str, Any] = {"asked": [], "delivery": actions.Delivery("", str), "version": 1, "by": aino}
        same, newest = actions.ask_correction(item, key=second.pk, **given)
    assert (same.pk, newest != newer) == (second.pk, True)
    assert Client().get(f"/en/correct/{newest}/").status_code == 302


def test_the_worker_marks_questions_and_prints_the_code(aino: Worker) -> None:
    item = taken(aino)
    client = builders.signed_in(aino)
    url = reverse("intake:ask_correction", args=[item.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in ("version", "key")} | {"delivery": "paper"}
    assert "Choose at least one question." in client.post(url, data).content.decode()
    page = client.post(url, data | {"ask.phone": "add", "own.message": "Mikä kirje?"}).content.decode()
    (code,) = set(re.findall(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", page))
    shown = visitor(code).get(PAGE).content.decode()
    with translation.override("ar"):
        assert correcting.page_language(fresh(item)) == "ar"
    assert "Mikä kirje?" in shown


@pytest.mark.parametrize("name", ["member_name", "start", "age", "made_up"])
def test_a_question_of_a_repeat_or_none_is_not_asked_again(aino: Worker, name: str) -> None:
    with pytest.raises(NotAllowed):
        asked(aino, taken(aino), name)


def test_a_form_that_has_newer_versions_is_corrected_in_its_own(aino: Worker) -> None:
    item = taken(aino)
    _made, code = asked(aino, item, "topics")
    page = visitor(code).get(PAGE)
    assert [option.name for option in page.context["asked"][0].field.options][:2] == ["permits", "housing"]


def test_what_a_protected_person_corrects_goes_under_the_seal(aino: Worker) -> None:
    with builders.as_worker(aino):
        person = people.make_person(controller=builders.JOENSUU, name="Fatima Al-Zahra", by=aino)
    item = taken(aino)
    _made, code = asked(aino, item, "message", "letter")
    with builders.as_worker(aino):
        item = actions.tie(fresh(item), person, version=fresh(item).version, by=aino)
        today = timezone.localdate()
        people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=aino)
        assert {each["sentence"] for each in Correction.objects.get().questions} == {""}
    made, code = asked(aino, item, "message")
    page = visitor(code).get(PAGE)
    assert [each.field.field for each in page.context["asked"]] == ["message"]
    assert visitor(code).post(PAGE, {"message": "Salakuja 5"}).status_code == 302
    with row_security.context(controllers=["426"]):
        now = Correction.objects.get(pk=made.pk)
    assert (now.answers, now.questions) == ({}, [{"name": "message", "sentence": ""}])


def test_answers_given_before_a_non_disclosure_are_hidden_and_come_back(aino: Worker) -> None:
    with builders.as_worker(aino):
        person = people.make_person(controller=builders.JOENSUU, name="Fatima Al-Zahra", by=aino)
    item = taken(aino)
    _made, code = asked(aino, item, "message", "letter")
    visitor(code).post(PAGE, {"message": "Salakuja 5", "letter": SimpleUploadedFile("Salakuja 5.pdf", PDF)})
    with builders.as_worker(aino):
        item = actions.tie(fresh(item), person, version=fresh(item).version, by=aino)
        today = timezone.localdate()
        people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=aino)
        assert Correction.objects.get().answers == {}
        assert Submission.objects.get(pk=item.submission_id).answers == {}
    lead = builders.a_worker("team_lead")
    with builders.as_worker(lead):
        assert Document.objects.get().name == ""
        protection = person.protections.get(ended_at=None)
        people.end_protection(protection, version=protection.version, by=lead)
        assert Correction.objects.get().answers["message"] == "Salakuja 5"
        assert Document.objects.get().name == "Salakuja 5.pdf"
