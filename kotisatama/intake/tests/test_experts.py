"""An expert reads a submission without identity, replies once, and has no other way to the person."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kotisatama.forms import queries as form_queries
from kotisatama.forms.tests.test_filling import form_of
from kotisatama.forms.tests.test_xlsform import question
from kotisatama.intake import actions, asking_reading, blotting, mapping
from kotisatama.intake.models import ExpertQuestion, Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.people import actions as people
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

LIST = reverse("intake:questions")
MESSAGE = (
    "My name is Fatima, call 040 123 4567 or write fatima@post.example. Fatiman lapsi on Yusuf."
    " Hetuni on 080391-999X ja synnyin 8.3.1991. I need help with a benefit."
)
TELLING = ("Fatima", "Zahra", "Yusuf", "123 4567", "post.example", "080391", "8.3.1991", "1991")


@pytest.fixture
def aino() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(name="Aino Niemi")


@pytest.fixture
def expert(aino: Worker) -> Worker:
    house = builders.an_organisation("house", kind=Organisation.Kind.AUTHORITY, mandates=[builders.LIPERI])
    return builders.a_worker(Role.PARTNER_WORKER, house, name="Eeva Expert")


def taken(aino: Worker, **answers: Any) -> Item:
    item = rows.an_item(message=MESSAGE, **answers)
    with builders.as_worker(aino):
        return actions.claim(item, by=aino)


def ask(aino: Worker, expert: Worker, item: Item, **given: Any) -> ExpertQuestion:
    with builders.as_worker(aino):
        fields: dict[str, Any] = {
            "key": identifiers.new_id(),
            "question": "Is this paid?",
            "version": item.version,
        } | given
        return actions.ask_expert(item, expert=expert, by=aino, **fields)


def page_of(question: ExpertQuestion) -> str:
    return reverse("intake:question", args=[question.pk])


def test_the_expert_sees_the_matter_and_nothing_that_tells_who_it_is(aino: Worker, expert: Worker) -> None:
    item = taken(aino)
    client = builders.signed_in(expert)
    content = client.get(page_of(ask(aino, expert, item))).content.decode()
    assert "I need help with a benefit." in content
    assert "Is this paid?" in content
    for word in (*TELLING, item.submission.reference, str(item.pk), "kirje.jpg"):
        assert word not in content


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fatima", "…"),
        ("fatiman FATIMA", "… …"),
        ("لفاطمة وفاطمة", "… …"),
        ("Zahrassa asuu", "… asuu"),
        ("+358 40 123-4567", "…"),
        ("080391-999X", "…"),
        ("www.fb.com/fatima.z ja f@x.fi", "… ja …"),
        ("3 children and 12 months", "3 children and 12 months"),
        ("FI21 1234 5600 0007 85", "FI…"),
        ("", ""),
        ("Olen फातिमा खान, apua", "Olen … …, apua"),
        ("Xi Wu kysyy; taxi wuhan", "… … kysyy; taxi wuhan"),
        ("سألت فَاطِمَة وفَـاطمة", "سألت … …"),
        ("我叫王伟请帮助", "我叫…请帮助"),
        ("ผมชื่อสมชายครับ", "ผมชื่อ…ครับ"),
        ("김민수입니다", "…입니다"),
        ("Zähra ZÁHRA", "… …"),
    ],
)
def test_names_numbers_and_addresses_are_taken_out_of_texts(text: str, shown: str) -> None:
    names = ("Fatima Zahra", "فاطمة", "फातिमा खान", "Xi Wu", "王伟", "สมชาย", "김민수")
    assert blotting.without_identity(text, names) == shown


def test_names_that_only_the_register_knows_are_taken_out_too(aino: Worker, expert: Worker) -> None:
    with builders.as_worker(aino):
        person = people.make_person(controller="426", name="Layla Haddad", names=["ليلى"], by=aino)
    item = rows.an_item(message="Layla ja ليلى kysyy", name=None)
    with builders.as_worker(aino):
        item = actions.claim(item, by=aino)
        item = actions.tie(item, person, version=item.version, by=aino)
    content = builders.signed_in(expert).get(page_of(ask(aino, expert, item))).content.decode()
    assert "kysyy" in content
    for name in ("Layla", "ليلى", "Haddad", str(person.pk)):
        assert name not in content


PACKAGED = sorted(path.stem for path in rows.FOLDER.glob("*.xlsx"))
ASKS_WHO = re.compile(r"\b(name|birth|phone|e-mail|address|who|whom|call you|signature|business id)\b", re.IGNORECASE)
GIVEN = {"text": "Zqxtavo", "date": "1984-05-17", "integer": 1984, "decimal": 7.5, "time": "12:30"}


@pytest.mark.parametrize("code", PACKAGED)
def test_no_free_answer_that_tells_who_it_is_reaches_the_expert_from_any_form(code: str, aino: Worker) -> None:
    version = rows.the_form(code)
    form = form_queries.definition(version)
    free = [each for each in form.questions.values() if each.type in GIVEN and not each.choices]
    telling = [each for each in free if ASKS_WHO.search(each.labels["en"])]
    assert {"name", "phone", "email"} <= {each.name for each in telling}
    words = [each for each in free if each.type == "text" and each not in telling and not each.repeat]
    answers: dict[str, Any] = {each.name: "Zqxtavon apu kiireesti" for each in words}
    for each in telling:
        place = answers.setdefault(each.repeat, [{}])[0] if each.repeat else answers
        place[each.name] = GIVEN[each.type]
    with builders.as_worker(aino):
        item = rows.an_item_of(version, answers, language="fi")
        content = repr(asking_reading.shown(item, "fi"))
    assert "apu kiireesti" in content
    for value in ("Zqxtavo", "1984", "17.5."):
        assert value not in content


def test_whatever_was_not_chosen_from_a_list_is_read_for_what_tells_who_it_is(aino: Worker) -> None:
    version = rows.the_form("asumisneuvonta")
    answers = {"message": "x", "eviction": "no", "move_out_on": "1984-05-17", "name": "Fatima"}
    with builders.as_worker(aino):
        item = rows.an_item_of(version, answers | {"other_language": "Fatiman kieli"}, language="fi")
        content = repr(asking_reading.shown(item, "fi"))
    assert ("kieli" in content, "1984" in content, "Fatima" in content) == (True, False, False)


@pytest.mark.parametrize("target", sorted(mapping.IDENTITY_TARGETS))
def test_a_question_of_one_that_tells_who_it_is_is_hidden_by_its_target(target: str) -> None:
    form = form_of(question("q", **{"kotisatama::maps_to": target}), question("r"))
    assert [mapping.tells_who(form, form.questions[name]) for name in ("q", "r")] == [True, False]


def test_names_of_a_client_of_another_municipality_are_taken_out_for_the_expert_too(aino: Worker) -> None:
    lake = builders.an_organisation("lake", kind=Organisation.Kind.AUTHORITY, mandates=[builders.LIPERI])
    expert = builders.a_worker(Role.PARTNER_WORKER, lake, name="Liisa Lake")
    with builders.as_worker(aino):
        person = people.make_person(controller=builders.JOENSUU, name="Layla Haddad", by=aino)
    item = rows.an_item(message="Layla kysyy", name=None)
    with builders.as_worker(aino):
        item = actions.claim(item, by=aino)
        item = actions.tie(item, person, version=item.version, by=aino)
    question, client = ask(aino, expert, item), builders.signed_in(expert)
    content = client.get(page_of(question)).content.decode()
    assert ("kysyy" in content, "Layla" in content) == (True, False)
    assert client.post(page_of(question), {"text": "Yes"}).status_code == 302
    with row_security.context(controllers=["426"]):
        assert ExpertQuestion.objects.get().reply == "Yes"


def test_of_another_municipalitys_protected_client_no_expert_is_asked(aino: Worker) -> None:
    lake = builders.an_organisation("lake", kind=Organisation.Kind.AUTHORITY, mandates=[builders.LIPERI])
    expert = builders.a_worker(Role.PARTNER_WORKER, lake)
    with builders.as_worker(aino):
        person = people.make_person(controller=builders.JOENSUU, name="Layla Haddad", by=aino)
        item = taken(aino)
        item = actions.tie(item, person, version=item.version, by=aino)
        today = timezone.localdate()
        people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=aino)
    near = builders.a_worker(organisation=lake)
    with builders.as_worker(aino):
        Item.objects.filter(pk=item.pk).update(claimed_by=near)
        item.refresh_from_db()
    with pytest.raises(NotAllowed, match="non-disclosure"):
        ask(near, expert, item)


def test_a_reply_is_sent_once_and_closes_the_form_to_the_expert(aino: Worker, expert: Worker) -> None:
    item = taken(aino)
    question, client = ask(aino, expert, item), builders.signed_in(expert)
    for text in ("Yes, from Kela.", "Something else"):
        assert client.post(page_of(question), {"text": text}).status_code == 302
    content = client.get(page_of(question)).content.decode()
    assert "Yes, from Kela." in content
    assert "benefit" not in content
    own = builders.signed_in(aino).get(reverse("intake:item", args=[item.pk])).content.decode()
    assert "Yes, from Kela." in own
    actions_of_expert = [line.action for line in builders.audit_lines() if line.worker_id == expert.pk]
    assert actions_of_expert.count("expert_question.replied") == 1
    assert "expert_question.viewed" in actions_of_expert


def test_each_look_of_the_expert_leaves_a_line_about_the_submission(aino: Worker, expert: Worker) -> None:
    item = taken(aino)
    client, question = builders.signed_in(expert), ask(aino, expert, item)
    for _ in range(3):
        client.get(page_of(question))
    lines = [line for line in builders.audit_lines() if line.action == "expert_question.viewed"]
    assert [(line.worker_id, line.subject_id) for line in lines] == [(expert.pk, item.submission_id)] * 3


def test_the_expert_has_no_other_way_to_the_person(aino: Worker, expert: Worker) -> None:
    letter = rows.a_letter()
    item = taken(aino, letter={"document": str(letter.pk), "name": "kirje.jpg"})
    ask(aino, expert, item)
    client = builders.signed_in(expert)
    for address in (
        reverse("intake:inbox"),
        reverse("intake:item", args=[item.pk]),
        reverse("intake:ask_expert", args=[item.pk]),
        f"/desk/documents/{letter.pk}/",
        "/desk/people/?q=Fatima",
    ):
        assert client.get(address).status_code in {403, 404}


def test_nobody_else_reads_the_question_as_an_expert(aino: Worker, expert: Worker) -> None:
    question = ask(aino, expert, taken(aino))
    for worker in (aino, builders.a_worker(Role.PARTNER_WORKER, expert.organisation), builders.an_outsider()):
        client: Client = builders.signed_in(worker)
        assert client.get(page_of(question)).status_code == 404
        assert client.post(page_of(question), {"text": "x"}).status_code == 404
        with builders.as_worker(worker), pytest.raises(PermissionDenied):
            actions.reply(question, text="x", by=worker)


def test_a_withdrawn_question_is_gone_for_the_expert(aino: Worker, expert: Worker) -> None:
    item = taken(aino)
    question = ask(aino, expert, item)
    url = reverse("intake:withdraw_question", args=[item.pk, question.pk])
    for _ in range(2):
        builders.signed_in(aino).post(url)
    client = builders.signed_in(expert)
    assert client.get(page_of(question)).status_code == 404
    assert client.get(LIST).context["questions"] == []


def test_only_somebody_with_the_permission_and_a_mandate_is_asked(aino: Worker, expert: Worker) -> None:
    item = taken(aino)
    kitee = builders.an_outsider(Role.PARTNER_WORKER)
    for worker in (kitee, builders.a_worker(Role.REPORT_READER)):
        with pytest.raises(NotAllowed):
            ask(aino, worker, item)
    offered = builders.signed_in(aino).get(reverse("intake:ask_expert", args=[item.pk])).context["form"].experts
    assert str(expert.pk) in offered
    assert str(kitee.pk) not in offered


def test_the_same_page_asks_once_and_an_old_one_not_at_all(aino: Worker, expert: Worker) -> None:
    item = taken(aino)
    client, url = builders.signed_in(aino), reverse("intake:ask_expert", args=[item.pk])
    data = {"version": item.version, "key": str(identifiers.new_id()), "expert": expert.pk, "question": "Is it?"}
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"key": str(identifiers.new_id())}).status_code == 200
    with row_security.context(controllers=["426"]):
        assert ExpertQuestion.objects.count() == 1


def test_of_a_protected_person_no_expert_is_asked_and_earlier_words_are_hidden(aino: Worker, expert: Worker) -> None:
    with builders.as_worker(aino):
        person = people.make_person(controller="426", name="Fatima Al-Zahra", by=aino)
    item = taken(aino)
    question = ask(aino, expert, item, question="Salakuja 5?")
    with builders.as_worker(aino):
        item = actions.tie(item, person, version=Item.objects.get(pk=item.pk).version, by=aino)
        today = timezone.localdate()
        people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=aino)
        item.refresh_from_db()
    with pytest.raises(NotAllowed, match="non-disclosure"):
        ask(aino, expert, item)
    content = builders.signed_in(expert).get(page_of(question)).content.decode()
    assert "Salakuja" not in content
    assert "benefit" not in content
