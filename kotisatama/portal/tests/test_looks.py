"""The client's own view of who looked: by a link from a counsellor, in the client's language, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kotisatama.kernel import identifiers, row_security
from kotisatama.people import actions as people
from kotisatama.people.models import LooksLink, Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(Role.COUNSELLOR, name="Aino Virtanen")


@pytest.fixture
def person(worker: Worker) -> Person:
    person = builders.a_person("Olena Shevchenko", service_languages=["so", "uk"])
    builders.a_case(person, worker)
    return person


def new_link(person: Person, worker: Worker, *, language: str = "en") -> str:
    """The path of a new link, made on the counsellor's page."""
    page = builders.signed_in(worker).post(
        f"/desk/people/{person.pk}/looks/", {"key": identifiers.new_id(), "language": language}
    )
    found = re.search(rf"http://testserver(/{language}/looks/[\w-]{{32}}/)", page.content.decode())
    assert found, page.content.decode()
    return found[1]


def opened(path: str, client: Client | None = None) -> str:
    client = client or Client()
    return client.get(path, follow=True).content.decode()


def test_the_counsellors_page_offers_the_clients_own_language(person: Person, worker: Worker) -> None:
    page = builders.signed_in(worker).get(f"/desk/people/{person.pk}/looks/").content.decode()
    assert re.search(r'<option value="uk"\s+selected', page)


def test_the_paper_speaks_the_clients_language(person: Person, worker: Worker) -> None:
    sent = {"key": identifiers.new_id(), "language": "uk"}
    page = builders.signed_in(worker).post(f"/desk/people/{person.pk}/looks/", sent).content.decode()
    assert '<bdi lang="uk" dir="ltr">Хто переглядав ваші дані</bdi>' in page


def test_the_client_sees_each_look_with_time_organisation_and_purpose(person: Person, worker: Worker) -> None:
    builders.signed_in(worker).get(f"/desk/people/{person.pk}/")
    builders.a_contact(worker, person=person)
    page = opened(new_link(person, worker))
    assert "Opened your page to help you." in page
    assert "Made the link to this page for you." in page
    assert "Centre" in page


def test_nothing_else_of_the_person_and_no_workers_name_is_shown(person: Person, worker: Worker) -> None:
    builders.signed_in(worker).get(f"/desk/people/{person.pk}/")
    page = opened(new_link(person, worker))
    assert not [word for word in ("Olena", "Shevchenko", "Aino", "Virtanen") if word in page]


def test_the_workers_name_is_shown_where_the_controller_says_so(person: Person, worker: Worker) -> None:
    chief = builders.a_worker(Role.MAIN_USER)
    with builders.as_worker(chief):
        people.show_worker_names(builders.JOENSUU, shows=True, by=chief)
    assert "Aino Virtanen" in opened(new_link(person, worker))


def test_looks_at_others_are_not_there(person: Person, worker: Worker) -> None:
    other = builders.a_person("Another")
    builders.a_case(other, worker)
    path = new_link(person, worker)
    before = opened(path).count("<dt>")
    builders.signed_in(worker).get(f"/desk/people/{other.pk}/")
    assert opened(path).count("<dt>") == before + 1  # the opening of the page itself


def test_opening_the_page_leaves_its_own_line(person: Person, worker: Worker) -> None:
    opened(new_link(person, worker))
    line = builders.audit_lines()[-1]
    assert (line.action, line.person_id, line.worker_id) == ("looks.viewed", person.pk, None)


@pytest.mark.parametrize("way", ["unknown", "expired", "withdrawn"])
def test_a_link_that_does_not_work_shows_nothing_and_says_no_more(way: str, person: Person, worker: Worker) -> None:
    path = new_link(person, worker)
    if way == "unknown":
        path = "/en/looks/" + "x" * 32 + "/"
    with row_security.context(controllers=[person.controller_id]):
        links = LooksLink.objects.all()
        if way == "expired":
            links.update(made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=1))
        if way == "withdrawn":
            people.withdraw_looks_link(links.get(), by=worker)
    page = opened(path)
    assert "This link does not work" in page
    assert "Opened your page" not in page


def test_a_withdrawn_link_closes_a_page_that_was_open_already(person: Person, worker: Worker) -> None:
    browser = Client()
    path = new_link(person, worker)
    assert "Who has looked at your data" in opened(path, browser)
    with row_security.context(controllers=[person.controller_id]):
        link = LooksLink.objects.get()
    answer = builders.signed_in(worker).post(f"/desk/people/{person.pk}/looks/{link.pk}/withdraw/", follow=True)
    assert "The link does not work any more." in answer.content.decode()
    assert "This link does not work" in opened("/en/looks/", browser)


def test_the_secret_leaves_the_address_and_nobody_keeps_the_page(person: Person, worker: Worker) -> None:
    browser, path = Client(), new_link(person, worker)
    secret = path.rsplit("/", 2)[1]
    first = browser.get(path)
    assert (first.status_code, first.headers["Location"]) == (302, "/en/looks/")
    page = browser.get("/en/looks/")
    assert secret not in page.content.decode()
    for answer in (first, page):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
    browser.post("/en/looks/close/")
    assert "This link does not work" in browser.get("/en/looks/").content.decode()


def test_only_the_hash_of_the_secret_is_kept(person: Person, worker: Worker) -> None:
    secret = new_link(person, worker).rsplit("/", 2)[1]
    with row_security.context(controllers=[person.controller_id]):
        (row,) = LooksLink.objects.values()
    assert secret not in str(row)
    assert len(row["holder"]) == 64


def test_the_same_page_sent_twice_is_one_link_whose_last_address_works(person: Person, worker: Worker) -> None:
    client, sent = builders.signed_in(worker), {"key": identifiers.new_id(), "language": "en"}
    addresses = [
        re.search(r"/en/looks/[\w-]{32}/", client.post(f"/desk/people/{person.pk}/looks/", sent).content.decode())
        for _ in range(2)
    ]
    with row_security.context(controllers=[person.controller_id]):
        assert LooksLink.objects.count() == 1
    assert addresses[0]
    assert addresses[1]
    assert "This link does not work" in opened(addresses[0][0])
    assert "Who has looked at your data" in opened(addresses[1][0])


def test_nobody_makes_a_link_for_a_client_of_another_municipality(person: Person) -> None:
    outsider = builders.signed_in(builders.an_outsider())
    sent = {"key": identifiers.new_id(), "language": "en"}
    assert outsider.post(f"/desk/people/{person.pk}/looks/", sent).status_code == 404


def test_the_page_takes_as_many_statements_for_fifty_looks_as_for_one(
    person: Person, worker: Worker, django_assert_max_num_queries: object
) -> None:
    path, browser = new_link(person, worker), Client()
    opened(path, browser)
    staff = builders.signed_in(worker)
    for _ in range(20):
        staff.get(f"/desk/people/{person.pk}/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert browser.get("/en/looks/").status_code == 200
