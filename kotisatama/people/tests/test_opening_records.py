"""A record opens by a relation, or for a reason that a lead looks at in time."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kotisatama.kernel import row_security
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.people import access, actions, opening_access, tasks
from kotisatama.people.models import Opening, Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

OWN, LIST = "/desk/people/openings/own/", "/desk/people/openings/"
LINK = "https://desk.example/desk/people/openings/"


@pytest.fixture
def worker() -> Worker:
    return builders.a_worker(name="Aino Niemi")


@pytest.fixture
def lead() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD, name="Liisa Lahti")


@pytest.fixture
def person() -> Person:
    return builders.a_person(municipality="426", service_languages=["uk", "ru"])


def page(name: str, person: Person) -> str:
    return reverse(f"people:{name}", args=[person.pk])


def opened(person: Person, worker: Worker, reason: str = "person_is_here") -> Opening:
    with builders.as_worker(worker):
        return actions.open_without_relation(person, reason=reason, by=worker, link=LINK)


def purpose(worker: Worker, person: Person) -> str | None:
    with builders.as_worker(worker):
        return access.purpose_of(worker, person.pk)


def move(opening: Opening, **fields: Any) -> None:
    with row_security.context(controllers=[opening.controller_id]):
        Opening.objects.filter(pk=opening.pk).update(**fields)


def colleague(**fields: Any) -> Worker:
    return builders.a_worker(**fields)


def test_a_found_client_opens_by_no_relation_at_all(worker: Worker, person: Person) -> None:
    assert purpose(worker, person) == ""
    with builders.as_worker(worker):
        assert access.visible_people(worker).filter(pk=person.pk).exists()
        assert not access.openable_people(worker).exists()


def test_own_case_and_its_end(worker: Worker, person: Person) -> None:
    case = builders.a_case(person, worker)
    assert purpose(worker, person) == "own_case"
    for days, expected in ((1, "case_transfer"), (8, "")):  # for a week closing can be taken back
        day = timezone.localdate() - timedelta(days=days)
        with builders.as_worker(worker):
            type(case).objects.filter(pk=case.pk).update(opened_on=day, closed_on=day, outcome="settled")
        assert purpose(worker, person) == expected


@pytest.mark.parametrize(
    ("role", "same_team", "expected"),
    [(Role.COUNSELLOR, True, "team_case"), (Role.COUNSELLOR, False, ""), (Role.TEAM_LEAD, False, "team_case")],
)
def test_the_teams_case(person: Person, role: Role, same_team: bool, expected: str) -> None:
    team = builders.a_team()
    builders.a_case(person, colleague(team=team))
    viewer = builders.a_worker(role, team=team if same_team else builders.a_team("Another"))
    assert purpose(viewer, person) == expected


def test_a_contact_of_today_opens_and_one_of_yesterday_does_not(worker: Worker, person: Person) -> None:
    contact = builders.a_contact(worker, person=person)
    assert purpose(worker, person) == "met_today"
    with builders.as_worker(worker):
        yesterday = timezone.now() - timedelta(days=1)
        type(contact).objects.filter(pk=contact.pk).update(at=yesterday, created_at=yesterday)
    assert purpose(worker, person) == ""


def test_a_visit_at_the_same_place_opens(worker: Worker, person: Person) -> None:
    builders.a_contact(colleague(), person=person)
    assert purpose(worker, person) == "visit_today"
    elsewhere = builders.a_worker(service_point=builders.a_service_point(slug="elsewhere"))
    assert purpose(elsewhere, person) == ""


def test_who_makes_a_client_sees_it_that_day(worker: Worker) -> None:
    with builders.as_worker(worker):
        person = actions.make_person(controller="167", name="Olha Koval", by=worker)
    assert purpose(worker, person) == "made_today"
    assert purpose(colleague(), person) == ""
    with builders.as_worker(worker):
        Person.objects.filter(pk=person.pk).update(created_at=timezone.now() - timedelta(days=1))
    assert purpose(worker, person) == ""


def test_a_relation_does_not_reach_over_the_mandate(person: Person) -> None:
    outsider = builders.an_outsider()
    builders.a_case(person, outsider)
    assert purpose(outsider, person) is None


@pytest.mark.parametrize("name", ["detail", "edit"])
def test_the_page_asks_for_a_reason_first_and_shows_only_what_a_search_shows(
    worker: Worker, person: Person, name: str
) -> None:
    browser = builders.signed_in(worker)
    answer = browser.get(page(name, person))
    assert answer["Location"] == f"{page('ask', person)}?next={page(name, person).replace('/', '%2F')}"
    text = browser.get(answer["Location"]).content.decode()
    assert "Olena Shevchenko" in text
    assert "українська" in text
    assert "Liperi" not in text
    assert builders.audit_lines()[-1].action == "person.found"


def test_opening_for_a_reason_lasts_four_hours_and_goes_on_to_the_page(worker: Worker, person: Person) -> None:
    browser = builders.signed_in(worker)
    sent = {"reason": "person_called", "next": page("edit", person)}
    assert browser.post(page("ask", person), sent)["Location"] == page("edit", person)
    line = builders.audit_lines()[-1]
    assert (line.action, line.details["reason"]) == ("person.opened_without_relation", "person_called")
    assert browser.get(page("detail", person)).status_code == 200
    assert builders.audit_lines()[-1].details == {"purpose": "opened"}
    with builders.as_worker(worker):
        opening = Opening.objects.get()
    assert opening.until - opening.opened_at == timedelta(hours=4)
    move(opening, opened_at=timezone.now() - timedelta(hours=5), until=timezone.now() - timedelta(seconds=1))
    assert browser.get(page("detail", person)).status_code == 302


def test_the_same_question_answered_twice_is_one_opening(worker: Worker, person: Person) -> None:
    assert opened(person, worker) == opened(person, worker, "emergency")
    assert builders.audit_actions() == ["person.opened_without_relation"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "This field is required."),
        ({"reason": "curious"}, "Select a valid choice"),
        ({"reason": "emergency", "until": "2099-01-01"}, "This page does not know the field “until”."),
    ],
)
def test_a_reason_outside_the_list_opens_nothing(
    worker: Worker, person: Person, sent: dict[str, str], sentence: str
) -> None:
    answer = builders.signed_in(worker).post(page("ask", person), sent)
    assert sentence in answer.content.decode()
    assert purpose(worker, person) == ""


def test_a_way_out_of_the_desk_is_not_followed(worker: Worker, person: Person) -> None:
    sent = {"reason": "emergency", "next": "//elsewhere.example/"}
    assert builders.signed_in(worker).post(page("ask", person), sent)["Location"] == page("detail", person)


@pytest.mark.parametrize("role", [Role.PARTNER_WORKER, Role.PEER_SUPPORTER, Role.MAIN_USER])
def test_who_may_not_find_clients_opens_none_for_a_reason(role: Role, person: Person) -> None:
    viewer = builders.a_worker(role)
    assert builders.signed_in(viewer).get(page("ask", person)).status_code == 403
    with pytest.raises(PermissionDenied):
        opened(person, viewer)


def test_the_leads_are_told_at_once_without_a_word_of_the_client(
    worker: Worker, lead: Worker, person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    opened(person, worker)
    tasks.tell_of_opening(worker_id=lead.pk, link=LINK)
    (letter,) = mail.outbox
    assert letter.to == [lead.email]
    assert LINK in letter.body
    assert not any(
        word in f"{letter.subject} {letter.body}" for word in ("Olena", "Shevchenko", "Aino", str(person.pk))
    )


def test_leads_of_the_controllers_own_organisations_review_and_else_those_with_its_mandate(lead: Worker) -> None:
    centre_alone = list(opening_access.reviewers("426"))
    liperi = builders.an_organisation(
        "liperi", kind=Organisation.Kind.MUNICIPALITY, home=builders.LIPERI, mandates=[builders.LIPERI]
    )
    own = builders.a_worker(Role.TEAM_LEAD, liperi)
    assert (centre_alone, list(opening_access.reviewers("426"))) == ([lead], [own])
    assert list(opening_access.reviewers("426", besides=own)) == [lead]
    assert list(opening_access.reviewers("167")) == [lead]


def test_what_the_only_lead_of_a_municipality_opens_others_review(lead: Worker) -> None:
    liperi = builders.an_organisation(
        "liperi", kind=Organisation.Kind.MUNICIPALITY, home=builders.LIPERI, mandates=[builders.LIPERI]
    )
    own, worker = builders.a_worker(Role.TEAM_LEAD, liperi), builders.a_worker(organisation=liperi)
    person = builders.a_person(controller=builders.LIPERI)
    for each in (own, worker):
        opened(person, each)
    with builders.as_worker(lead):
        assert [opening.worker for opening in opening_access.reviewed_openings(lead)] == [own]
    with builders.as_worker(own):
        assert [opening.worker for opening in opening_access.reviewed_openings(own)] == [worker]


def test_a_lead_reviews_from_the_list_once(worker: Worker, lead: Worker, person: Person) -> None:
    opening = opened(person, worker)
    browser, another = builders.signed_in(lead), builders.signed_in(builders.a_worker(Role.TEAM_LEAD))
    text = browser.get(LIST).content.decode()
    assert "Aino Niemi" in text
    assert "The person is here now" in text
    address = reverse("people:review_opening", args=[opening.pk])
    for _ in range(2):
        assert browser.post(address, {"verdict": "right"})["Location"] == LIST
    assert "Another lead has reviewed" in another.post(address, {"verdict": "private"}, follow=True).content.decode()
    actions_of_review = [action for action in builders.audit_actions() if action == "person.opening_reviewed"]
    assert len(actions_of_review) == 1
    assert "It was right" in builders.signed_in(worker).get(OWN).content.decode()


def test_nobody_reviews_the_own_opening(lead: Worker, person: Person) -> None:
    opening = opened(person, lead)
    browser = builders.signed_in(lead)
    assert browser.post(reverse("people:review_opening", args=[opening.pk]), {"verdict": "right"}).status_code == 404
    with builders.as_worker(lead), pytest.raises(PermissionDenied):
        actions.review_opening(opening, verdict="right", by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        move(opening, verdict="right", reviewed_by=lead, reviewed_at=timezone.now())


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.MUNICIPAL_WORKER, Role.DATA_PROTECTION_OFFICER])
def test_the_list_of_openings_is_for_leads(role: Role) -> None:
    assert builders.signed_in(builders.a_worker(role)).get(LIST).status_code == 403


def test_not_reviewed_in_time_the_right_pauses_until_it_is(worker: Worker, lead: Worker, person: Person) -> None:
    first, other = opened(person, worker), builders.a_person("Natalia Bondar")
    move(first, review_by=timezone.localdate() - timedelta(days=1))
    assert purpose(worker, person) == "opened"
    with pytest.raises(NotAllowed, match="nobody has reviewed an earlier opening of yours in time"):
        opened(other, worker)
    browser = builders.signed_in(worker)
    assert "nobody has reviewed an earlier opening" in browser.get(page("ask", other)).content.decode()
    assert "Late: the worker can open no further record" in builders.signed_in(lead).get(LIST).content.decode()
    with builders.as_worker(lead):
        actions.review_opening(first, verdict="not_needed", by=lead)
    assert opened(other, worker).person_id == other.pk


def test_the_review_is_due_in_three_working_days(worker: Worker, person: Person) -> None:
    opening = opened(person, worker)
    days = [opening.opened_at.astimezone(ZoneInfo("Europe/Helsinki")).date() + timedelta(days=n) for n in range(1, 12)]
    assert opening.review_by == [day for day in days if day.isoweekday() < 6][2] or opening.review_by > days[2]
    assert isinstance(opening.opened_at, datetime)


def test_another_municipalitys_opening_does_not_exist_for_its_leads(worker: Worker, person: Person) -> None:
    opening = opened(person, worker)
    browser = builders.signed_in(builders.an_outsider(Role.TEAM_LEAD))
    assert "Aino" not in browser.get(LIST).content.decode()
    assert browser.post(reverse("people:review_opening", args=[opening.pk]), {"verdict": "right"}).status_code == 404


def test_a_contact_of_a_client_who_does_not_open_is_a_clients(worker: Worker, person: Person) -> None:
    place = builders.a_service_point(slug="elsewhere")
    contact = builders.a_contact(colleague(), person=person, service_point=place, note="Words about her")
    browser = builders.signed_in(worker)
    detail = reverse("contacts:detail", args=[contact.pk])
    for address in (detail, "/desk/contacts/?whose=all", f"/desk/figures/rows/?year={timezone.localdate().year}"):
        text = browser.get(address).content.decode()
        assert "Olena" not in text, address
        assert "Words about her" not in text
    assert browser.get(reverse("contacts:edit", args=[contact.pk])).status_code == 302
    opened(person, worker)
    assert "Words about her" in browser.get(detail).content.decode()
    assert "Olena Shevchenko" in browser.get("/desk/contacts/?whose=all").content.decode()


def test_the_pages_of_openings_take_the_same_number_of_queries_for_1_and_6(
    worker: Worker, lead: Worker, person: Person, django_assert_max_num_queries: Any
) -> None:
    def drawn(browser: Client, address: str) -> int:
        with django_assert_max_num_queries(60) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    browsers = [(builders.signed_in(worker), OWN), (builders.signed_in(lead), LIST)]
    opened(person, worker)
    for each in browsers:
        drawn(*each)
    before = [drawn(*each) for each in browsers]
    for number in range(5):
        opened(builders.a_person(f"Person {number}"), worker)
    assert [drawn(*each) for each in browsers] == before
