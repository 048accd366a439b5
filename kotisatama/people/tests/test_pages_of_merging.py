"""The pages of persons who stand twice."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kotisatama.kernel import identifiers
from kotisatama.people import actions, duplicates, queries, tasks
from kotisatama.people.models import LikelyPair, Merge, Person, SearchToken
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker()


@pytest.fixture
def client(worker: Worker) -> Client:
    return builders.signed_in(worker)


def make(worker: Worker, name: str, controller: str = "167", **fields: Any) -> Person:
    """A client with a case of the worker, who may so open the page."""
    with builders.as_worker(worker):
        person = actions.make_person(controller=controller, name=name, by=worker, **fields)
    builders.a_case(person, worker, closed_on=timezone.localdate(), outcome="settled")
    return person


def two(worker: Worker) -> tuple[Person, Person]:
    born = date(1991, 3, 14)
    left = make(worker, "Oleksandra Shevchenko", date_of_birth=born, gender="female", service_languages=["uk"])
    channels = [("phone", "040 1234567", True)]
    right = make(worker, "Олександра Шевченко", date_of_birth=born, service_languages=["ru"], channels=channels)
    return left, right


def look(*persons: Person) -> None:
    for person in persons:
        tasks.look_for_duplicates(person_id=str(person.pk), controller=person.controller_id)


def sent(client: Client, left: Person, right: Person, **changes: Any) -> dict[str, Any]:
    form = client.get(reverse("people:merge", args=[left.pk, right.pk])).context["form"]
    return {field.name: field.value() for field in form} | changes


def test_from_the_work_list_to_one_person_and_back(worker: Worker, client: Client) -> None:
    left, right = two(worker)
    look(left, right)
    page = client.get(reverse("people:duplicates"))
    assert [row.pair.percent >= 95 for row in page.context["rows"]] == [True]
    address = reverse("people:merge", args=[left.pk, right.pk])
    assert (
        address in page.content.decode() or reverse("people:merge", args=[right.pk, left.pk]) in page.content.decode()
    )
    answer = client.post(address, sent(client, left, right), follow=True)
    assert "The two clients are now one." in answer.content.decode()
    assert "+358401234567" in answer.content.decode()
    assert client.get(reverse("people:duplicates")).context["rows"] == []
    gone = client.get(reverse("people:detail", args=[right.pk])).content.decode()
    assert "This client was merged into" in gone
    assert "Merge with another client" not in gone
    with builders.as_worker(worker):
        made = Merge.objects.get()
        assert set(Person.objects.get(pk=left.pk).service_languages) == {"uk", "ru"}
    client.post(reverse("people:undo_merge", args=[made.pk]))
    with builders.as_worker(worker):
        assert Person.objects.get(pk=right.pk).merged_into_id is None
    assert builders.audit_actions()[-1] == "person.merge_undone"


def test_sending_the_page_twice_merges_once(worker: Worker, client: Client) -> None:
    left, right = two(worker)
    fields = sent(client, left, right)
    for _time in range(2):
        assert client.post(reverse("people:merge", args=[left.pk, right.pk]), fields).status_code == 302
    assert builders.audit_actions().count("person.merged") == 1


def test_the_preview_leaves_one_line_for_each_of_the_two(worker: Worker, client: Client) -> None:
    left, right = two(worker)
    before = len(builders.audit_lines())
    client.get(reverse("people:merge", args=[left.pk, right.pk]))
    lines = builders.audit_lines()[before:]
    assert {(line.action, line.person_id) for line in lines} == {
        ("persons.compared", left.pk),
        ("persons.compared", right.pk),
    }
    assert len(lines) == 2


def test_with_oneself_the_page_says_so_in_a_sentence(worker: Worker, client: Client) -> None:
    person = make(worker, "Olena Bondar")
    page = client.get(reverse("people:merge", args=[person.pk, person.pk])).content.decode()
    assert "one and the same client" in page
    fields = {"key": identifiers.new_id(), "left_version": 1, "right_version": 1}
    answer = client.post(reverse("people:merge", args=[person.pk, person.pk]), fields)
    assert answer.status_code == 200
    with builders.as_worker(worker):
        assert not Merge.objects.exists()


def test_a_page_out_of_date_keeps_both_and_says_why(worker: Worker, client: Client) -> None:
    left, right = two(worker)
    fields = sent(client, left, right)
    with builders.as_worker(worker):
        actions.change_person(right, version=1, by=worker, gender="other")
    answer = client.post(reverse("people:merge", args=[left.pk, right.pk]), fields)
    assert "Somebody else changed this" in answer.content.decode()


def test_an_unknown_field_is_refused(worker: Worker, client: Client) -> None:
    left, right = two(worker)
    answer = client.post(reverse("people:merge", args=[left.pk, right.pk]), sent(client, left, right, merged_into="x"))
    assert "does not know the field" in answer.content.decode()


def test_two_birthdays_and_two_codes_are_warned_of(worker: Worker, client: Client) -> None:
    left = make(worker, "Olena Bondar", hetu="010594Y9021")
    right = make(worker, "Olena Bondar", hetu="020594X903P")
    page = client.get(reverse("people:merge", args=[left.pk, right.pk])).content.decode()
    assert "Two codes usually mean two persons." in page
    assert "Their dates of birth differ." in page
    assert "010594Y9021" not in page


def test_not_the_same_person_is_remembered(worker: Worker, client: Client) -> None:
    left, right = two(worker)
    look(left)
    with builders.as_worker(worker):
        pair = LikelyPair.objects.get()
    for _time in range(2):
        assert client.post(reverse("people:tell_apart", args=[pair.pk])).status_code == 302
    look(left, right)
    assert client.get(reverse("people:duplicates")).context["rows"] == []
    assert builders.audit_actions().count("persons.told_apart") == 1


def test_namesakes_and_families_are_not_proposed(worker: Worker) -> None:
    family = [("phone", "040 1234567", True)]
    persons = [
        make(worker, "Olena Shevchenko", date_of_birth=date(1991, 3, 14), channels=family),
        make(worker, "Olena Shevchenko", date_of_birth=date(1970, 7, 1)),
        make(worker, "Taras Shevchenko", date_of_birth=date(2015, 3, 14), channels=family),
        make(worker, "Oksana Shevchenko", date_of_birth=date(1993, 1, 2), channels=family),
        make(worker, "Olena Shevchenko", controller="426", date_of_birth=date(1991, 3, 14)),
    ]
    look(*persons)
    with builders.as_worker(worker):
        assert not LikelyPair.objects.exists()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Schewtschenko Olena", {"date_of_birth": date(1991, 3, 14)}),
        ("Олена Шевченко", {"date_of_birth": date(1991, 1, 1), "birthday_is_placeholder": True}),
        ("Olena Shevchenko", {}),
        ("Elena Shevchenko", {"channels": [("phone", "040 1234567", True)]}),
    ],
)
def test_likely_pairs_are_found(worker: Worker, name: str, fields: dict[str, Any]) -> None:
    born = date(1991, 3, 14)
    make(worker, "Olena Shevchenko", date_of_birth=born, channels=[("phone", "040 1234567", True)])
    look(make(worker, name, **fields))
    with builders.as_worker(worker):
        assert LikelyPair.objects.count() == 1


def test_the_whole_register_is_looked_over_in_batches(worker: Worker) -> None:
    two(worker)
    with builders.as_worker(worker):
        assert list(duplicates.look_at_all("167")) == [2]
        assert LikelyPair.objects.count() == 1


def test_the_list_takes_the_same_number_of_queries_for_1_and_10_pairs(
    worker: Worker, client: Client, django_assert_max_num_queries: Any
) -> None:
    look(*two(worker))
    client.get(reverse("people:duplicates"))  # fills what is kept between requests
    with django_assert_max_num_queries(40) as few:
        client.get(reverse("people:duplicates"))
    for number in range(9):
        born = date(1980, 1, 2 + number)
        make(worker, f"Nina{'abcdefghi'[number]}ra Bondar", date_of_birth=born)
        look(make(worker, f"Nina{'abcdefghi'[number]}ra Bondar", date_of_birth=born))
    with django_assert_max_num_queries(40) as many:
        client.get(reverse("people:duplicates"))
    assert len(many) == len(few)


@pytest.mark.parametrize("role", [Role.REPORT_READER, Role.PARTNER_WORKER, Role.DATA_PROTECTION_OFFICER])
def test_pages_are_for_who_changes_clients(worker: Worker, role: Role) -> None:
    left, right = two(worker)
    other = builders.signed_in(builders.a_worker(role))
    for address in ("people:duplicates",), ("people:choose_other", left.pk), ("people:merge", left.pk, right.pk):
        assert other.get(reverse(address[0], args=address[1:])).status_code == 403


def test_another_municipalitys_clients_do_not_exist_for_the_pages(worker: Worker) -> None:
    left, right = two(worker)
    outsider = builders.signed_in(builders.an_outsider())
    assert outsider.get(reverse("people:merge", args=[left.pk, right.pk])).status_code == 404
    assert outsider.get(reverse("people:choose_other", args=[left.pk])).status_code == 404


def test_the_register_can_be_refreshed_after_an_update(worker: Worker) -> None:
    two(worker)
    with builders.as_worker(worker):
        SearchToken.objects.all().delete()
    call_command("people-refresh", stderr=StringIO())
    with builders.as_worker(worker):
        assert len(queries.search(worker, "Schewtschenko Alexandra")) == 2
        assert LikelyPair.objects.count() == 1
