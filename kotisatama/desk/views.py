"""The workers' screens that combine apps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def today(request: HttpRequest) -> HttpResponse:
    """What is due for the worker today."""
    return render(request, "desk/today.html")
