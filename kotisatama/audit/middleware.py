"""One request, one transaction, one context of row security; and no page of clients' data without a line."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

from kotisatama.audit import registry
from kotisatama.audit.actions import lines_of_request, one_line_for_what_is_shown, only_counting, write_shown
from kotisatama.kernel import row_security

View = Callable[..., HttpResponseBase]

# Answers that show nothing of a row: redirections, "no permission", "not found".
WITHOUT_CONTENT = frozenset({301, 302, 303, 304, 307, 403, 404})


class NoLine(RuntimeError):
    """A view read clients' data and recorded no line: a fault of the program, the page is refused."""


@cache
def _client_table_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f'"{table}"' for table in sorted(registry.client_tables())))


class Watch:
    """Sees each statement of a request; remembers whether one named a table of clients' data."""

    touched = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not self.touched and not only_counting.get() and _client_table_pattern().search(str(sql)):
            self.touched = True
        return execute(sql, params, many, context)


class RequestTransaction:
    """Last of the middleware: runs the view in its transaction; the commit happens before the answer leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
        controllers: list[str] | None = getattr(request.user, "controller_codes", None)
        is_public = not getattr(view, "login_required", True)
        if controllers is None or is_public:  # A visitor: public actions set their own, narrow context.
            with transaction.atomic():
                return view(request, *args, **kwargs)
        watch, token = Watch(), lines_of_request.set(0)
        try:
            with transaction.atomic(), connection.execute_wrapper(watch), one_line_for_what_is_shown():
                row_security.set_context(controllers=controllers)
                response = view(request, *args, **kwargs)
                has_content = response.status_code not in WITHOUT_CONTENT
                if watch.touched and not lines_of_request.get() and has_content:
                    raise NoLine(request.path)
                write_shown(has_content=has_content)
                return response
        finally:
            lines_of_request.reset(token)
