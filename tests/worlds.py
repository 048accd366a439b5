"""One client with a row in every table that the walks over all pages visit: a world; made by the real actions.

A new page whose address takes another row's key: make that row here, and say in tests/routes.py which argument it is.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from kotisatama.contacts import actions as contacts
from kotisatama.documents.models import Document
from kotisatama.forms.models import Agreement
from kotisatama.intake import actions as intake
from kotisatama.intake import answering, concealing
from kotisatama.intake.models import ExpertQuestion, Item, RoutingRule
from kotisatama.intake.tests import rows
from kotisatama.kernel import identifiers, row_security
from kotisatama.messages.models import Message
from kotisatama.network.models import Municipality
from kotisatama.people import actions as people
from kotisatama.people import identity_codes
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from tests import builders, money_rows, register_rows

EXCHANGES = ("correction", "question", "invitation", "agreement")
INVENTED = "019e0000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Words:
    """What nobody may learn of one person; none of them stands anywhere else."""

    number: int

    @property
    def street(self) -> str:
        return f"Salakujanpolku{self.number:02}"

    @property
    def town(self) -> str:
        return f"Piiloniemi{self.number:02}"

    @property
    def code(self) -> str:
        return f"{self.number:03}"

    @property
    def phone(self) -> str:
        return f"+35840777{self.number:04}"

    @property
    def other_phone(self) -> str:
        return f"+35840888{self.number:04}"

    @property
    def email(self) -> str:
        return f"pakoon{self.number:02}@salaposti.example"

    @property
    def hetu(self) -> str:
        digits = f"010191{900 + self.number}"
        return f"010191-{900 + self.number}{identity_codes.CHECK_CHARACTERS[int(digits) % 31]}"

    @property
    def hidden(self) -> list[str]:
        """The words of the place and of reaching the person, and the identity code."""
        return [self.street, self.town, self.phone[-9:], self.other_phone[-9:], self.email, self.hetu]


def a_world(
    worker: Worker, words: Words, *, protects_first: bool = False, protects_last: bool = False
) -> dict[str, str]:
    """Make the client and its rows, the words in each of them; kind of row to key. `worker` works with the client."""
    a_town(words)
    with builders.as_worker(worker):
        person = a_client(worker, words)
        case = builders.a_case(person, worker)
        rows_of_register = register_rows.early(worker, person, words)
        if protects_first:
            protect(person, worker)
        contact = a_told_contact(worker, person, words)
        document, item = a_told_item(worker, person, words)
        message = a_told_message(worker, person, item, words)
        rows_of_register |= register_rows.late(worker, person, case, rows_of_register["relative"], words)
        rows_of_register |= a_told_exchange(worker, item, words)
        rows_of_register["rule"] = a_rule(worker)
        rows_of_register["agreement"] = an_agreement(item)
        rows_of_register["invitation"] = a_sent_form(worker, person)
        if protects_last:
            protect(person, worker)
    rows_of_register |= money_rows.a_project()
    return {
        "person": str(person.pk),
        "case": str(case.pk),
        "contact": contact,
        "item": str(item.pk),
        "message": message,
        "document": str(document.pk),
        "reference": item.submission.reference,
        "form": "yhteydenotto",
        "form_version": item.submission.version.number,
        "worker": str(worker.pk),
        "number": "1",
    } | rows_of_register


def an_invented_world(worker: Worker) -> dict[str, str]:
    """Keys of rows that nobody made."""
    kinds = ("person", "case", "contact", "item", "message", "document", *EXCHANGES, *register_rows.KINDS)
    places = {"reference": "AAAA-AAAA", "form": "yhteydenotto", "worker": str(worker.pk), "number": "1", "rule": "0"}
    places |= {"form_version": "1"} | dict.fromkeys(money_rows.KINDS, "0")
    return dict.fromkeys(kinds, INVENTED) | places


def a_town(words: Words) -> None:
    """The municipality of the words."""
    names = {"name_fi": words.town, "name_sv": words.town, "region_code": "12"}
    Municipality.objects.get_or_create(code=words.code, defaults=names)


def a_client(worker: Worker, words: Words) -> Person:
    """A client with a telephone where a message is safe, an e-mail address and an identity code."""
    return people.make_person(
        controller=builders.JOENSUU,
        name=f"Turva Asiakas {words.number}",
        municipality=words.code,
        channels=[("phone", words.phone, True), ("email", words.email, True)],
        hetu=words.hetu,
        date_of_birth=date(1991, 1, 1),
        by=worker,
    )


def protect(person: Person, worker: Worker) -> None:
    """A non-disclosure that ends today."""
    today = timezone.localdate()
    people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=worker)
    person.refresh_from_db()


def a_told_contact(worker: Worker, person: Person, words: Words) -> str:
    """A contact whose note and history tell the street."""
    contact = contacts.record_contact(
        key=identifiers.new_id(),
        at=timezone.now(),
        service_point=worker.service_point or builders.a_service_point(worker.organisation),
        channel="home_visit",
        municipality=words.code,
        service_language="uk",
        topics=["housing.search"],
        by=worker,
        person=person,
        note=f"Asuu osoitteessa {words.street} 5, puhelin {words.other_phone}",
        referred_to=words.town,
    )
    contact.refresh_from_db()
    note = f"Muutti: {words.street} 7"
    contacts.change_contact(contact, version=contact.version, reason=words.street, by=worker, note=note)
    return str(contact.pk)


def a_told_item(worker: Worker, person: Person, words: Words) -> tuple[Document, Item]:
    """A form that was sent in, with a file whose name tells the street; taken by the worker and tied to the client."""
    document = rows.a_letter(builders.JOENSUU, name=f"{words.street}.jpg")
    item = rows.an_item(
        builders.JOENSUU,
        municipality=words.code,
        phone=words.other_phone,
        email=words.email,
        message=f"Asun osoitteessa {words.street} 5.",
        letter={"document": str(document.pk), "name": document.name},
    )
    item = intake.claim(item, by=worker)
    return document, intake.tie(item, person, version=item.version, by=worker)


def a_told_message(worker: Worker, person: Person, item: Item, words: Words) -> str:
    """An answer by e-mail, in the worker's own words."""
    person.refresh_from_db()
    item.submission.refresh_from_db()
    (chosen,) = [each for each in answering.addresses(item, person) if each.channel == "email"]
    given = {"address": chosen.code, "template": "answer.free", "text": f"Tulemme: {words.street} 5"}
    intake.answer(item, version=item.version, key=identifiers.new_id(), by=worker, **given)
    return str(Message.objects.filter(person=person).latest("created_at").pk)


def a_told_exchange(worker: Worker, item: Item, words: Words) -> dict[str, str]:
    """A correction that tells the street, answered with it, and a question to an expert that tells it too."""
    now = Item.objects.get(pk=item.pk)
    asked = [intake.Asked("message", f"Asutko vielä: {words.street} 5?")]
    delivery = intake.Delivery("", str)
    correction, code = intake.ask_correction(
        now, key=identifiers.new_id(), asked=asked, delivery=delivery, version=now.version, by=worker
    )
    with row_security.context():
        found = intake.find_correction(code)
        assert found
        intake.take_correction(found, {"message": f"En, vaan {words.street} 7, puhelin {words.other_phone}"})
    question = ExpertQuestion.objects.create(
        controller_id=item.controller_id,
        item=item,
        expert=worker,
        question=f"Asuu osoitteessa {words.street} 5",
        asked_by=worker,
    )
    people.conceal(now.person, concealing.EXPERT_QUESTIONS)
    return {"correction": str(correction.pk), "question": str(question.pk)}


def a_sent_form(worker: Worker, person: Person) -> str:
    """A form sent to the client on paper."""
    made, _code = intake.invite(
        person,
        key=identifiers.new_id(),
        form="yhteydenotto",
        language="fi",
        targets=["person.municipality", "person.phone", "person.email"],
        delivery=intake.Delivery("", str),
        by=worker,
    )
    return str(made.pk)


def an_agreement(item: Item) -> str:
    """A statement that was agreed to in the form."""
    agreement = Agreement.objects.create(
        controller_id=item.controller_id,
        submission=item.submission,
        version=item.submission.version,
        question="consent",
        text="Asiani saa hoitaa.",
        language="fi",
        answer="OK",
        at=timezone.now(),
    )
    return str(agreement.pk)


def a_rule(worker: Worker) -> str:
    """A rule of the worker's organisation."""
    known = RoutingRule.objects.filter(organisation_id=worker.organisation_id).first()
    team = builders.a_team("Rule", worker.organisation)
    rule = known or RoutingRule.objects.create(organisation_id=worker.organisation_id, position=1, team=team)
    return str(rule.pk)
