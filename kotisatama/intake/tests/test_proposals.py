"""What a submission proposes: decided field by field, member by member, file by file, each once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from kotisatama.documents import registry
from kotisatama.documents.models import Document
from kotisatama.forms.tests.test_filling import form_of
from kotisatama.forms.tests.test_xlsform import question
from kotisatama.intake import actions, mapping, proposing
from kotisatama.intake.models import Decision, Item, KeptFile
from kotisatama.intake.tests import rows
from kotisatama.kernel import identifiers, row_security
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.people.models import Person, PersonChange, Relation
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


def fatima(aino: Worker, **fields: Any) -> Person:
    given: dict[str, Any] = {
        "municipality": "167",
        "service_languages": ["so"],
        "channels": [("phone", "+358409990001", False), ("email", "fatima@post.example", True)],
    }
    with builders.as_worker(aino):
        return people.make_person(controller="426", name="Fatima Zahra", by=aino, **given | fields)


def tied(aino: Worker, person: Person, **answers: Any) -> Item:
    item = rows.an_item(**answers)
    with builders.as_worker(aino):
        item = actions.claim(item, by=aino)
        return actions.tie(item, person, version=item.version, by=aino)


def fresh(person: Person) -> Person:
    with row_security.context(controllers=["426"]):
        return Person.objects.get(pk=person.pk)


def channels(person: Person) -> set[tuple[str, str, bool]]:
    with row_security.context(controllers=["426"]):
        found = people_queries.channels(person)
        return {(row.kind, row.value, row.safe_to_leave_message) for row in found}


def url(step: str, item: Item) -> str:
    return reverse(f"intake:{step}", args=[item.pk])


def sent(client: Client, page: str, **chosen: str) -> dict[str, Any]:
    form = client.get(page).context["form"]
    versions = {name: form.initial[name] for name in ("version", "person_version")}
    return versions | {f"person.{name}": way for name, way in chosen.items()}


def decisions() -> list[tuple[str, str]]:
    with row_security.context(controllers=["426"]):
        return sorted(Decision.objects.values_list("field", "way"))


def test_each_thing_stands_beside_what_the_register_has(aino: Worker, client: Client) -> None:
    person = fatima(aino)
    offered = {
        row.field.code: (row.given, row.registered, row.ways)
        for row, _field in client.get(url("propose", tied(aino, person))).context["form"].rows()
    }
    three = ["accept", "keep_both", "reject"]
    assert offered == {
        "person.name": (["Fatima Al-Zahra"], ["Fatima Zahra"], three),
        "person.date_of_birth": (["03/08/1991"], [], ["accept", "reject"]),
        "person.phone": (["+358401234567"], ["+358409990001"], three),
        "person.email": (["fatima@post.example"], ["fatima@post.example"], []),
        "person.municipality": (["Liperi"], ["Joensuu"], ["accept", "reject"]),
        "person.service_languages": (["العربية"], ["Soomaali"], three),
    }


def test_several_decisions_are_saved_at_once_with_what_was_known_before(aino: Worker, client: Client) -> None:
    person = fatima(aino)
    item = tied(aino, person)
    chosen = {"name": "keep_both", "phone": "accept", "municipality": "reject", "service_languages": "keep_both"}
    data = sent(client, url("propose", item), **chosen)
    for _ in range(2):
        assert client.post(url("propose", item), data).status_code == 302
    now = fresh(person)
    assert (now.name, now.municipality, now.service_languages) == ("Fatima Zahra", "167", ["so", "ar"])
    assert channels(person) == {("phone", "+358401234567", True), ("email", "fatima@post.example", True)}
    with row_security.context(controllers=["426"]):
        change = PersonChange.objects.get(person=person)
        assert {name.text for name in now.names.all()} == {"Fatima Zahra", "Fatima Al-Zahra"}
    assert item.submission.reference in change.reason
    assert change.worker == aino
    assert change.before["channel.phone"][0][1] == "+358409990001"
    assert decisions() == [
        ("person.municipality", "reject"),
        ("person.name", "keep_both"),
        ("person.phone", "accept"),
        ("person.service_languages", "keep_both"),
    ]
    assert builders.audit_actions().count("submission.decided") == 1
    history = client.get(f"/desk/people/{person.pk}/history/").content.decode()
    assert f"From the form {item.submission.reference}" in history


def test_taking_a_name_over_keeps_the_one_before_as_a_spelling(aino: Worker) -> None:
    person = fatima(aino)
    item = tied(aino, person)
    with builders.as_worker(aino):
        given = {"version": item.version, "person_version": person.version}
        actions.decide(item, chosen={"person.name": "accept", "person.date_of_birth": "accept"}, by=aino, **given)
        now = Person.objects.get(pk=person.pk)
        assert {(name.text, name.kind) for name in now.names.all()} == {
            ("Fatima Al-Zahra", "official"),
            ("Fatima Zahra", "spelling"),
        }
    assert (now.name, str(now.date_of_birth)) == ("Fatima Al-Zahra", "1991-03-08")


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(aino: Worker, client: Client) -> None:
    person = fatima(aino)
    item = tied(aino, person)
    data = sent(client, url("propose", item), municipality="accept")
    with builders.as_worker(aino):
        people.change_person(fresh(person), version=person.version, by=aino, municipality="309")
    page = client.post(url("propose", item), data).content.decode()
    assert "Somebody else changed this person while you were writing." in page
    assert fresh(person).municipality == "309"
    assert decisions() == []


def test_an_old_page_of_the_submission_decides_nothing(aino: Worker) -> None:
    person = fatima(aino)
    item = tied(aino, person)
    with builders.as_worker(aino):
        given = {"chosen": {"person.name": "reject"}, "person_version": person.version, "by": aino}
        with pytest.raises(ChangedMeanwhile):
            actions.decide(item, version=item.version - 1, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("chosen", [{}, {"person.email": "accept"}, {"person.made_up": "accept"}, {"person.name": "x"}])
def test_what_the_page_does_not_offer_is_not_decided(aino: Worker, chosen: dict[str, str]) -> None:
    person = fatima(aino)
    item = tied(aino, person)
    versions = {"version": item.version, "person_version": person.version}
    with builders.as_worker(aino), pytest.raises(NotAllowed):
        actions.decide(item, chosen=chosen, by=aino, **versions)
    assert decisions() == []


def test_a_number_that_is_none_can_only_be_left_out(aino: Worker, client: Client) -> None:
    item = tied(aino, fatima(aino), phone="ask my brother")
    found = {row.field.code: row.ways for row, _field in client.get(url("propose", item)).context["form"].rows()}
    assert found["person.phone"] == ["reject"]


def test_a_form_may_say_by_itself_what_its_questions_tell() -> None:
    targets = {code: f"q{number}" for number, code in enumerate(mapping.NAMES)}
    kin = {code: f"k{number}" for number, code in enumerate(mapping.MEMBER_NAMES) if code != "family.member"}
    form = form_of(
        *[question(name, **{"kotisatama::maps_to": code}) for code, name in targets.items()],
        question("kin", "begin_repeat"),
        *[question(name, **{"kotisatama::maps_to": code}) for code, name in kin.items()],
        {"type": "end_repeat"},
        question("name"),
    )
    answers = {name: f"{code} told" for code, name in targets.items()} | {"name": "not this"}
    answers |= {targets["person.phone_safe"]: "yes", targets["contact.urgent"]: "yes"}
    told = mapping.told(form, answers | {"kin": [{kin["family.name"]: "Ivan", kin["family.relation"]: "child"}, {}]})
    assert set(told) == {*mapping.NAMES.values(), "member"}
    assert told["name"] == "person.name told"
    assert told["member"] == [{"member_name": "Ivan", "member_relation": "child"}, {}]
    assert mapping.channels(told)[0] == ("phone", "person.phone told", True)
    assert mapping.is_urgent(told)
    assert (mapping.text(told, "message"), mapping.service_language(told, "fi")) == ("contact.text told", "person.ser")


def test_whatever_the_inbox_can_be_told_may_stand_in_a_form() -> None:
    targets = [*mapping.NAMES, *mapping.MEMBER_NAMES, *mapping.IDENTITY_TARGETS, mapping.DOCUMENT]
    form = form_of(*[question(f"q{number}", **{"kotisatama::maps_to": each}) for number, each in enumerate(targets)])
    assert [mapping.code(each) for each in form.questions.values()] == targets
    assert set(proposing.FIELDS) >= {"person.name", "person.gender"}
    assert {field.told_as for field in proposing.FIELDS.values()} <= set(mapping.NAMES.values())


@pytest.mark.parametrize("written", ["2024-02-30", "2024-13-01", "0", "x"])
def test_a_day_that_is_none_can_only_be_left_out(aino: Worker, client: Client, written: str) -> None:
    item = tied(aino, fatima(aino), date_of_birth=written)
    page = client.get(url("propose", item))
    assert page.status_code == 200
    found = {row.field.code: row.ways for row, _field in page.context["form"].rows()}
    assert found["person.date_of_birth"] == ["reject"]


def test_a_member_of_the_family_becomes_a_client_and_a_relative_once(aino: Worker, client: Client) -> None:
    person = fatima(aino)
    item = tied(aino, person)
    form = client.get(url("family", item)).context["form"]
    data = {name: form[name].value() for name in ("version", "place", "key", "who", "role")}
    assert (data["who"], data["role"]) == ("made", "child")
    for _ in range(2):
        assert client.post(url("family", item), data).status_code == 302
    with row_security.context(controllers=["426"]):
        relation = Relation.objects.select_related("to_person").get()
        child = relation.to_person
        assert Person.objects.count() == 2
    assert (relation.from_person_id, relation.kind) == (person.pk, "parent")
    assert (child.name, child.date_of_birth.year, child.birthday_is_placeholder) == ("Yusuf Al-Zahra", 2015, True)  # type: ignore[union-attr]
    assert decisions() == [("member-0", "made")]


def test_a_known_client_is_offered_first_and_made_nobody_twice(aino: Worker, client: Client) -> None:
    person = fatima(aino)
    with builders.as_worker(aino):
        yusuf = people.make_person(controller="426", name="Yusuf Al-Zahra", by=aino)
    members = [
        {"member_name": "Yusuf Al-Zahra", "member_birth_year": 2015, "member_relation": "child"},
        {"member_name": "Mariam Haddad", "member_birth_year": 1960, "member_relation": "parent"},
    ]
    item = tied(aino, person, member=members)
    page = client.get(url("family", item))
    assert [row.person for row in page.context["form"].found.values()] == [yusuf]
    keys = page.context["keys"]
    answer = client.post(
        url("make_members", item), {"version": page.context["item"].version, "keys": keys}, follow=True
    )
    assert "1 member resembles a known client" in answer.content.decode()
    assert decisions() == [("member-1", "made")]
    form = answer.context["form"]
    data = {name: form[name].value() for name in ("version", "place", "key", "role")} | {"who": str(yusuf.pk)}
    client.post(url("family", item), data)
    assert decisions() == [("member-0", "found"), ("member-1", "made")]
    with row_security.context(controllers=["426"]):
        assert Person.objects.count() == 3
        assert {(each.from_person.name, each.to_person.name) for each in Relation.objects.all()} == {
            ("Fatima Zahra", "Yusuf Al-Zahra"),
            ("Mariam Haddad", "Fatima Zahra"),
        }


def test_all_members_at_once_and_the_same_page_again(aino: Worker) -> None:
    item = tied(aino, fatima(aino), member=[{"member_name": f"{name} Haddad"} for name in ("Omar", "Layla", "Nour")])
    keys = [identifiers.new_id() for _ in range(3)]
    with builders.as_worker(aino):
        for _ in range(2):
            actions.make_members(item, keys=keys, version=item.version, by=aino)
        made = Person.objects.filter(pk__in=keys).count()
        left = Decision.objects.count()
    assert made == left >= 1


def test_files_stay_with_the_client_when_the_form_has_ended(aino: Worker, client: Client) -> None:
    letter = rows.a_letter()
    person = fatima(aino)
    item = tied(aino, person, letter={"document": str(letter.pk), "name": "kirje.jpg"})
    data = {"version": item.version, "chosen": [str(letter.pk)]}
    for _ in range(2):
        assert client.post(url("files", item), data).status_code == 302
    with row_security.context(controllers=["426"]):
        assert KeptFile.objects.get().document_id == letter.pk
    assert "kirje.jpg" in client.get(f"/desk/people/{person.pk}/").content.decode()
    with row_security.context(controllers=["426"]):
        assert registry.not_kept([letter.pk, item.pk]) == [item.pk]
        assert Document.objects.filter(pk=letter.pk).exists()


@pytest.mark.parametrize("step", ["propose", "family", "files"])
def test_only_whoever_has_taken_it_decides(aino: Worker, step: str) -> None:
    item = tied(aino, fatima(aino))
    colleague = builders.signed_in(builders.a_worker())
    assert colleague.get(url(step, item)).status_code == 302
    assert builders.signed_in(builders.an_outsider()).get(url(step, item)).status_code == 404


def test_of_a_protected_person_nothing_is_proposed(aino: Worker, client: Client) -> None:
    person, today = fatima(aino), timezone.localdate()
    item = tied(aino, person)
    with builders.as_worker(aino):
        people.set_protection(person, begins_on=today, ends_on=today, decided_by="dvv", by=aino)
    with translation.override("en"):
        page = client.get(url("propose", item)).content.decode()
    assert "+358" not in page
    assert "kept under the non-disclosure" in page


def test_the_page_takes_the_same_number_of_queries_whatever_was_told(
    aino: Worker, client: Client, django_assert_max_num_queries: Any
) -> None:
    item = tied(aino, fatima(aino))
    with django_assert_max_num_queries(45):
        client.get(url("propose", item))
