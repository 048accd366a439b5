"""The newcomer's pages that only tell."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kotisatama.forms import queries as forms
from kotisatama.kernel import dated_rules
from kotisatama.portal import pages


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the centre does, where, when and how to ask, on one screen."""
    return render(request, "portal/start.html", pages.start() | {"listed": forms.listed_forms(get_language() or "fi")})


@login_not_required
@require_safe
def visit(request: HttpRequest) -> HttpResponse:
    """The places and their opening hours."""
    return render(request, "portal/visit.html", pages.visit())


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, what one may do."""
    return render(request, "portal/privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (306/2019) with the way to give feedback."""
    days = dated_rules.number("accessibility.feedback_answer", target="all", on=timezone.localdate())
    return render(request, "portal/accessibility.html", {"days": days})
