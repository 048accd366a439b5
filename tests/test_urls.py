"""Private by default: whoever has not signed in gets to no page that is not named here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RegexPattern
from django.utils import translation

pytestmark = pytest.mark.django_db

# Each name is a decision: these pages are for everybody.
PUBLIC = {
    "root": "sends a newcomer to the start page in their language",
    "portal:start": "what the centre does, where, when and how to ask",
    "portal:visit": "where the service points are and when they are open",
    "portal:privacy": "what is done with personal data",
    "portal:accessibility": "the accessibility statement",
    "portal:form": "the form",
    "portal:form_page": "the form; a draft opens to its holder's secret only",
    "portal:form_check": "the form; a draft opens to its holder's secret only",
    "portal:form_forget": "throws the holder's own draft away",
    "portal:form_receipt": "the receipt; opens to its holder's secret only",
    "portal:form_gone": "says that answers were sent or removed meanwhile",
    "portal:form_later": "makes a code for the holder's own draft",
    "portal:form_helper": "makes a helper's code for the holder's own draft",
    "portal:form_renewed": "moves the holder's own draft to a newer version",
    "portal:go_on": "where a code is typed; guessing is limited",
    "portal:helping": "the pages that a person shares; opens to a helper's key only",
    "portal:helping_page": "a page that a person shares; opens to a helper's key only",
    "portal:helping_leave": "ends a helper's key",
    "portal:form_ahead": "the pages of the form; a draft opens to its holder's secret only",
    "worker": "the script that keeps forms on a phone",
    "portal:form_receipt_pdf": "the receipt; opens to its holder's secret only",
    "portal:looks": "who looked at the client's data; opens to the secret of a link only",
    "portal:looks_enter": "the link itself",
    "portal:looks_leave": "closes the page on this phone",
    "portal:correction_code": "where the code from a paper is typed",
    "portal:correction": "the questions asked again; opens to the secret of a link only",
    "portal:correction_enter": "the link itself",
    "portal:correction_done": "thanks; shows nothing of anybody",
    "portal:invited": "asks for the year of birth; opens to the secret of a link only",
    "portal:invited_enter": "the link itself",
    "api:form_list": "blank forms for a device; opens to the secret of its address only",
    "api:form": "a blank form for a device; opens to the secret of its address only",
    "api:manifest": "the tables of a blank form; opens to the secret of its address only",
    "api:media": "a table of a blank form; opens to the secret of its address only",
    "api:submission": "takes a form from a device, shows nothing; opens to the secret of its address only",
    "account_login": "sign-in",
    "account_logout": "sign-out",
    "account_inactive": "says that an account is closed",
    "account_reset_password": "forgotten password",
    "account_reset_password_done": "forgotten password",
    "account_reset_password_from_key": "the link of a letter",
    "account_reset_password_from_key_done": "forgotten password",
    "mfa_authenticate": "the second factor, between password and sign-in",
    "openid_connect_login": "sign-in by the worker's own organisation",
    "openid_connect_callback": "sign-in by the worker's own organisation",
    "socialaccount_login_cancelled": "sign-in by the worker's own organisation",
}
VALUES = {"uuid": "019e0000-0000-7000-8000-000000000000", "int": "1"}
REFUSALS = {403, 405}


@dataclass(frozen=True)
class Address:
    """One address of the resolver: its full name (empty when it has none) and a path that leads to it."""

    name: str
    path: str
    pattern: URLPattern


def piece(pattern: Any) -> str:
    """Return the pattern's part of a path, with some fitting value for each argument."""
    if isinstance(pattern, RegexPattern):
        return re.sub(r"\(\?P<\w+>[^)]*\)", "1", str(pattern).lstrip("^").rstrip("$"))
    return re.sub(r"<(?:(\w+):)?\w+>", lambda match: VALUES.get(match[1], "x"), str(pattern))


def walk(found: list[URLPattern | URLResolver], before: str, namespaces: tuple[str, ...] = ()) -> Iterator[Address]:
    for each in found:
        path = before + piece(each.pattern)
        if isinstance(each, URLResolver):
            yield from walk(each.url_patterns, path, (*namespaces, each.namespace) if each.namespace else namespaces)
        else:
            yield Address(":".join((*namespaces, each.name)) if each.name else "", path, each)


def addresses() -> list[Address]:
    with translation.override("fi"):
        return list(walk(get_resolver().url_patterns, "/"))


def answer(method: str, path: str) -> Any:
    return getattr(Client(raise_request_exception=False), method)(path)


def is_refused(response: Any) -> bool:
    """Whether the answer is the way to sign-in, or a plain no."""
    if response.status_code == 302:
        return str(response.headers["Location"]).split("?")[0] == resolve_url(settings.LOGIN_URL)
    return response.status_code in REFUSALS


def test_every_address_of_ours_has_a_name() -> None:
    nameless = [each.path for each in addresses() if not each.name and not each.path.startswith("/accounts/")]
    assert not nameless


def test_names_of_public_pages_exist() -> None:
    assert not PUBLIC.keys() - {each.name for each in addresses()}


def test_each_path_leads_to_its_own_address() -> None:
    """Else the next test would knock at the wrong door."""
    with translation.override("fi"):
        faults = [each.path for each in addresses() if resolve(each.path).func is not each.pattern.callback]
    assert not faults


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_sign_in_every_page_not_named_as_public_is_refused(method: str) -> None:
    private = [each for each in addresses() if each.name not in PUBLIC]
    answers = [(each, answer(method, each.path)) for each in private]
    faults = [f"{each.name} {each.path}: {given.status_code}" for each, given in answers if not is_refused(given)]
    assert private
    assert not faults, "\n".join(faults)


def test_what_is_named_as_public_is_public() -> None:
    """A name that outlived its page's openness leaves the list."""
    named = [each for each in addresses() if each.name in PUBLIC]
    faults = [each.name for each in named if getattr(each.pattern.callback, "login_required", True)]
    assert not faults
