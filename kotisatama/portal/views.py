"""The newcomer's screens."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """What the centre does, where, when and how to ask, on one screen."""
    return render(request, "portal/start.html")
