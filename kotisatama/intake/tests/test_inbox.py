"""The queue: whose, in which order, narrowed by what."""

from typing import Any

import pytest
from django.urls import reverse

from kotisatama.intake import access, actions
from kotisatama.intake.models import Item
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

INBOX = reverse("intake:inbox")


@pytest.fixture
def worker() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(language="en", name="Aino Niemi")


def listed(client: Any, query: str = "") -> list[Any]:
    return [line.item.pk for line in client.get(INBOX + query).context["lines"]]


def claim(item: Item, worker: Worker) -> Item:
    with builders.as_worker(worker):
        return actions.claim(item, by=worker)


def test_urgent_matters_come_first_then_the_oldest(worker: Worker) -> None:
    young, old = rows.an_item(urgent="no", hours=1), rows.an_item(urgent="no", hours=30)
    urgent, urgent_old = rows.an_item(urgent="yes", hours=1), rows.an_item(urgent="yes", hours=5)
    assert listed(builders.signed_in(worker)) == [urgent_old.pk, urgent.pk, old.pk, young.pk]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["letter", "house", "work"]),
        ("?municipality=426", ["letter"]),
        ("?language=uk", ["house"]),
        ("?topic=benefits", ["letter"]),
        ("?topic=housing", ["house"]),
        ("?urgent=yes", ["letter"]),
        ("?age=1", ["house", "work"]),
        ("?age=7", ["work"]),
        ("?whose=mine", ["house"]),
        ("?whose=nobody", ["letter", "work"]),
        ("?state=new", ["letter", "work"]),
        ("?state=claimed", ["house"]),
        ("?state=done", []),
        ("?state=all&municipality=167&language=uk", ["house"]),
        ("?municipality=%27%00x&language=%5B%5D&age=x&state=x&sort=x&page=x", ["letter", "house", "work"]),
    ],
)
def test_a_filter_leaves_what_it_names(worker: Worker, query: str, found: list[str]) -> None:
    items = {
        "letter": rows.an_item(hours=1),
        "house": rows.an_item(
            builders.JOENSUU, hours=30, urgent="no", municipality="167", service_language="uk", topics=["housing"]
        ),
        "work": rows.an_item(builders.JOENSUU, hours=200, urgent="no", municipality="elsewhere", topics=["work"]),
    }
    claim(items["house"], worker)
    assert set(listed(builders.signed_in(worker), query)) == {items[name].pk for name in found}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("oldest", ["b", "a", "c"]),
        ("newest", ["c", "a", "b"]),
        ("language", ["a", "c", "b"]),
        ("municipality", ["b", "a", "c"]),
    ],
)
def test_the_list_is_sorted_as_asked(worker: Worker, sort: str, order: list[str]) -> None:
    given = {
        "a": rows.an_item(hours=2, service_language="ar", urgent="no"),
        "b": rows.an_item(hours=3, service_language="uk", municipality="167", urgent="no"),
        "c": rows.an_item(hours=1, service_language="ru", urgent="no"),
    }
    assert listed(builders.signed_in(worker), f"?sort={sort}") == [given[name].pk for name in order]


def test_each_filter_says_how_many_it_shows(worker: Worker) -> None:
    rows.an_item()
    rows.an_item(urgent="no", municipality="167", hours=30)
    filters = {each.name: each for each in builders.signed_in(worker).get(INBOX).context["filters"]}
    assert {option.value: option.number for option in filters["municipality"].options} == {"": -1, "167": 1, "426": 1}
    assert {option.value: option.number for option in filters["topic"].options} == {"": -1, "letters": 2, "benefits": 2}
    assert {option.value: option.number for option in filters["age"].options} == {"": -1, "1": 1, "2": 0, "7": 0}
    assert filters["urgent"].options[1].number == 1


def test_the_list_leaves_one_line_that_names_nobody(worker: Worker) -> None:
    rows.an_item()
    builders.signed_in(worker).get(INBOX + "?municipality=426")
    (line,) = [line for line in builders.audit_lines() if line.worker_id == worker.pk]
    assert (line.action, line.details) == ("inbox.listed", {"filters": ["municipality"], "page": 1, "found": 1})


def test_an_empty_inbox_says_what_comes_here(worker: Worker) -> None:
    assert "The inbox is empty." in builders.signed_in(worker).get(INBOX).content.decode()
    assert "Nothing matches." in builders.signed_in(worker).get(INBOX + "?urgent=yes").content.decode()


def test_another_municipalitys_worker_finds_an_empty_inbox_and_no_item(worker: Worker) -> None:
    item, outsider = rows.an_item(), builders.an_outsider()
    client = builders.signed_in(outsider)
    assert listed(client) == []
    assert client.get(reverse("intake:item", args=[item.pk])).status_code == 404
    assert client.post(reverse("intake:claim", args=[item.pk]), {"version": 1}).status_code == 404
    with row_security.context(controllers=[builders.LIPERI]):
        assert Item.objects.get().state == Item.State.NEW


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.COUNSELLOR, 200),
        (Role.TEAM_LEAD, 200),
        (Role.MUNICIPAL_WORKER, 200),
        (Role.PARTNER_WORKER, 403),
        (Role.ASSOCIATION_COORDINATOR, 403),
        (Role.REPORT_READER, 403),
        (Role.DATA_PROTECTION_OFFICER, 403),
        (Role.MAIN_USER, 403),
    ],
)
def test_who_opens_the_inbox_and_an_item(worker: Worker, role: Role, status: int) -> None:
    item = rows.an_item()
    client = builders.signed_in(builders.a_worker(role))
    assert client.get(INBOX).status_code == status
    assert client.get(reverse("intake:item", args=[item.pk])).status_code == status


def test_the_inbox_asks_the_database_as_often_for_many_as_for_few(
    worker: Worker, django_assert_max_num_queries: Any
) -> None:
    client, colleague, counts = builders.signed_in(worker), builders.a_worker(), []
    opened = rows.an_item()
    for number in (3, 20):
        for _ in range(number):
            claim(rows.an_item(), colleague)
        for page in (INBOX, reverse("intake:item", args=[opened.pk])):
            client.get(page)
            with django_assert_max_num_queries(45) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_long_inbox_has_pages(worker: Worker) -> None:
    for _ in range(27):
        rows.an_item()
    client = builders.signed_in(worker)
    assert (len(listed(client)), len(listed(client, "?page=2"))) == (25, 2)


def test_the_inbox_is_in_the_workers_language() -> None:
    rows.a_main_service_point()
    rows.an_item(hours=50)
    page = builders.signed_in(builders.a_worker(language="fi")).get(INBOX).content.decode()
    assert 'lang="fi"' in page
    assert "Liperi" in page
    assert "العربية" in page


def test_visible_items_are_those_of_the_mandates(worker: Worker) -> None:
    here, kitee = rows.an_item(), rows.an_item(builders.KITEE)
    with row_security.context(controllers=[builders.LIPERI, builders.KITEE]):
        assert set(access.visible_items(worker)) == {here}
        assert set(access.visible_items(builders.an_outsider())) == {kitee}
