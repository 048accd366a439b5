"""Signing in by e-mail address and password: the page, the session, the ways out."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kotisatama.staff import tasks
from kotisatama.staff.models import SignInEvent
from kotisatama.staff.tests import signing_in
from kotisatama.staff.tests.signing_in import PASSWORD

pytestmark = pytest.mark.django_db


def test_right_password_opens_the_desk() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    answer = signing_in.sign_in(client, worker.email)
    assert answer.status_code == 302
    assert signing_in.is_signed_in(client)


def test_address_is_found_in_any_case_of_letters() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email.upper())
    assert signing_in.is_signed_in(client)


def test_after_sign_in_the_page_that_was_asked_for_opens() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    wanted = reverse("staff:profile")
    asked = client.get(wanted)
    answer = client.post(asked["Location"], {"login": worker.email, "password": PASSWORD, "next": wanted})
    assert answer["Location"] == wanted


def test_sign_in_does_not_lead_to_another_site() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    address = reverse("account_login") + "?next=https://elsewhere.example/"
    answer = client.post(address, {"login": worker.email, "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]


@pytest.mark.parametrize("known", [True, False])
def test_wrong_password_and_unknown_address_get_the_same_sentence(known: bool) -> None:
    email = signing_in.a_worker_with_password().email if known else "nobody@test.example"
    answer = signing_in.sign_in(Client(), email, "a wrong password", headers={"Accept-Language": "en"})
    assert "The e-mail address or the password is wrong." in answer.content.decode()


def test_session_gets_a_new_key_at_sign_in() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    signing_in.sign_in(client, worker.email)
    assert client.session.session_key != before


def test_closed_account_does_not_open() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    worker.is_active = False
    worker.save()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    answer = signing_in.sign_in(client, worker.email, follow=True)
    assert "The account is closed" in answer.content.decode() or "account_inactive" in answer.request["PATH_INFO"]
    assert not signing_in.is_signed_in(client)


def test_closing_an_account_ends_its_open_session() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email)
    worker.is_active = False
    worker.save()
    assert not signing_in.is_signed_in(client)


def test_a_look_at_the_sign_out_page_does_not_sign_out() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signing_in.is_signed_in(client)


def test_sign_out_ends_the_session() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email)
    client.post(reverse("account_logout"))
    assert not signing_in.is_signed_in(client)


def test_pages_of_a_worker_are_kept_nowhere() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email)
    assert "no-store" in client.get(reverse("staff:profile"))["Cache-Control"]
    assert "no-store" in Client().get(reverse("account_login"))["Cache-Control"]


def test_every_try_is_kept_with_its_outcome() -> None:
    worker = signing_in.a_worker_with_password()
    signing_in.sign_in(Client(), worker.email, "a wrong password")
    signing_in.sign_in(Client(), worker.email)
    signing_in.sign_in(Client(), "nobody@test.example")
    kept = SignInEvent.objects.order_by("at").values_list("worker", "ok", "method")
    assert list(kept) == [(worker.pk, False, "password"), (worker.pk, True, "password"), (None, False, "password")]


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "socialaccount_connections", "socialaccount_signup"]
)
def test_nobody_signs_up_or_changes_the_own_address(name: str) -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    assert Client().get(reverse(name)).status_code == 302
    signing_in.sign_in(client, worker.email)
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize(("language", "heading"), [("en", "Sign in"), ("sv", 'lang="sv"'), ("fi", 'lang="fi"')])
def test_sign_in_page_speaks_the_language_chosen_on_it(language: str, heading: str) -> None:
    client = Client(headers={"Accept-Language": "ar"})
    assert heading in client.get(reverse("account_login"), {"language": language}).content.decode()
    assert f'<html lang="{language}"' in client.get(reverse("account_login")).content.decode()


def test_sign_in_page_without_a_choice_is_in_finnish_for_a_browser_in_arabic() -> None:
    page = Client(headers={"Accept-Language": "ar"}).get(reverse("account_login")).content.decode()
    assert '<html lang="fi" dir="ltr"' in page


def test_link_by_e_mail_sets_a_new_password_once() -> None:
    worker = signing_in.a_worker_with_password()
    tasks.send_password_link(worker_id=worker.pk, origin="http://testserver", template="forgotten")
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    client, new = Client(), "other words in a row"
    form_page = client.get(link, follow=True)
    address = form_page.redirect_chain[-1][0]
    done = client.post(address, {"password1": new, "password2": new}, follow=True)
    assert done.status_code == 200
    signing_in.sign_in(client, worker.email, new)
    assert signing_in.is_signed_in(client)
    again = Client(headers={"Accept-Language": "en"}).get(link)
    assert "The link no longer works" in again.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_asking_for_a_link_says_the_same_for_every_address(known: bool) -> None:
    email = signing_in.a_worker_with_password().email if known else "nobody@test.example"
    answer = Client(headers={"Accept-Language": "en"}).post(
        reverse("account_reset_password"), {"email": email}, follow=True
    )
    assert "If the address belongs to an account" in answer.content.decode()
    assert not mail.outbox  # a job sends the letter, so that the answer takes as long for everybody


def test_letter_speaks_the_workers_language() -> None:
    worker = signing_in.a_worker_with_password()
    tasks.send_password_link(worker_id=worker.pk, origin="https://desk.example", template="welcome")
    assert mail.outbox[0].subject.startswith("Your account at")
    assert "https://desk.example/accounts/password/reset/key/" in mail.outbox[0].body


def test_closed_account_gets_no_letter() -> None:
    worker = signing_in.a_worker_with_password()
    worker.is_active = False
    worker.save()
    tasks.send_password_link(worker_id=worker.pk, origin="https://desk.example", template="forgotten")
    assert not mail.outbox


def test_changing_the_password_needs_the_present_one() -> None:
    client, worker = Client(), signing_in.a_worker_with_password()
    signing_in.sign_in(client, worker.email)
    new = {"password1": "other words in a row", "password2": "other words in a row"}
    client.post(reverse("account_change_password"), {"oldpassword": "a wrong one", **new})
    worker.refresh_from_db()
    assert worker.check_password(PASSWORD)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})
    worker.refresh_from_db()
    assert worker.check_password("other words in a row")
