"""The worker's own language, the limits of a session, and the second factor."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.translation import gettext as _

from kotisatama.staff import access, actions, queries, sessions
from kotisatama.staff.models import Worker

STAFF_PATHS = ("/desk/", "/accounts/")
LANGUAGE_COOKIE = "kotisatama_desk_language"
LANGUAGE_COOKIE_SECONDS = 365 * 24 * 60 * 60
# The pages on which a worker gets a second factor, or leaves.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    }
)

Answer = Callable[[HttpRequest], HttpResponse]


class WorkerLanguage:
    """A worker reads the desk in the language of the profile; before sign-in, in the one chosen on the sign-in page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(STAFF_PATHS):
            return self.get_response(request)
        chosen = "" if isinstance(request.user, Worker) else request.GET.get("language", "")
        language = request.user.language if isinstance(request.user, Worker) else _language(request, chosen)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if chosen == language:
            response.set_cookie(
                LANGUAGE_COOKIE,
                language,
                max_age=LANGUAGE_COOKIE_SECONDS,
                path="/accounts/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _language(request: HttpRequest, chosen: str) -> str:
    """The first of: chosen now, chosen before, the browser's, Finnish; the staff's screens have three languages."""
    for code in (chosen, request.COOKIES.get(LANGUAGE_COOKIE, ""), translation.get_language_from_request(request)):
        if code in settings.STAFF_LANGUAGES:
            return code
    return settings.LANGUAGE_CODE


class SessionLimits:
    """A session ends eight hours after sign-in, and after an hour in which nothing happened."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        worker = request.user
        if not isinstance(worker, Worker):
            return self.get_response(request)
        limits = {"whole": settings.STAFF_SESSION_SECONDS, "idle": settings.STAFF_IDLE_SECONDS}
        reason = sessions.over(request, now=time.time(), **limits)
        if not reason:
            return self.get_response(request)
        actions.record_sign_in(worker, ok=False, method=f"session.{reason}")
        logout(request)
        translation.activate(worker.language)
        messages.warning(request, _sentence(reason, is_unsaved=request.method == "POST"))
        return _to_sign_in(request)


def _sentence(reason: str, *, is_unsaved: bool) -> str:
    sentence = {
        "idle": _("You were signed out because nothing happened in an hour."),
        "whole": _("You were signed out because you had been signed in for eight hours."),
    }[reason]
    if is_unsaved:
        sentence = f"{sentence} {_('What you sent last was not saved: sign in and send it again.')}"
    return sentence


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to sign-in and back to this page; a partial update of a page moves the whole page."""
    there = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": there})
    return redirect(there)


class SecondFactor:
    """Where it is compulsory, a worker who sees clients' data has a second factor before anything else opens."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Send the worker to choose a second factor; None lets the page open."""
        if not settings.STAFF_SECOND_FACTOR_REQUIRED or not isinstance(request.user, Worker):
            return None
        match = request.resolver_match
        if match and match.url_name in WITHOUT_SECOND_FACTOR and not match.namespaces:
            return None
        if not access.sees_client_data(request.user) or sessions.provider_is_trusted(request):
            return None
        return None if queries.has_second_factor(request.user) else redirect("mfa_index")
