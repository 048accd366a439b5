"""A protected person's forms, answers and files: helped as everybody, and no place told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from pytest_django.fixtures import Settings

from kotisatama.documents.models import Content, Document
from kotisatama.documents.tests import clamd
from kotisatama.forms.models import Submission
from kotisatama.intake import actions, answering
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import identifiers
from kotisatama.messages.models import Message
from kotisatama.people import actions as people
from kotisatama.people import registry
from kotisatama.people.models import ConcealedPart, Person, Protection
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders, worlds

pytestmark = pytest.mark.django_db

STREET = "Salakuja 5"
SAFE, UNSAFE = "+358401234567", "+358409990001"


@pytest.fixture(name="aino")
def aino_fixture() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(Role.COUNSELLOR)


@pytest.fixture(name="lead")
def lead_fixture() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD)


def fatima(aino: Worker, *channels: tuple[str, str, bool]) -> Person:
    with builders.as_worker(aino):
        return people.make_person(
            controller=builders.LIPERI, name="Fatima Al-Zahra", municipality="426", channels=channels, by=aino
        )


def protect(person: Person, by: Worker) -> Protection:

    today = timezone.localdate()
    with builders.as_worker(by):
        made = people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=by)
        person.refresh_from_db()
    return made


def tied(aino: Worker, person: Person, **answers: Any) -> Item:
    item = rows.an_item(**answers)
    with builders.as_worker(aino):
        item = actions.claim(item, by=aino)
        return actions.tie(item, person, version=item.version, by=aino)


def fresh(item: Item, worker: Worker) -> Item:
    with builders.as_worker(worker):
        return Item.objects.select_related("submission", "person").get(pk=item.pk)


def test_answers_files_and_municipality_are_hidden_and_come_back(aino: Worker, lead: Worker) -> None:
    letter = rows.a_letter(name="Salakuja 5.jpg")
    person = fatima(aino)
    item = tied(aino, person, letter={"document": str(letter.pk), "name": "Salakuja 5.jpg"}, message="Salakuja 5")
    before = fresh(item, aino).submission.answers
    protection = protect(person, aino)
    item = fresh(item, aino)
    assert (item.submission.answers, item.submission.calculated, item.municipality) == ({}, {}, "secret")
    assert item.submission.is_concealed
    with builders.as_worker(lead):
        assert Document.objects.get(pk=letter.pk).name == ""
        opened = people.open_protected(person, reason="serve", by=lead)
        assert {part.source for part in opened.parts} == {
            "forms_submission",
            "intake_item",
            "documents_document",
            "people_residence",
        }
        people.end_protection(protection, version=1, by=lead)
        assert Document.objects.get(pk=letter.pk).name == "Salakuja 5.jpg"
        revealed = Submission.objects.get(pk=item.submission_id)
        assert (revealed.answers, revealed.is_concealed) == (before, False)
        assert Item.objects.get(pk=item.pk).municipality == "426"


def test_a_file_of_a_protected_person_opens_to_whoever_may_see_what_is_hidden(aino: Worker, lead: Worker) -> None:
    letter = rows.a_letter()
    person = fatima(aino)
    tied(aino, person, letter={"document": str(letter.pk), "name": "kirje.jpg"})
    address = f"/desk/documents/{letter.pk}/"
    assert builders.signed_in(aino).get(address).status_code == 200
    protection = protect(person, aino)
    builders.a_contact(lead, person=person)
    assert builders.signed_in(aino).get(address).status_code == 404
    assert builders.signed_in(lead).get(address).content == b"the letter"
    with builders.as_worker(aino):
        assert bytes(Content.objects.get().data) == b""
    with builders.as_worker(lead):
        people.end_protection(protection, version=1, by=lead)
    assert builders.signed_in(aino).get(address).content == b"the letter"


def test_the_hidden_bytes_of_a_file_with_a_virus_go_for_good(aino: Worker, lead: Worker, settings: Settings) -> None:
    letter, person = rows.a_letter(), fatima(aino)
    tied(aino, person, letter={"document": str(letter.pk), "name": "kirje.jpg"})
    protection = protect(person, aino)
    with builders.as_worker(aino):
        sent = timezone.now() - timedelta(hours=1)
        Document.objects.filter(pk=letter.pk).update(scan=Document.Scan.WAITING, created_at=sent)
        assert ConcealedPart.objects.filter(source="documents_content", row=letter.pk).exists()
    with clamd.running() as twin:
        settings.CLAMD, twin.marks = twin.address, [b"the letter"]
        app.tasks["documents.scan_forgotten"](timestamp=0)
        assert twin.received == [b"the letter"]
    with builders.as_worker(lead):
        assert Document.objects.get(pk=letter.pk).scan == Document.Scan.INFECTED
        assert not ConcealedPart.objects.filter(source="documents_content", row=letter.pk).exists()
        people.end_protection(protection, version=1, by=lead)
        assert Document.objects.get(pk=letter.pk).name == "kirje.jpg"
        assert bytes(Content.objects.get(pk=letter.pk).data) == b""


def test_what_a_protected_person_sends_is_hidden_as_soon_as_it_is_theirs(aino: Worker) -> None:
    person = fatima(aino)
    protect(person, aino)
    item = fresh(tied(aino, person), aino)
    assert (item.submission.answers, item.municipality) == ({}, "secret")
    page = builders.signed_in(aino).get(f"/desk/inbox/{item.pk}/").content.decode()
    assert "The answers are kept under the non-disclosure" in page
    assert "Liperi" not in page.split("<main")[1].split('id="opened"')[1]


def test_an_answer_is_offered_only_where_it_is_safe_and_keeps_no_address(aino: Worker) -> None:
    person = fatima(aino, ("phone", SAFE, True), ("phone", UNSAFE, False), ("email", "f@posti.example", True))
    protect(person, aino)
    item = fresh(tied(aino, person), aino)
    page = builders.signed_in(aino).get(f"/desk/inbox/{item.pk}/answer/sms/").content.decode()
    assert "The telephone that is safe (number not shown)" in page
    with builders.as_worker(aino):
        offered = answering.addresses(item, person)
        assert [each.channel for each in offered] == ["sms", "email"]
        assert not {SAFE, UNSAFE, "f@posti.example"} & {part for each in offered for part in (each.value, each.shown)}
        for each, template, text in zip(offered, ("answer.sms_call_us", "answer.free"), ("", STREET), strict=True):
            version = Item.objects.get(pk=item.pk).version
            given: dict[str, Any] = {"address": each.code, "template": template, "text": text}
            actions.answer(item, version=version, by=aino, key=identifiers.new_id(), **given)
        assert set(Message.objects.values_list("address", "subject", "body")) == {("", "", "")}


def test_answers_given_before_it_was_known_whose_it_is_are_hidden_too(aino: Worker) -> None:
    person = fatima(aino)
    protect(person, aino)
    item = rows.an_item()
    with builders.as_worker(aino):
        item = actions.claim(item, by=aino)
        given: dict[str, Any] = {
            "address": f"sms:{SAFE}",
            "template": "answer.sms_call_us",
            "key": identifiers.new_id(),
        }
        item = actions.answer(item, version=item.version, by=aino, **given)
        assert Message.objects.get().address == SAFE
        actions.tie(item, person, version=item.version, by=aino)
        assert Message.objects.get().address == ""


def test_whoever_opens_what_is_hidden_reads_words_and_no_names_of_columns(aino: Worker) -> None:
    worker = builders.a_worker(Role.COUNSELLOR, service_point=builders.a_service_point(builders.an_organisation()))
    world = worlds.a_world(worker, worlds.Words(1), protects_last=True)
    lead = builders.a_worker(Role.TEAM_LEAD, language="fi")
    with builders.as_worker(lead):
        person = Person.objects.get(pk=world["person"])
        opened = people.open_protected(person, reason="serve", by=lead)
    builders.a_contact(lead, person=person)
    address = f"/desk/people/{person.pk}/non-disclosure/details/"
    tables = builders.signed_in(lead).post(address, {"reason": "serve"}).context["tables"]
    with translation.override("fi"):
        titles = {str(each.title) for each in registry.concealers() if each.is_listed}
    assert {part.source for part in opened.parts} == {each.table for each in registry.concealers() if each.is_listed}
    assert {table.title for table in tables} == titles
    rows_said = [pair for table in tables for row in table.rows for pair in row]
    keys = {key for part in opened.parts for key in _keys(part.content)}
    assert not keys & {label for label, _text in rows_said}
    assert {"Kerro lyhyesti", "Katuosoite"} <= {label for label, _text in rows_said}
    assert not [text for _label, text in rows_said if "True" in text or "document" in text]


def _keys(content: Any) -> set[str]:
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else []
    return {*(content if isinstance(content, dict) else ())}.union(*(_keys(each) for each in inner))
