"""The main user's pages around devices: an address is shown once, and can be ended alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kotisatama.api.models import DeviceKey
from kotisatama.api.tests.openrosa_client import OpenRosaClient
from kotisatama.audit.models import Line
from kotisatama.intake.tests import rows
from kotisatama.kernel import row_security
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db
PAGES = "/desk/forms/devices/"


@pytest.fixture
def browser() -> Any:
    return builders.signed_in(builders.a_worker(Role.MAIN_USER))


def make(browser: Any, **more: str) -> Any:
    key = str(browser.get(f"{PAGES}new/").context["form"].initial["key"])
    last = timezone.localdate() + timedelta(days=30)
    return browser.post(f"{PAGES}new/", {"key": key, "label": "Tablet 3", "expires_on": str(last)} | more)


def address_in(response: Any) -> str:
    found = re.search(r"http://testserver/odk/[A-Z0-9-]{29}/", response.content.decode())
    assert found, response.content.decode()
    return found[0]


def lines(action: str) -> int:
    with row_security.context(controllers=["167", "426"]):
        return Line.objects.filter(action=action).count()


def test_the_address_is_shown_once_and_opens_the_list(browser: Any) -> None:
    rows.the_form()
    address = address_in(make(browser))
    assert [each["formID"] for each in OpenRosaClient(address).listed()] == ["yhteydenotto"]
    page = browser.get(PAGES).content.decode()
    assert "Tablet 3" in page
    secret = address.split("/")[-2]
    assert secret not in page
    assert secret not in str(DeviceKey.objects.values())
    assert lines("device_key.made") == 1


def test_sending_the_page_twice_makes_one_address(browser: Any) -> None:
    first = make(browser)
    key = DeviceKey.objects.get().pk
    again = browser.post(f"{PAGES}new/", first.wsgi_request.POST)
    assert address_in(again) == address_in(first)
    assert DeviceKey.objects.get().pk == key
    assert lines("device_key.made") == 1
    browser.post(f"{PAGES}{key}/end/")
    assert browser.post(f"{PAGES}new/", first.wsgi_request.POST).status_code == 422


def test_an_address_is_ended_after_asking_and_twice_is_once(browser: Any) -> None:
    client = OpenRosaClient(address_in(make(browser)))
    key = DeviceKey.objects.get()
    assert "The device fetches and sends nothing" in browser.get(f"{PAGES}{key.pk}/end/").content.decode()
    for _time in range(2):
        assert browser.post(f"{PAGES}{key.pk}/end/", follow=True).status_code == 200
    assert client.get(f"{client.server}/formList").status_code == 404
    assert lines("device_key.ended") == 1
    assert "was ended already" in browser.get(f"{PAGES}{key.pk}/end/").content.decode()


@pytest.mark.parametrize("days", [-1, 400])
def test_the_last_day_lies_within_a_year(browser: Any, days: int) -> None:
    response = make(browser, expires_on=str(timezone.localdate() + timedelta(days=days)))
    assert response.status_code == 422
    assert "Choose a day from today on, at most a year from now." in response.content.decode()
    assert 'value="Tablet 3"' in response.content.decode()


@pytest.mark.parametrize("wrong", [{"key": "x"}, {"label": ""}, {"label": "x" * 81}, {"expires_on": "tomorrow"}])
def test_what_does_not_fit_is_told(browser: Any, wrong: dict[str, str]) -> None:
    assert make(browser, **wrong).status_code == 422
    assert not DeviceKey.objects.exists()


def test_only_main_users_of_the_own_organisation_see_and_end_it(browser: Any) -> None:
    make(browser)
    key = DeviceKey.objects.get()
    assert builders.signed_in(builders.a_worker(Role.COUNSELLOR)).get(PAGES).status_code == 403
    outsider = builders.signed_in(builders.an_outsider(Role.MAIN_USER))
    assert "Tablet 3" not in outsider.get(PAGES).content.decode()
    assert outsider.post(f"{PAGES}{key.pk}/end/").status_code == 404


def test_the_list_of_forms_leads_there_and_no_form_takes_its_address(browser: Any) -> None:
    assert PAGES in browser.get("/desk/forms/").content.decode()
    asked = {"title": "Devices", "code": "devices", "codes": ["fi"], "origin": ""}
    assert "This word is the address of another page" in browser.post("/desk/forms/new/", asked).content.decode()
