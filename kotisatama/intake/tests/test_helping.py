"""From a submission taken to help recorded: whose it is, the contact, the answer, the end."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kotisatama.cases.models import Case
from kotisatama.contacts.models import Contact
from kotisatama.intake import actions, forms
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.messages.models import Message
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def aino() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(name="Aino Niemi")


@pytest.fixture
def client(aino: Worker) -> Client:
    return builders.signed_in(aino)


def taken(aino: Worker, **answers: Any) -> Item:
    item = rows.an_item(**answers)
    with builders.as_worker(aino):
        return actions.claim(item, by=aino)


def fresh(item: Item) -> Item:
    with row_security.context(controllers=[builders.LIPERI, builders.JOENSUU]):
        return Item.objects.select_related("person", "contact", "case").get(pk=item.pk)


def url(step: str, item: Item, *further: Any) -> str:
    return reverse(f"intake:{step}", args=[item.pk, *further])


def sent_by(client: Client, page: str, /, **changes: Any) -> dict[str, Any]:
    """What the page of this address would send as it stands, with some fields changed."""
    form = client.get(page).context["form"]
    values = {field.name: field.value() for field in form}
    return {name: value for name, value in (values | changes).items() if value not in (None, "", False)}


def fatima(aino: Worker, **fields: Any) -> Person:
    with builders.as_worker(aino):
        given: dict[str, Any] = {"municipality": "426", "channels": [("email", "fatima@post.example", True)]}
        return people.make_person(controller="426", name="Fatima Al-Zahra", by=aino, **given | fields)


def test_the_whole_path_from_the_queue_to_done(aino: Worker, client: Client) -> None:
    item = rows.an_item()
    client.post(url("claim", item), {"version": item.version})
    changes = {"opens_case": "on", "case_reason": "guidance"}
    assert (
        client.post(url("make_person", item), sent_by(client, url("make_person", item), **changes)).status_code == 302
    )
    contact = sent_by(client, url("record", item), duration="15-30", outcome="solved")
    assert client.post(url("record", item), contact).status_code == 302
    answer = sent_by(client, url("answer_by_email", item), template="answer.call_us", go="send")
    assert client.post(url("answer_by_email", item), answer).status_code == 302
    client.post(url("finish", item), {"version": fresh(item).version, "ending": "helped"})

    done = fresh(item)
    assert done.person
    assert done.case
    assert done.contact
    assert (done.state, done.person.name, done.case.worker_id) == ("done", "Fatima Al-Zahra", aino.pk)
    assert (done.contact.person_id, done.contact.municipality) == (done.person_id, "426")
    assert done.contact.topics == ["letters", "benefits"]
    with row_security.context(controllers=["426"]):
        message = Message.objects.get()
    assert (message.address, message.language, message.person_id) == ("fatima@post.example", "ar", done.person_id)
    changed = [a for a in builders.audit_actions() if not a.endswith(("viewed", "listed", "searched"))]
    assert changed == [
        "submission.claimed",
        "person.made",
        "case.opened",
        "submission.tied",
        "contact.recorded",
        "submission.recorded",
        "message.queued",
        "submission.answered",
        "submission.finished",
    ]


def test_the_new_client_is_filled_in_from_what_was_sent(aino: Worker, client: Client) -> None:
    item = taken(aino)
    client.post(url("make_person", item), sent_by(client, url("make_person", item)))
    person = fresh(item).person
    assert person is not None
    assert (str(person.date_of_birth), person.municipality, person.service_languages) == (
        "1991-03-08",
        "426",
        ["ar"],
    )
    with row_security.context(controllers=["426"]):
        channels = [(row.kind, row.value, row.safe_to_leave_message) for row in people_queries.channels(person)]
    assert channels == [("phone", "+358401234567", True), ("email", "fatima@post.example", False)]


@pytest.mark.parametrize("step", ["make_person", "record", "answer_by_email"])
def test_the_same_page_sent_twice_makes_one_thing(aino: Worker, client: Client, step: str) -> None:
    item = taken(aino)
    data = sent_by(client, url(step, item), go="send", template="answer.call_us") if step == "answer_by_email" else None
    data = data or sent_by(client, url(step, item))
    for _ in range(2):
        assert client.post(url(step, item), data).status_code == 302
    with row_security.context(controllers=["426"]):
        assert [model.objects.count() for model in (Person, Contact, Message)].count(1) == 1


@pytest.mark.parametrize("step", ["make_person", "record", "answer_by_email"])
def test_what_a_colleague_has_taken_is_not_acted_on(aino: Worker, step: str) -> None:
    item, colleague = taken(aino), builders.signed_in(builders.a_worker())
    assert colleague.get(url(step, item)).status_code == 302
    data = sent_by(builders.signed_in(aino), url(step, item), go="send") if step.startswith("a") else None
    data = data or sent_by(builders.signed_in(aino), url(step, item))
    assert "Aino N. took this a moment ago." in colleague.post(url(step, item), data).content.decode()
    with row_security.context(controllers=["426"]):
        assert [model.objects.count() for model in (Person, Contact, Message)] == [0, 0, 0]


def test_an_old_page_changes_nothing_and_says_so(aino: Worker, client: Client) -> None:
    item = taken(aino)
    data = sent_by(client, url("make_person", item))
    client.post(url("record", item), sent_by(client, url("record", item)))
    page = client.post(url("make_person", item), data)
    assert "This was changed meanwhile." in page.content.decode()
    assert fresh(item).person is None


def test_the_likely_client_stands_on_the_page_with_the_likeness(aino: Worker, client: Client) -> None:
    person, item = fatima(aino), taken(aino)
    (found,) = client.get(url("item", item)).context["candidates"]
    assert (found.person, found.percent) == (person, 100)
    assert client.get(url("item", item) + "?find=nobody+like+this").context["candidates"] == []


def test_comparing_shows_both_sides_and_ties_with_what_was_chosen(aino: Worker, client: Client) -> None:
    person, item = fatima(aino), taken(aino, name="فاطمة الزهراء")
    address = url("compare", item, person.pk)
    compared = {row.label: (row.is_same, row.adds) for row in client.get(address).context["rows"]}
    assert compared["Name"] == (False, "adds_name")
    assert compared["E-mail"] == (True, "")
    assert compared["Telephone"] == (False, "adds_phone")
    client.post(address, sent_by(client, address, adds_name="on", adds_phone="on"))
    with row_security.context(controllers=["426"]):
        names = {name.text for name in person.names.all()}
        phones = [
            (row.value, row.safe_to_leave_message) for row in people_queries.channels(person) if row.kind == "phone"
        ]
    assert names == {"Fatima Al-Zahra", "فاطمة الزهراء"}
    assert phones == [("+358401234567", True)]
    assert fresh(item).person == person


def test_a_case_needs_its_reason_and_an_open_one_is_kept(aino: Worker, client: Client) -> None:
    person, item = fatima(aino), taken(aino)
    address = url("compare", item, person.pk)
    refused = client.post(address, sent_by(client, address, opens_case="on", case_reason=None))
    assert "Choose the reason of the case." in refused.content.decode()
    case = builders.a_case(person, aino)
    client.post(address, sent_by(client, address, opens_case="on", case_reason="guidance"))
    with row_security.context(controllers=["426"]):
        assert Case.objects.get() == case
    assert fresh(item).case == case


def test_a_client_of_another_municipality_cannot_be_compared(aino: Worker, client: Client) -> None:
    item, stranger = taken(aino), builders.a_person(controller=builders.KITEE)
    assert client.get(url("compare", item, stranger.pk)).status_code == 404


def test_an_anonymous_contact_becomes_the_clients_when_the_submission_is_tied(aino: Worker, client: Client) -> None:
    person, item = fatima(aino), taken(aino)
    client.post(url("record", item), sent_by(client, url("record", item)))
    assert fresh(item).contact.person is None  # type: ignore[union-attr]
    address = url("compare", item, person.pk)
    client.post(address, sent_by(client, address))
    assert fresh(item).contact.person == person  # type: ignore[union-attr]


@pytest.mark.parametrize(("safe", "numbers"), [("yes", ["+358401234567"]), ("no", []), (None, [])])
def test_a_text_message_only_where_one_may_be_left(
    aino: Worker, client: Client, safe: str | None, numbers: list[str]
) -> None:
    item = taken(aino, phone_safe=safe)
    page = client.get(url("answer_by_sms", item))
    assert [each.value for each in page.context["addresses"]] == numbers
    assert ("No text message may be sent." in page.content.decode()) is not bool(numbers)
    data = {"version": item.version, "key": item.pk, "address": "sms:+358401234567", "go": "send"}
    client.post(url("answer_by_sms", item), data | {"template": "answer.sms_call_us"})
    with row_security.context(controllers=["426"]):
        assert Message.objects.count() == len(numbers)


def test_an_address_that_nobody_gave_is_refused(aino: Worker, client: Client) -> None:
    item = taken(aino)
    data = sent_by(client, url("answer_by_email", item), address="email:somebody@else.example", go="send")
    assert client.post(url("answer_by_email", item), data).status_code == 200
    with row_security.context(controllers=["426"]):
        assert not Message.objects.exists()


def test_the_answer_is_shown_in_both_languages_before_it_is_sent(aino: Worker, client: Client) -> None:
    item = taken(aino)
    data = sent_by(client, url("answer_by_email", item), template="answer.free", text="Tervetuloa", go="preview")
    preview = client.post(url("answer_by_email", item), data).context["preview"]
    assert (preview.sent.language, preview.sent.direction, preview.read.language) == ("ar", "rtl", "en")
    assert "Tervetuloa" in preview.sent.body
    assert item.submission.reference in preview.sent.body + preview.sent.subject
    with row_security.context(controllers=["426"]):
        assert not Message.objects.exists()


def test_free_words_are_said_to_have_no_translation_and_choices_have_one(aino: Worker, client: Client) -> None:
    page = client.get(url("item", taken(aino)))
    answers = {each.row.name: each for group in page.context["answers"] for each in group.answers}
    assert answers["message"].is_own_words
    assert answers["topics"].row.reader.language == "en"
    assert answers["topics"].row.original.language == "ar"
    assert not answers["phone"].is_own_words
    assert "No translation" in page.content.decode()
    assert "Yusuf Al-Zahra" in page.content.decode()


def test_a_letters_picture_is_shown_on_the_page(aino: Worker, client: Client) -> None:
    letter = rows.a_letter()
    item = taken(aino, letter={"document": str(letter.pk), "name": "kirje.jpg"})
    address = reverse("documents:content", args=[letter.pk])
    assert f'<img src="{address}"' in client.get(url("item", item)).content.decode()


def test_the_pages_are_finnish_for_whoever_reads_finnish() -> None:
    rows.a_main_service_point()
    reader = builders.a_worker(language="fi")
    item, client = taken(reader), builders.signed_in(reader)
    english = {"make_person": "New client", "record": "Record the contact", "answer_by_email": "Answer by e-mail"}
    for step, words in english.items():
        page = client.get(url(step, item)).content.decode()
        assert 'lang="fi"' in page
        with translation.override("fi"):
            assert translation.gettext(words) in page


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("secret", "unknown"),
        ("elsewhere", "unknown"),
        ("non_disclosure", "secret"),
        ("167", "167"),
        ("abroad", "abroad"),
    ],
)
def test_who_prefers_not_to_say_where_they_live_has_no_non_disclosure(aino: Worker, answer: str, place: str) -> None:
    item = rows.an_item(municipality=answer)
    assert (item.municipality, forms.initial_of_person(item)["municipality"]) == (place, place)
