"""Private by default: whoever has not signed in gets to no page that is not named here."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve_url, reverse
from django.utils import translation

pytestmark = pytest.mark.django_db

# Each name is a decision: these pages are for everybody.
PUBLIC = {
    "root",
    # Sign-in, and the ways out of having forgotten how.
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
}
VALUES = {"uuid": "019e0000-0000-7000-8000-000000000000", "int": "1", "str": "x", "slug": "x", "path": "x"}
REFUSALS = {403, 405}


def patterns(
    found: list[URLPattern | URLResolver], namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Yield (full name, pattern) of every address; an address without a name has an empty one."""
    for each in found:
        if isinstance(each, URLResolver):
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from patterns(each.url_patterns, inner)
        else:
            yield ":".join((*namespaces, each.name)) if each.name else "", each


def all_patterns() -> list[tuple[str, URLPattern]]:
    with translation.override("fi"):
        return list(patterns(get_resolver().url_patterns))


def arguments(pattern: URLPattern) -> dict[str, str]:
    """Return some value for each argument of the address, fitting its converter."""
    converters = {name: type(each).__name__ for name, each in pattern.pattern.converters.items()}
    known = {name: VALUES.get(kind.removesuffix("Converter").lower(), "x") for name, kind in converters.items()}
    regex = getattr(pattern.pattern, "regex", re.compile(""))
    return {name: "1-1" if name == "key" else "1" for name in regex.groupindex if name not in known} | known


def address(name: str, pattern: URLPattern) -> str:
    with translation.override("fi"):
        return reverse(name, kwargs=arguments(pattern))


def answer(method: str, path: str) -> Any:
    return getattr(Client(raise_request_exception=False), method)(path)


def is_refused(response: Any) -> bool:
    """Whether the answer is the way to sign-in, or a plain no."""
    if response.status_code == 302:
        return str(response.headers["Location"]).split("?")[0] == resolve_url(settings.LOGIN_URL)
    return response.status_code in REFUSALS


def test_every_address_has_a_name() -> None:
    nameless = [str(pattern.pattern) for name, pattern in all_patterns() if not name]
    assert all_patterns()
    assert not nameless


def test_names_of_public_pages_exist() -> None:
    assert not PUBLIC - {name for name, _ in all_patterns()}


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_sign_in_every_page_not_named_as_public_is_refused(method: str) -> None:
    faults = []
    for name, pattern in all_patterns():
        if name in PUBLIC:
            continue
        try:
            path = address(name, pattern)
        except NoReverseMatch as reason:
            faults.append(f"{name}: {reason}")
            continue
        response = answer(method, path)
        if not is_refused(response):
            faults.append(f"{name} ({path}) answers {response.status_code} to {method}")
    assert not faults, "\n".join(faults)


def test_what_is_named_as_public_is_public() -> None:
    """A name that outlived its page's openness leaves the list."""
    faults = [
        name
        for name, pattern in all_patterns()
        if name in PUBLIC and getattr(pattern.callback, "login_required", True)
    ]
    assert not faults
