"""What a person agreed to in a form goes word by word into the consents; who wrote an answer is shown."""

from typing import Any

import pytest
from django.utils import timezone

from kotisatama.forms.models import Agreement
from kotisatama.intake import actions
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.people.models import Consent, Person
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db

STATEMENT = "أوافق على مشاركة بياناتي"


@pytest.fixture(name="aino")
def aino_fixture() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(name="Aino Niemi")


def an_item(aino: Worker) -> tuple[Item, Agreement]:
    """Taken by Aino, with a statement that was agreed to in Arabic, and a message that a helper wrote."""
    item = rows.an_item(builders.JOENSUU)
    with builders.as_worker(aino):
        item = actions.claim(item, by=aino)
        item.submission.filled_by = {"message": "helper", "phone": "person", "member-0-member_name": "helper"}
        item.submission.save(update_fields=["filled_by"])
        agreement = Agreement.objects.create(
            controller_id=item.controller_id, submission=item.submission, version=item.submission.version,
            question="consent", text=STATEMENT, language="ar", answer="OK", at=timezone.now(), purpose="sharing",
        )  # fmt: skip
    return item, agreement


def tied(aino: Worker, item: Item) -> Person:
    person = builders.a_person()
    with builders.as_worker(aino):
        actions.tie(Item.objects.get(pk=item.pk), person, version=Item.objects.get(pk=item.pk).version, by=aino)
    return person


def post(aino: Worker, item: Item, agreement: Agreement, **given: Any) -> Any:
    wished = {"purpose": "sharing", "data_kinds": ["situation"], "recipient": str(aino.organisation_id), **given}
    return builders.signed_in(aino).post(f"/desk/inbox/{item.pk}/agreements/{agreement.pk}/", wished)


def consents(person: Person) -> list[Consent]:
    with row_security.context(controllers=[builders.JOENSUU]):
        return list(Consent.objects.filter(person=person))


def test_a_statement_goes_into_the_ledger_word_by_word_and_once(aino: Worker) -> None:
    item, agreement = an_item(aino)
    person = tied(aino, item)
    page = builders.signed_in(aino).get(f"/desk/inbox/{item.pk}/").content.decode()
    assert STATEMENT in page
    assert "Write into the consents" in page
    for _twice in range(2):
        assert post(aino, item, agreement).status_code == 302
    (consent,) = consents(person)
    assert (consent.text, consent.language, consent.given_by_way) == (STATEMENT, "ar", "message")
    assert consent.recipient_id == aino.organisation_id
    assert builders.audit_actions().count("consent.given") == 1
    assert "in the consents" in builders.signed_in(aino).get(f"/desk/inbox/{item.pk}/").content.decode()


def test_before_the_form_has_a_client_and_without_a_receiver_the_page_says_what_is_missing(aino: Worker) -> None:
    item, agreement = an_item(aino)
    assert "Say first whose the form is." in post(aino, item, agreement).content.decode()
    person = tied(aino, item)
    assert post(aino, item, agreement, recipient="").context["form"].errors["recipient"]
    assert post(aino, item, agreement, data_kinds=[]).context["form"].errors["data_kinds"]
    assert consents(person) == []


def test_another_worker_and_another_forms_statement_change_nothing(aino: Worker) -> None:
    item, agreement = an_item(aino)
    person = tied(aino, item)
    other = rows.an_item(builders.JOENSUU)
    assert post(aino, other, agreement).status_code == 404
    assert post(builders.an_outsider(), item, agreement).status_code == 404
    assert consents(person) == []


def test_what_a_helper_wrote_is_marked_also_inside_a_repeat(aino: Worker) -> None:
    item, _agreement = an_item(aino)
    page = builders.signed_in(aino).get(f"/desk/inbox/{item.pk}/")
    written = {answer.row.name: answer.written_by for each in page.context["answers"] for answer in each.answers}
    assert {name for name, who in written.items() if who} == {"message", "member_name-1"}
    assert page.content.decode().count("A helper</span>") == 2
