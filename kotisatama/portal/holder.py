"""A visitor's secret: random, only in the visitor's browser; the rows carry its hash."""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kotisatama.kernel import row_security

COOKIE = "kotisatama_draft"
DAYS_KEPT = 14


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
    secret = request.COOKIES.get(COOKIE, "") or secrets.token_urlsafe(32)
    holder = _hash(secret)
    row_security.set_context(holder=holder)
    return holder, secret


def remember(response: HttpResponse, secret: str) -> None:
    """Keep the secret in the browser for two weeks; no script can read it."""
    response.set_cookie(
        COOKIE, secret, max_age=DAYS_KEPT * 86_400, httponly=True, samesite="Lax", secure=settings.PRODUCTION
    )


def forget(response: HttpResponse) -> None:
    """Take the secret off the browser: on a shared phone nobody finds the draft any more."""
    response.delete_cookie(COOKIE, samesite="Lax")
