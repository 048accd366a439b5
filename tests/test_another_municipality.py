"""A worker of a municipality outside the joint service cannot tell whether our region has any data."""

import re
from datetime import date

import pytest
from django.test import Client

from kotisatama.network.models import Organisation
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db

PAGES = [
    "/desk/",
    "/desk/inbox/",
    "/desk/inbox/?state=done",
    "/desk/contacts/",
    "/desk/contacts/new/",
    "/desk/people/",
    "/desk/people/?q=Oleksandra",
    "/desk/people/?q=Олександра",
    "/desk/people/?q=%2B358400000001",
    "/desk/people/?q=1991-02-11",
    *(f"/desk/cases/?tab={tab}" for tab in ("mine", "team", "silent", "ending", "left", "transfers")),
    "/desk/cases/?tab=team&q=Oleksandra",
    "/desk/cases/assign/?tab=team",
    "/desk/people/openings/own/",
    "/desk/people/sharings/",
    "/desk/messages/",
    "/desk/figures/",
    "/desk/figures/?year=2026",
    "/desk/privacy/",
    "/desk/privacy/?on=2040-01-01",
]
# What differs between two drawings of the same page: the token of the form, its key, the present minute.
CHANGING = re.compile(
    rb'name="(csrfmiddlewaretoken|key|at)"[^>]*value="[^"]*"|X-CSRFToken[^}]*}|datetime="[^"]*"|\d{1,2}[.:]\d{2}'
)


@pytest.fixture
def kitee() -> Client:
    town = builders.an_organisation(
        "kitee", kind=Organisation.Kind.MUNICIPALITY, home=builders.KITEE, mandates=[builders.KITEE]
    )
    place = builders.a_service_point(town)
    return builders.signed_in(
        builders.a_worker(
            roles=[Role.MUNICIPAL_WORKER, Role.REPORT_READER, Role.DATA_PROTECTION_OFFICER],
            organisation=town,
            service_point=place,
        )
    )


def drawn(client: Client) -> dict[str, bytes]:
    answers = {path: client.get(path) for path in PAGES}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    return {path: CHANGING.sub(b"", answer.content) for path, answer in answers.items()}


def fill_our_region() -> list[str]:
    """Persons, contacts, submissions and cases of Joensuu; the addresses of some."""
    worker = builders.a_worker(Role.COUNSELLOR)
    addresses = []
    for number in range(8):
        person = builders.a_person(name=f"Oleksandra Shevchenko {number}")
        contact = builders.a_contact(worker=worker, person=person)
        builders.a_contact(worker=worker)
        case = builders.a_case(person, worker, opened_on=date(2024, 1, 1))
        addresses += [f"/desk/people/{person.pk}/", f"/desk/contacts/{contact.pk}/", f"/desk/cases/{case.pk}/"]
    return addresses


def test_pages_are_the_same_to_the_byte_whether_or_not_our_region_has_data(kitee: Client) -> None:
    before = drawn(kitee)
    fill_our_region()
    assert drawn(kitee) == before


def test_the_address_of_a_row_of_ours_is_as_unknown_as_an_invented_one(kitee: Client) -> None:
    invented = "019e0000-0000-7000-8000-000000000000"
    for address in fill_our_region():
        pages = [kitee.get(path) for path in (address, re.sub(r"[0-9a-f-]{36}", invented, address))]
        assert [page.status_code for page in pages] == [404, 404]
        ours, nobodys = (re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}", b"", CHANGING.sub(b"", page.content)) for page in pages)
        assert ours == nobodys
