"""A visitor's secret: random, only in the visitor's browser; the rows carry its hash."""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kotisatama.kernel import row_security

COOKIE = "kotisatama_draft"
HELPER = "kotisatama_helper"
LOOKS = "kotisatama_looks"
CORRECTION = "kotisatama_correction"
INVITED = "kotisatama_invited"
DAYS_KEPT = 30  # as long as an unfinished form: the class `draft` of privacy/data


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def enter(request: HttpRequest) -> str:
    """Make the visitor's own rows exist for the rest of this transaction; returns the hash, empty for a new visitor."""
    secret = request.COOKIES.get(COOKIE, "")
    holder = _hash(secret) if secret else ""
    row_security.set_context(holder=holder)
    return holder


def begin(request: HttpRequest) -> tuple[str, str]:
    """As `enter`, with a new secret where there was none: returns (hash, secret for the cookie)."""
    holder, found = secret(request)
    row_security.set_context(holder=holder)
    return holder, found


def secret(request: HttpRequest) -> tuple[str, str]:
    """The same without setting the context, which is another one's: (hash, secret)."""
    found = request.COOKIES.get(COOKIE, "") or secrets.token_urlsafe(32)
    return _hash(found), found


def remember(response: HttpResponse, secret: str) -> None:
    """Keep the secret in the browser as long as the answers last, from now on; no script can read it."""
    response.set_cookie(
        COOKIE, secret, max_age=DAYS_KEPT * 86_400, httponly=True, samesite="Lax", secure=settings.PRODUCTION
    )


def forget(response: HttpResponse) -> None:
    """Take everything off the browser that the pages left there: nobody finds a draft or a receipt any more."""
    for name in (COOKIE, HELPER, LOOKS, CORRECTION, INVITED, settings.CSRF_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def helper(request: HttpRequest) -> str:
    """The hash of the secret of a browser in which somebody helps another; empty when nobody does."""
    secret = request.COOKIES.get(HELPER, "")
    return _hash(secret) if secret else ""


def begin_helping(request: HttpRequest) -> tuple[str, str]:
    """As `begin`, for a helper: apart from the own forms of whoever helps. The context is left as it is."""
    secret = request.COOKIES.get(HELPER, "") or secrets.token_urlsafe(32)
    return _hash(secret), secret


def remember_helping(response: HttpResponse, secret: str, *, seconds: float) -> None:
    """Keep the helper's secret as long as its key opens anything."""
    response.set_cookie(
        HELPER, secret, max_age=max(int(seconds), 0), httponly=True, samesite="Lax", secure=settings.PRODUCTION
    )


def stop_helping(response: HttpResponse) -> None:
    """Take the helper's secret off the browser."""
    response.delete_cookie(HELPER, samesite="Lax")


def secret_of(request: HttpRequest) -> str:
    """The visitor's secret itself, for what is made from it."""
    return request.COOKIES.get(COOKIE, "")
