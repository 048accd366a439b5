"""A worker who wanders: follows links, sends forms as they stand on the page, opens addresses that were kept."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from kotisatama.audit.actions import LOOKS
from kotisatama.audit.middleware import Watch

# Pages that end the walk, or that only the public sees.
LEFT_OUT = re.compile(r"^/desk/(?!.*(/logout|/language))")
AUDIT_INSERT = 'INSERT INTO "audit_line"'


@dataclass
class Form:
    """A form with the values that it has on the page."""

    action: str
    method: str
    values: dict[str, Any] = field(default_factory=dict)


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._textarea = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, forms and their fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and LEFT_OUT.match(given.get("href", "")):
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._note_field(tag, given, dict(attrs))

    def _note_field(self, tag: str, given: dict[str, str], attrs: dict[str, str | None]) -> None:
        name, form = given.get("name", ""), self._form
        assert form is not None
        if tag in ("input", "button") and name:
            chosen = given.get("type") not in ("radio", "checkbox") or "checked" in attrs
            if chosen and given.get("type") != "file":
                form.values.setdefault(name, []).append(given.get("value", "on"))
        elif tag in ("select", "textarea"):
            self._select, self._textarea = (name, "") if tag == "select" else ("", name)
        elif tag == "option" and self._select and "selected" in attrs:
            form.values.setdefault(self._select, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Note the text of a text area."""
        if self._form is not None and self._textarea and data.strip():
            self._form.values.setdefault(self._textarea, []).append(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a field."""
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            self._select = self._textarea = ""


@dataclass
class Seen:
    """What one request did: the codes of its audit lines, and whether it read clients' tables."""

    method: str
    path: str
    status: int
    lines: list[str]
    touched: bool

    @property
    def looks(self) -> list[str]:
        """Codes of the lines that only looked."""
        return [action for action in self.lines if action.rpartition(".")[2] in LOOKS]

    def fault(self) -> str:
        """What is wrong with the lines of this request; empty when nothing is."""
        said = f"{self.method} {self.path} {self.status}: {self.lines}"
        if len(self.looks) > 1:
            return f"two lines for one view: {said}"
        if self.status >= 500:
            return f"refused: {said}"
        if self.status == 200 and self.touched and not self.lines:
            return f"no line: {said}"
        # A comparison of two clients leaves a line about each of them.
        if self.status == 200 and self.method == "GET" and self.touched and len(set(self.lines)) != 1:
            return f"not exactly one line: {said}"
        if self.status in (403, 404) and self.lines:
            return f"a line for nothing: {said}"
        return ""


class Wanderer:
    """One worker's browser."""

    def __init__(self, client: Client, addresses: list[str], draw: random.Random) -> None:
        self.client, self.addresses, self.draw = client, addresses, draw
        self.client.raise_request_exception = False
        self.page, self.path = Page(""), "/desk/"

    def steps(self, count: int) -> Iterator[Seen]:
        """Take so many steps."""
        for _ in range(count):
            yield self._step()

    def tour(self, paths: list[str]) -> Iterator[Seen]:
        """Open each of these pages once."""
        for path in paths:
            yield self._ask("GET", path, {})

    def _step(self) -> Seen:
        choice = self.draw.random()
        if choice < 0.25 and self.page.forms:
            return self._send(self.draw.choice(self.page.forms))
        if choice < 0.7 and self.page.links:
            return self._ask("GET", self.draw.choice(self.page.links), {})
        return self._ask("GET", self.draw.choice(self.addresses), {})

    def _send(self, form: Form) -> Seen:
        action = form.action or self.path
        if not LEFT_OUT.match(action):
            return self._ask("GET", "/desk/", {})
        if form.method == "post":
            return self._ask("POST", action, form.values)
        return self._ask("GET", urlsplit(action).path, form.values)

    def _ask(self, method: str, path: str, values: dict[str, Any]) -> Seen:
        watch, lines = Watch(), list[str]()

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if str(sql).startswith(AUDIT_INSERT):
                lines.append(next(each for each in params if isinstance(each, str) and "." in each))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch), connection.execute_wrapper(note):
            answer = self.client.get(path, values) if method == "GET" else self.client.post(path, values)
        self._look(answer, path)
        status = answer.status_code
        return Seen(method, path, status, [] if status >= 400 else lines, watch.touched)

    def _look(self, answer: HttpResponseBase, path: str) -> None:
        is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and isinstance(answer, HttpResponse):
            self.page, self.path = Page(answer.content.decode()), path
