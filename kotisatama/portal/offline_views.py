"""What a form needs to go on without a network: the worker script, and the pages ahead."""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from kotisatama.portal import ahead, filling_in, holder

WORKER = Path(__file__).parent / "static" / "portal" / "worker.js"


@cache
def _worker() -> bytes:
    return WORKER.read_bytes()


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps forms on a phone. It stands at the root so that it may serve the pages of each language."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def pages(request: HttpRequest, code: str) -> JsonResponse:
    """All pages of the form with the visitor's own answers, as they would be opened one by one."""
    return JsonResponse(ahead.ahead(request, filling_in.visit(code, 1, holder.enter(request))))
