"""The workers' screens that combine apps."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kotisatama.audit import actions as audit
from kotisatama.desk import today as todays
from kotisatama.staff.models import Worker


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What is due for the worker today; one line when it names clients, none when it only counts."""
    worker = cast(Worker, request.user)
    found = todays.of(worker, (get_language() or "fi")[:2])
    if found.names_clients:
        audit.record("today.viewed", by=worker, controllers=worker.controller_codes, details=found.numbers)
    return render(request, "desk/today.html", {"today": found})
