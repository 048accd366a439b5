"""Sign-in through the organisation's own provider, against a running certified one on loopback."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from kotisatama.staff import adapters, sign_in_settings
from kotisatama.staff.models import SignInEvent, Worker
from kotisatama.staff.tests import signing_in
from tests import builders
from tests.oidc import provider as providers

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CALLBACK = "http://testserver/accounts/oidc/oidc/login/callback/"


@pytest.fixture(scope="module")
def running_provider() -> Iterator[providers.Running]:
    with providers.running(site.VAR, redirect_uri=CALLBACK) as provider:
        yield provider


@pytest.fixture
def provider(running_provider: providers.Running, settings: Settings) -> providers.Running:
    """The provider, and a site whose environment names it."""
    environment = {
        "KOTISATAMA_OIDC_ISSUER": running_provider.issuer,
        "KOTISATAMA_OIDC_CLIENT_ID": providers.CLIENT_ID,
        "KOTISATAMA_OIDC_CLIENT_SECRET": providers.CLIENT_SECRET,
        "KOTISATAMA_OIDC_NAME": "City of Joensuu",
    }
    apps = sign_in_settings.oidc_provider(environment)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
    return running_provider


def through(provider: providers.Running, client: Client, email: str, **more: Any) -> Any:
    """Press the button on our page, sign in at the provider, come back; return our answer."""
    button = client.post(reverse("openid_connect_login", args=["oidc"]))
    back = provider.sign_in(button["Location"], email, **more)
    parts = urlsplit(back.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == CALLBACK
    return client.get(f"{parts.path}?{parts.query}")


def test_sign_in_page_offers_the_provider_by_its_name(provider: providers.Running) -> None:
    page = Client(headers={"Accept-Language": "en"}).get(reverse("account_login")).content.decode()
    assert "Sign in with City of Joensuu" in page


def test_without_settings_no_provider_is_offered() -> None:
    assert "oidc" not in Client().get(reverse("account_login")).content.decode()
    assert Client().post(reverse("openid_connect_login", args=["oidc"])).status_code == 404


def test_worker_with_the_verified_address_signs_in_and_is_known_again(provider: providers.Running) -> None:
    worker = builders.a_worker()
    for _ in range(2):
        client = Client()
        through(provider, client, worker.email)
        assert signing_in.is_signed_in(client)
    assert SocialAccount.objects.get().user_id == worker.pk
    assert set(SignInEvent.objects.values_list("worker", "ok", "method")) == {(worker.pk, True, "oidc")}


def test_stranger_gets_a_clear_page_and_no_account(provider: providers.Running) -> None:
    client = Client(headers={"Accept-Language": "en"})
    answer = through(provider, client, "stranger@test.example")
    assert answer.status_code == 403
    assert "You have no account here yet" in answer.content.decode()
    assert not signing_in.is_signed_in(client)
    assert not Worker.objects.filter(email="stranger@test.example").exists()


def test_address_that_the_provider_has_not_verified_opens_nothing(provider: providers.Running) -> None:
    worker, client = builders.a_worker(), Client()
    assert through(provider, client, worker.email, verified=False).status_code == 403
    assert not signing_in.is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_closed_account_stays_closed(provider: providers.Running) -> None:
    worker = builders.a_worker()
    through(provider, Client(), worker.email)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)
    client = Client()
    through(provider, client, worker.email)
    assert not signing_in.is_signed_in(client)


def test_person_who_goes_back_at_the_provider_is_not_signed_in(provider: providers.Running) -> None:
    client = Client(headers={"Accept-Language": "en"})
    answer = through(provider, client, "")
    assert not signing_in.is_signed_in(client)
    assert answer.status_code in {302, 403}


def test_answer_to_a_question_that_this_browser_did_not_ask_is_refused(provider: providers.Running) -> None:
    worker = builders.a_worker()
    button = Client().post(reverse("openid_connect_login", args=["oidc"]))
    back = urlsplit(provider.sign_in(button["Location"], worker.email).url)
    other = Client()
    other.get(f"{back.path}?{back.query}")
    assert not signing_in.is_signed_in(other)


def test_own_second_factor_is_asked_after_the_provider(provider: providers.Running) -> None:
    worker, client = builders.a_worker(), Client()
    secret = signing_in.set_up_app(worker)
    answer = through(provider, client, worker.email, amr=("pwd", "mfa"))
    assert answer["Location"] == reverse("mfa_authenticate")
    client.post(reverse("mfa_authenticate"), {"code": signing_in.code_of(secret)})
    assert signing_in.is_signed_in(client)


@pytest.mark.parametrize(("amr", "opens"), [(("pwd", "mfa"), True), (("pwd",), False), ((), False)])
def test_trusted_factor_of_the_provider_stands_for_ours(
    provider: providers.Running, settings: Settings, amr: tuple[str, ...], opens: bool
) -> None:
    settings.STAFF_OIDC_TRUSTED_FACTOR = "mfa"
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    client = Client()
    through(provider, client, builders.a_worker().email, amr=amr)
    answer = client.get(reverse("staff:profile"))
    assert (answer.status_code == 200) is opens
    if not opens:
        assert answer["Location"] == reverse("mfa_index")


def test_trust_does_not_outlive_the_providers_sign_in(provider: providers.Running, settings: Settings) -> None:
    settings.STAFF_OIDC_TRUSTED_FACTOR = "mfa"
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    closed, worker, client = builders.a_worker(), signing_in.a_worker_with_password(), Client()
    through(provider, Client(), closed.email)
    Worker.objects.filter(pk=closed.pk).update(is_active=False)
    through(provider, client, closed.email, amr=("mfa",))
    signing_in.sign_in(client, worker.email)
    assert client.get(reverse("staff:profile"))["Location"] == reverse("mfa_index")


@pytest.mark.parametrize(
    ("claims", "trusted", "is_trusted"),
    [
        ({"id_token": {"amr": ["pwd", "mfa"]}}, "mfa", True),
        ({"id_token": {"acr": "urn:strong"}}, "urn:strong", True),
        ({"id_token": {"amr": ["pwd"]}}, "mfa", False),
        ({"id_token": {"amr": "mfa-like"}}, "mfa", False),
        ({"id_token": {"amr": [""], "acr": ""}}, "", False),
        ({"userinfo": {"amr": ["mfa"]}, "id_token": {}}, "mfa", False),
    ],
)
def test_which_claims_are_trusted(claims: dict[str, Any], trusted: str, is_trusted: bool) -> None:
    assert adapters.has_trusted_factor(claims, trusted) is is_trusted
