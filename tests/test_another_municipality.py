"""A worker of a municipality outside the joint service cannot tell on any page whether our region has data."""

import csv
import re
from functools import partial
from typing import Any

import pytest
from django.test import Client

from kotisatama.intake.tests import rows
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders, register_rows, routes, worlds

pytestmark = pytest.mark.django_db

# What a page of the joint service's own data is asked, beside the plain addresses of tests/routes.py.
FURTHER = [
    "/desk/people/?q=Turva",
    "/desk/people/?q=Турва",
    "/desk/people/?q=%2B358407770001",
    "/desk/people/?q=1991-01-01",
    "/desk/people/?q=010191-901C",
    "/desk/contacts/?municipality=001",
    "/desk/cases/?tab=team&municipality=001",
    "/desk/privacy/?on=2040-01-01",
]
# What differs between two drawings of the same page: the token of the form, its key, the present moment.
CHANGING = re.compile(
    rb'name="(csrfmiddlewaretoken|(page:)?key|page:draft|at|shown_at)"[^>]*value="[^"]*"|X-CSRFToken[^}]*}'
    rb'|"now": ?"[^"]*"|datetime="[^"]*"|\d{1,2}[.:]\d{2}'
)
KEY = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{4}-[0-9A-Z]{4}")
# Signing out ends the walk; a second factor's secret is drawn anew each time; a spreadsheet carries its own clock.
LEFT_OUT = {"account_logout", "mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
# All pages of a form at once, compressed: each with a token of its own. Page by page they are walked.
LEFT_OUT |= {"portal:form_ahead"}
# The trail of the outsider's own municipality tells of the walk itself: it has a test of its own.
TRAIL = {"desk:trail", "desk:export_trail", "desk:own_trail"}
# Rows of a client: an address with one of their keys must not tell whether it is somebody's.
OF_A_CLIENT = {
    "person",
    "case",
    "contact",
    "item",
    "message",
    "document",
    "reference",
    *worlds.EXCHANGES,
    *register_rows.KINDS,
}


@pytest.fixture(name="outsider")
def outsider_fixture() -> Worker:
    town = builders.an_organisation(
        "kitee", kind=Organisation.Kind.MUNICIPALITY, home=builders.KITEE, mandates=[builders.KITEE]
    )
    place = builders.a_service_point(town)
    worker = builders.a_worker(roles=list(Role), organisation=town, service_point=place)
    worker.set_password("kitee-kitee-kitee")
    worker.save()
    return worker


@pytest.fixture(name="aino")
def aino_fixture() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(Role.COUNSELLOR)


def walked() -> list[routes.Route]:
    return [route for route in routes.every() if route.name not in LEFT_OUT | TRAIL]


def essence(answer: Any) -> tuple[int, bytes, bytes]:
    """Status, where it leads, and the content without what changes by itself."""
    content = b"" if answer.streaming else answer.content
    if content[:2] == b"PK":  # A spreadsheet: packed with the time of its making; the same figures go out as CSV.
        content = b"PK"
    return answer.status_code, str(answer.headers.get("Location", "")).encode(), CHANGING.sub(b"", content)


def drawn(browser: Client, world: dict[str, str], further: list[str]) -> dict[str, tuple[int, bytes, bytes]]:
    found = {}
    for route in walked():
        for path in routes.paths(route, world):
            found[f"GET {path}"] = essence(browser.get(path))
        path = routes.paths(route, world)[0]
        found[f"POST {path}"] = essence(browser.post(path))
    return found | {f"GET {path}": essence(browser.get(path)) for path in further}


def fill_our_region(aino: Worker) -> list[dict[str, str]]:
    """Clients with cases, contacts, forms, answers and files; one of them protected."""
    made = [worlds.a_world(aino, worlds.Words(number), protects_last=number == 2) for number in (1, 2, 3)]
    for _number in range(5):
        builders.a_contact(aino)
    return made


def test_every_page_is_the_same_to_the_byte_whether_or_not_our_region_has_data(outsider: Worker, aino: Worker) -> None:
    for number in (1, 2, 3):  # Lists of municipalities are public, and no data of anybody.
        worlds.a_town(worlds.Words(number))
    browser, nowhere = builders.signed_in(outsider), worlds.an_invented_world(outsider)
    rows.the_form()
    drawn(browser, nowhere, FURTHER)
    before = drawn(browser, nowhere, FURTHER)
    fill_our_region(aino)
    after = drawn(browser, nowhere, FURTHER)
    assert [path for path in before if before[path] != after[path]] == []
    shown = [path for path, (status, _where, content) in before.items() if status == 200 and content]
    assert len(shown) > 40


def test_an_address_of_our_row_is_as_unknown_as_an_invented_one(outsider: Worker, aino: Worker) -> None:
    browser, nowhere = builders.signed_in(outsider), worlds.an_invented_world(outsider)
    of_clients = [
        route for route in walked() if OF_A_CLIENT & {routes.kind_of(route, each) for each in route.arguments}
    ]
    assert len(of_clients) > 25
    for world in fill_our_region(aino)[:2]:
        for route in of_clients:
            pairs = zip(routes.paths(route, world), routes.paths(route, nowhere), strict=True)
            for ours, invented in pairs:
                for ask in (browser.get, partial(browser.post, follow=True)):
                    (mine, *more), (other, *others) = essence(ask(ours)), essence(ask(invented))
                    assert (ours, mine, *(KEY.sub(b"", each) for each in more)) == (
                        ours,
                        other,
                        *(KEY.sub(b"", each) for each in others),
                    )


def test_the_trail_of_another_municipality_has_its_own_lines_alone(outsider: Worker, aino: Worker) -> None:
    browser, worlds_of_ours = builders.signed_in(outsider), fill_our_region(aino)
    browser.get("/desk/people/?q=Turva")
    found = list(csv.reader(browser.get("/desk/trail/export.csv").content.decode().splitlines()))
    assert {(row[1], row[4]) for row in found[1:]} == {(outsider.name, "Kitee")}
    for address in ("/desk/trail/", "/desk/trail/own/", f"/desk/trail/?person={worlds_of_ours[0]['person']}"):
        page = browser.get(address).content.decode()
        assert aino.name not in page
        assert "Turva" not in page
