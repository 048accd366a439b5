"""A visitor corrects some answers: by a link, or by a code from paper. Nothing here needs a script."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from kotisatama.intake import actions as intake
from kotisatama.intake.models import Correction
from kotisatama.kernel.errors import NotAllowed
from kotisatama.portal import correcting, holder
from kotisatama.web.templatetags.kotisatama import ErrorLink

COOKIE = holder.CORRECTION
COOKIE_SECONDS = 60 * 60
public_form = require_http_methods(["GET", "HEAD", "POST"])


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps the page, finds it or learns its address from it."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _open(code: str) -> Correction | None:
    """What the code asks while it waits for an answer."""
    found = intake.find_correction(code)
    return found if found and found.answered_at is None else None


def _entered(code: str) -> HttpResponse:
    """Take the code out of the address, where a history or a log would keep it, into the browser for an hour."""
    response = redirect("portal:correction")
    response.set_cookie(COOKIE, code, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.PRODUCTION)
    return _private(response)


def _closed(request: HttpRequest) -> HttpResponse:
    """One page for a code that is unknown, used, ended or too old; status 200, or a log of errors would have it."""
    return _private(render(request, "portal/correction_closed.html"))


@login_not_required
@public_form
def code(request: HttpRequest) -> HttpResponse:
    """Type the code from the paper."""
    typed = request.POST.get("code", "")[:60]
    if language := request.POST.get("page:language"):
        return redirect(translate_url(request.path, language))
    if request.method == "POST" and _open(typed):
        return _entered(typed)
    problems = [ErrorLink(correcting.unknown_code(), "code")] if request.method == "POST" else []
    context = {"problems": problems, "typed": typed}
    return _private(render(request, "portal/correction_code.html", context, status=422 if problems else 200))


@login_not_required
@require_safe
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """The link itself."""
    return _entered(secret[:60]) if _open(secret[:60]) else _closed(request)


@login_not_required
@public_form
def page(request: HttpRequest) -> HttpResponse:
    """The questions that were asked again; sent once."""
    found = intake.find_correction(request.COOKIES.get(COOKIE, "")[:60])
    if found is None:
        return _closed(request)
    if found.answered_at:
        return _private(redirect("portal:correction_done")) if request.method == "POST" else _closed(request)
    if request.method == "POST":
        return _take(request, found)
    intake.note_correction_viewed(found)
    return _show(request, found, None)


def _take(request: HttpRequest, found: Correction) -> HttpResponse:
    if language := request.POST.get("page:language"):
        return _private(redirect(translate_url(request.path, language)))
    given, refusal = correcting.take(found, request, translation.get_language() or "fi"), ""
    if not given.errors:
        try:
            intake.take_correction(found, given.answers)
        except NotAllowed as reason:
            refusal = str(reason)
        else:
            return _private(redirect("portal:correction_done"))
    correcting.forget_files(found, given)
    return _show(request, found, given, refusal)


def _show(request: HttpRequest, found: Correction, given: correcting.Given | None, refusal: str = "") -> HttpResponse:
    asked = correcting.drawn(found, translation.get_language() or "fi", given)
    problems = correcting.problems(asked, refusal)
    context = {"correction": found, "asked": asked, "problems": problems}
    return _private(render(request, "portal/correction.html", context, status=422 if problems else 200))


@login_not_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Thanks; nothing of the answers stays on this phone."""
    response = render(request, "portal/correction_done.html")
    response.delete_cookie(COOKIE, samesite="Lax")
    return _private(response)
