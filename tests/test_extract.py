"""The extract: everything that is held about a client, in the client's language, and nothing of others."""

import json
from typing import Any

import pytest
from django.urls import reverse

from kotisatama.intake.tests import rows
from kotisatama.people import actions as people
from kotisatama.people.models import Person
from kotisatama.privacy import registry
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

HETU = "010594Y9032"


@pytest.fixture
def lead() -> Worker:
    return builders.a_worker(Role.TEAM_LEAD, name="Liisa Lead")


@pytest.fixture
def person(lead: Worker) -> Person:
    with builders.as_worker(lead):
        person = people.make_person(
            controller=builders.JOENSUU, name="Olena Shevchenko", names=["Олена Шевченко"], by=lead,
            service_languages=["uk"], mother_tongue="uk", citizenships=["UA"], municipality=builders.JOENSUU,
            ground_of_stay="temporary_protection", channels=[("phone", "+358401234567", True)], hetu=HETU,
        )  # fmt: skip
    builders.a_case(person, lead)
    builders.a_contact(lead, person=person, note="Asked about a flat")
    builders.a_contact(lead, person=builders.a_person("Another Client"), note="Words of another")
    return person


def given(person: Person, by: Worker, form: str = "json") -> Any:
    return builders.signed_in(by).post(reverse("people:extract", args=[person.pk, form]))


def test_it_holds_what_the_register_holds_in_codes_and_in_words(person: Person, lead: Worker) -> None:
    found = json.loads(given(person, lead).content)
    sections = {section["name"]: section["records"] for section in found["sections"]}
    assert found["language"] == "uk"
    assert sections["people.person"][0]["mother_tongue"]["value"] == "uk"
    assert sections["people.person"][0]["mother_tongue"]["words"] == "українська"
    assert sections["people.person"][0]["citizenships"]["words"] == "Україна"
    assert sections["people.person"][0]["municipality"] | {"label": ""} == {
        "label": "", "value": "167", "words": "Joensuu",
    }  # fmt: skip
    assert {record["text"]["value"] for record in sections["people.personname"]} == {
        "Olena Shevchenko", "Олена Шевченко",
    }  # fmt: skip
    assert sections["people.channel"][0]["value"]["value"] == "+358401234567"
    assert sections["people.identifier"][0]["value"]["value"] == HETU
    assert sections["contacts.contact"][0]["note"]["value"] == "Asked about a flat"
    assert sections["cases.case"][0]["reason"]["value"] == "guidance"


def test_it_holds_nothing_of_others_and_no_workers_name(person: Person, lead: Worker) -> None:
    for form in ("json", "page"):
        text = given(person, lead, form).content.decode()
        assert "Another Client" not in text
        assert "Words of another" not in text
        assert "Liisa Lead" not in text
        assert "sealed" not in text


def test_forms_that_were_sent_in_are_part_of_it(person: Person, lead: Worker) -> None:
    item = rows.an_item(builders.JOENSUU, message="I need help with a letter")
    with builders.as_worker(lead):
        item.person = person
        item.save()
    assert item.submission.reference in given(person, lead).content.decode()


def test_it_is_read_in_the_clients_language_and_leaves_one_line(person: Person, lead: Worker) -> None:
    before = len(builders.audit_lines())
    page = given(person, lead, "page").content.decode()
    assert '<html lang="uk" dir="ltr">' in page
    assert "Olena Shevchenko" in page
    lines = builders.audit_lines()[before:]
    assert [(line.action, line.subject_id) for line in lines] == [("person.exported", person.pk)]
    assert lines[0].details == {"form": "page", "language": "uk"}


@pytest.mark.parametrize("role", list(Role))
def test_lead_and_officer_give_it_and_nobody_else(person: Person, role: str) -> None:
    answer = given(person, builders.a_worker(role))
    may = role in {Role.TEAM_LEAD, Role.DATA_PROTECTION_OFFICER}
    assert answer.status_code == (200 if may else 403)


def test_another_municipalitys_lead_gets_nothing(person: Person) -> None:
    assert given(person, builders.an_outsider(Role.TEAM_LEAD)).status_code == 404


def test_every_table_that_goes_with_a_person_is_shown_or_says_that_it_is_not() -> None:
    """Not shown is what the software makes itself, and corrections, which quote what was said before."""
    hidden = {holding.name for holding in registry.holdings() if not holding.is_shown}
    assert hidden == {
        "people.searchtoken", "contacts.change", "intake.item", "documents.content", "forms.draft", "forms.draftkey",
        "forms.codeattempt",
        "intake.decision", "intake.keptfile",
        "privacy.lastactivity", "people.personchange", "people.lookslink", "people.unusuallook",
        "cases.step", "cases.transfer", "cases.overlap",
        "people.protection", "people.concealedpart",  # under a seal of their own
        # what tells of others: families, and whoever was taken for the same person
        "people.household", "people.householdmember", "people.relation", "people.likelypair", "people.merge",
        # the log of the import and its sealed rows
        "people.importrow", "people.importrun", "people.oldrecord",
        # money: initials of workers and the accounting's lines, no client
        "funding.project", "funding.cost", "funding.costfile", "funding.claim", "funding.settlement",
    }  # fmt: skip
