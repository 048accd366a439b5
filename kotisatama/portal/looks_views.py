"""Who looked at my data: opened by a link from a counsellor, without sign-in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kotisatama.audit import actions as audit
from kotisatama.audit import queries as trail
from kotisatama.people import actions as people
from kotisatama.people import queries as people_queries
from kotisatama.portal import holder, looks

COOKIE = holder.LOOKS
COOKIE_SECONDS = 30 * 60
ROWS_ON_A_PAGE = 50


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps the page, finds it or learns its address from it."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@login_not_required
@require_safe
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address, where a history or a log would keep it, into the browser for half an hour.

    A secret that does not work gets a page with status 200: a log of errors would have the address.
    """
    if people.open_looks_link(secret) is None:
        return _private(render(request, "portal/looks_closed.html"))
    response = redirect("portal:looks")
    response.set_cookie(
        COOKIE, secret, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.PRODUCTION
    )
    return _private(response)


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every look: when, which organisation, for what; the latest first."""
    link = people.open_looks_link(request.COOKIES.get(COOKIE, ""))
    if link is None:
        return _private(render(request, "portal/looks_closed.html"))
    audit.record("looks.viewed", by=None, controllers=[link.controller_id], subject=link)
    pages = Paginator(trail.looks_at(people_queries.ids_that_became(link.person_id)), ROWS_ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {"page": shown, "looks": looks.looks(shown.object_list, link), "link": link}
    return _private(render(request, "portal/looks.html", context))


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on this phone; the link itself goes on working."""
    response = redirect("portal:start")
    response.delete_cookie(COOKIE, samesite="Lax")
    return _private(response)
