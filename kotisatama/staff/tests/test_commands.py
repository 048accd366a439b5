"""Setting up a real site from the command line, the page about access, and what production begins with."""

import os
import runpy
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from kotisatama.audit.models import Line
from kotisatama.kernel import row_security
from kotisatama.network import queries as network
from kotisatama.staff import access_page, sign_in_settings
from kotisatama.staff.models import Worker
from tests import builders

pytestmark = pytest.mark.django_db


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def create_worker(*more: str, email: str = "first@test.example", organisation: str = "centre") -> str:
    words = ("create-worker", email, "--name", "First", "--organisation", organisation, "--role", "main_user")
    return run(*words, "--site", "http://testserver", *more)


def create_organisation(*more: str) -> str:
    words = ("create-organisation", "harbour", "--name", "Harbour", "--kind", "centre", "--home", "167")
    return run(*words, "--from", "2026-01-01", *more)


def test_command_prints_nothing_but_a_link_that_opens() -> None:
    builders.an_organisation()
    link = create_worker("--role", "report_reader", "--language", "en")
    worker = Worker.objects.get(email="first@test.example")
    assert worker.roles == ["main_user", "report_reader"]
    assert link.startswith("http://testserver/accounts/password/reset/key/")
    page = Client().get(link, follow=True)
    assert "password1" in page.content.decode()


def test_worker_made_by_the_command_leaves_a_line() -> None:
    builders.an_organisation()
    create_worker()
    with row_security.context(controllers=[builders.JOENSUU]):
        assert list(Line.objects.values_list("action", "worker_id")) == [("worker.made", None)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"organisation": "nowhere"}, "There are: centre."),
        ({"email": "not an address"}, "valid email"),
        ({"email": "TAKEN@test.example"}, "exists already"),
    ],
)
def test_command_says_what_is_wrong(changes: dict[str, str], sentence: str) -> None:
    builders.an_organisation()
    create_worker(email="taken@test.example")
    with pytest.raises(CommandError, match=sentence):
        create_worker(**changes)
    assert Worker.objects.count() == 1


def test_organisation_of_a_real_site_gets_its_mandates() -> None:
    assert create_organisation("--mandate", "167", "--mandate", "426", "--basis", "Agreement 2026") == "harbour"
    harbour = network.organisation("harbour")
    assert harbour
    assert network.controller_codes(harbour.pk, on=timezone.localdate()) == ["167", "426"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("--mandate", "426"), "--basis"), (("--mandate", "999", "--basis", "x"), "no municipality with the code 999")],
)
def test_organisation_with_a_wrong_mandate_is_not_made(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        create_organisation(*words)
    assert network.organisation("harbour") is None


def test_page_about_access_is_what_the_list_says() -> None:
    page = (settings.ROOT / access_page.PLACE).read_text(encoding="utf-8")
    assert page == access_page.text(), "Run `kotisatama access-doc`."


@pytest.mark.parametrize(("mode", "is_strict"), [("demo", False), ("production", True), ("prodction", True)])
def test_second_factor_is_compulsory_wherever_it_is_not_the_demo(
    mode: str, is_strict: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "KOTISATAMA_MODE", mode)
    found = runpy.run_path(str(sign_in_settings.__file__))
    assert found["STAFF_SECOND_FACTOR_REQUIRED"] is is_strict
    assert found["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is not is_strict


def test_sign_in_settings_reach_the_site() -> None:
    assert settings.ACCOUNT_ADAPTER == sign_in_settings.ACCOUNT_ADAPTER
    assert "kotisatama.staff.middleware.SessionLimits" in settings.MIDDLEWARE
