"""The second factor: compulsory where the site says so, for whoever sees clients' data."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from kotisatama.staff import access, permissions
from kotisatama.staff.models import SignInEvent
from kotisatama.staff.permissions import Role
from kotisatama.staff.tests import signing_in
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def compulsory(settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


NEEDED = {
    Role.MAIN_USER: True,  # may bring clients over
    Role.TEAM_LEAD: True,
    Role.COUNSELLOR: True,
    Role.MUNICIPAL_WORKER: True,
    Role.PARTNER_WORKER: True,
    Role.ASSOCIATION_COORDINATOR: True,
    Role.PEER_SUPPORTER: True,
    Role.REPORT_READER: False,
    Role.DATA_PROTECTION_OFFICER: True,
    Role.TRANSLATOR: False,
    Role.COORDINATOR: False,
    Role.DECISION_MAKER: False,
}


@pytest.mark.parametrize("role", list(Role))
def test_whose_work_needs_a_second_factor(role: Role) -> None:
    assert access.sees_client_data(builders.a_worker(role)) is NEEDED[role]


@pytest.mark.usefixtures("compulsory")
@pytest.mark.parametrize("role", list(Role))
def test_without_a_second_factor_nothing_else_opens(role: Role) -> None:
    client = builders.signed_in(builders.a_worker(role))
    answer = client.get(reverse("staff:profile"))
    if NEEDED[role]:
        assert answer.status_code == 302
        assert answer["Location"] == reverse("mfa_index")
    else:
        assert answer.status_code == 200


@pytest.mark.usefixtures("compulsory")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["staff:profile", "account_change_password", "mfa_generate_recovery_codes"])
def test_neither_looking_nor_sending_works_without_it(method: str, name: str) -> None:
    client = builders.signed_in(builders.a_worker())
    assert getattr(client, method)(reverse(name))["Location"] == reverse("mfa_index")


@pytest.mark.usefixtures("compulsory")
@pytest.mark.parametrize("name", ["mfa_index", "account_logout"])
def test_the_ways_to_a_second_factor_and_out_stay_open(name: str) -> None:
    client = builders.signed_in(builders.a_worker())
    assert client.get(reverse(name)).status_code == 200


def test_where_it_is_not_compulsory_the_desk_opens_without() -> None:
    assert builders.signed_in(builders.a_worker()).get(reverse("staff:profile")).status_code == 200


@pytest.mark.usefixtures("compulsory")
def test_worker_sets_up_an_app_and_the_desk_opens() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email)
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    assert page.request["PATH_INFO"] == reverse("account_reauthenticate")
    client.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], {"password": signing_in.PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": signing_in.code_of(secret)}, follow=True)
    assert done.request["PATH_INFO"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("staff:profile")).status_code == 200


def test_app_with_a_wrong_code_is_not_set_up() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email)
    client.post(reverse("account_reauthenticate"), {"password": signing_in.PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert answer.context["form"].errors
    assert not Authenticator.objects.exists()


def test_secret_of_the_app_is_sealed_in_the_database() -> None:
    secret = signing_in.set_up_app(builders.a_worker())
    assert secret not in str(Authenticator.objects.get().data)


def test_password_alone_does_not_open_an_account_with_an_app() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    secret = signing_in.set_up_app(worker)
    assert signing_in.sign_in(client, worker.email)["Location"] == reverse("mfa_authenticate")
    assert not signing_in.is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": signing_in.code_of(secret)})
    assert signing_in.is_signed_in(client)
    assert SignInEvent.objects.latest("at").method == "password+totp"


def test_wrong_code_does_not_open_and_says_what_to_do() -> None:
    client, worker = Client(headers={"Accept-Language": "en"}), signing_in.a_worker_with_password()
    signing_in.set_up_app(worker)
    signing_in.sign_in(client, worker.email)
    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "The code is wrong. Use the one that the app shows now." in answer.content.decode()
    assert not signing_in.is_signed_in(client)


def test_five_wrong_codes_from_any_browser_close_the_door_to_the_right_one() -> None:
    worker = signing_in.a_worker_with_password()
    secret = signing_in.set_up_app(worker)
    for _ in range(5):
        guesser = Client()
        signing_in.sign_in(guesser, worker.email)
        guesser.post(reverse("mfa_authenticate"), {"code": "000000"})
    client = Client()
    signing_in.sign_in(client, worker.email)
    client.post(reverse("mfa_authenticate"), {"code": signing_in.code_of(secret)})
    assert not signing_in.is_signed_in(client)


def test_code_seen_over_the_shoulder_does_not_work_twice() -> None:
    worker = signing_in.a_worker_with_password()
    code = signing_in.code_of(signing_in.set_up_app(worker))
    first, second = Client(), Client()
    for client in (first, second):
        signing_in.sign_in(client, worker.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert signing_in.is_signed_in(first)
    assert not signing_in.is_signed_in(second)


@pytest.mark.usefixtures("compulsory")
def test_last_second_factor_stays_where_it_is_compulsory() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    secret = signing_in.set_up_app(worker)
    signing_in.sign_in(client, worker.email)
    client.post(reverse("mfa_authenticate"), {"code": signing_in.code_of(secret)})
    client.post(reverse("account_reauthenticate"), {"password": signing_in.PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=worker, type="totp").exists()


def test_recovery_codes_alone_are_no_second_factor(settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    worker = builders.a_worker()
    Authenticator.objects.create(user=worker, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    assert builders.signed_in(worker).get(reverse("staff:profile")).status_code == 302


def test_every_permission_on_clients_is_among_those_that_need_it() -> None:
    harmless = {"see_figures", "export_figures", "manage_forms", "translate_forms", "manage_workers", "manage_region"}
    harmless |= {"see_funding", "manage_funding"}
    assert set(permissions.Permission.values) - set(permissions.CLIENT_DATA) == harmless
