"""Ways out of a page that allauth takes by raising an exception."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url


def with_detours(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, with its exceptions answered here.

    allauth's own middleware would do it, but Django does not show a middleware the exceptions of a view that another
    middleware runs, as audit.middleware.RequestTransaction does.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ImmediateHttpResponse as way_out:
            return way_out.response  # type: ignore[no-any-return]
        except ReauthenticationRequired:
            ways = get_adapter().get_reauthentication_methods(request.user)
            there = ways[0]["url"] if ways else resolve_url("account_login")
            return suspend_request(request, there)  # type: ignore[no-any-return]

    return answered
