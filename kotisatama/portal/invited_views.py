"""A client opens a form that a worker sent: by a link or a code from paper, and only with the year of birth."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kotisatama.intake import actions as intake
from kotisatama.intake.models import Invitation
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import filling_in, holder
from kotisatama.web.templatetags.kotisatama import ErrorLink

COOKIE = holder.INVITED
COOKIE_SECONDS = 60 * 60
public_form = require_http_methods(["GET", "HEAD", "POST"])


def private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps the page, finds it or learns its address from it."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def entered(code: str) -> HttpResponse:
    """Take the code out of the address, where a history or a log would keep it, into the browser for an hour."""
    response = redirect("portal:invited")
    response.set_cookie(COOKIE, code, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.PRODUCTION)
    return private(response)


def _closed(request: HttpRequest) -> HttpResponse:
    """One page for a code that is unknown, used, ended, closed or too old; status 200, or a log would have it."""
    return private(render(request, "portal/invited_closed.html"))


@login_not_required
@require_safe
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """The link itself."""
    return entered(secret[:60]) if intake.find_invitation(secret[:60]) else _closed(request)


@login_not_required
@public_form
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the year of birth; nothing of the client or of the form is shown before it."""
    found = intake.find_invitation(request.COOKIES.get(COOKIE, "")[:60])
    if found is None:
        return _closed(request)
    if language := request.POST.get("page:language"):
        return private(redirect(translate_url(request.path, language)))
    if request.method == "POST":
        return _answer(request, found)
    intake.note_invitation_opened(found)
    return _show(request, found, "")


def _answer(request: HttpRequest, found: Invitation) -> HttpResponse:
    browser, secret = holder.secret(request)
    try:
        draft = intake.begin_invitation(
            found,
            year=request.POST.get("year", "")[:20],
            browser=browser,
            language=filling_in.current_language(),
            address=str(get_adapter().get_client_ip(request)),
        )
    except NotAllowed as reason:
        return _show(request, found, str(reason), status=429)
    if draft is None:
        return _show(request, found, _("This is not the year that we know. Check it, or ask us."), status=422)
    response = private(redirect("portal:form", found.form.code))
    holder.remember(response, secret)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _show(request: HttpRequest, found: Invitation, problem: str, status: int = 200) -> HttpResponse:
    problems = [ErrorLink(problem, "year")] if problem else []
    typed = request.POST.get("year", "")[:20]
    context = {"invitation": found, "problems": problems, "typed": typed}
    return private(render(request, "portal/invited.html", context, status=status))
