"""Fifty protected persons with words of their own: no page, file, message, log or dump holds one, but the one view."""

import io
import logging
import re
import subprocess
import zipfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings

from kotisatama.audit import registry as audited
from kotisatama.intake.tests import rows
from kotisatama.kernel import embedded_place, embedded_postgres, testing
from kotisatama.messages import sending
from kotisatama.messages.models import Message
from kotisatama.messages.tests.recording import RecordingSms
from kotisatama.people.models import Person
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders, routes, worlds
from tests.worlds import Words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PROTECTED = [Words(number) for number in range(1, 51)]
# Pages that are opened for each of the fifty; every page is opened by every role, for one of them in turn.
OF_EACH = ("people:detail", "contacts:detail", "intake:item", "messages:detail")
# Choices of a list that are not chosen name every municipality.
OFFERED = re.compile(rb"<option(?![^>]*\sselected)[^>]*>.*?</option>", re.DOTALL)
# The permitted views of an identity code: a click that leaves a line, and what a client asks to be given.
SHOWS_IDENTITY_CODE = {"people:identity_code", "people:identifier", "people:extract"}
IDENTITY_CODE = re.compile(rb"\b\d{6}[-A]\d{3}\w\b")
# Bytes as a dump writes them.
SEALED = re.compile(rb"\\\\x((?:[0-9a-f]{2})+)")
# Pages that do something at once; a walk with empty POSTs leaves them alone.
ACTS_AT_ONCE = {
    *("contacts:undo", "contacts:untie", "staff:remove-second-factors", "staff:send-link"),
    *("people:leave_household", "people:withdraw_sharing", "people:tell_apart"),
}


class Found:
    """What was found where nothing may be found, said once for each place."""

    def __init__(self) -> None:
        words = {word: each for each in PROTECTED for word in each.hidden}
        self.pattern = re.compile("|".join(sorted(map(re.escape, words))).encode())
        self.leaks: list[str] = []
        self.looked_at = 0

    def look(self, where: str, content: bytes) -> None:
        self.looked_at += 1
        hits = {hit.decode() for hit in self.pattern.findall(content)}
        if hits:
            self.leaks.append(f"{where}: {', '.join(sorted(hits)[:6])}")

    def none(self) -> None:
        assert self.looked_at
        assert not self.leaks, "\n".join(self.leaks[:60])


def content_of(answer: Any) -> bytes:
    """The bytes that a reader gets: of a page without the choices that nobody chose, of a spreadsheet its texts."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return str(answer.headers).encode() + OFFERED.sub(b"", content)


@pytest.fixture(name="counsellor")
def counsellor_fixture() -> Worker:
    rows.a_main_service_point()
    return builders.a_worker(Role.COUNSELLOR)


@pytest.fixture(name="made")
def made_fixture(counsellor: Worker) -> Iterator[list[dict[str, str]]]:
    """The fifty: every second one was protected before anything else was written, the others after."""
    RecordingSms.empty()
    with override_settings(SMS_GATEWAY="kotisatama.messages.tests.recording.RecordingSms"):
        yield [
            worlds.a_world(counsellor, words, protects_first=bool(words.number % 2), protects_last=not words.number % 2)
            for words in PROTECTED
        ]


def workers(counsellor: Worker) -> dict[str, Worker]:
    """One of each role, and one with all roles but that of a lead; each of them met the fifty today."""
    found = {str(role): builders.a_worker(role) for role in Role}
    found["all but lead"] = builders.a_worker(roles=[role for role in Role if role != Role.TEAM_LEAD])
    for worker in found.values():
        meet(worker, counsellor)
    return found


def meet(worker: Worker, counsellor: Worker) -> None:
    with builders.as_worker(counsellor):
        protected = list(Person.objects.filter(is_protected=True, name__startswith="Turva Asiakas"))
    for person in protected:
        builders.a_contact(worker, person=person)


def walk(found: Found, who: str, browser: Client, turn: Iterator[dict[str, str]]) -> None:
    """Open every page, each for the next of the fifty, and knock with an empty POST."""
    for route in routes.staff():
        world = next(turn)
        for path in routes.paths(route, world):
            found.look(f"{who} GET {path}", content_of(browser.get(path)))
        if route.name in ACTS_AT_ONCE:
            continue
        for path in routes.paths(route, world) if route.arguments else routes.paths(route, world)[:1]:
            content = content_of(browser.post(path, follow=True))
            if route.name in SHOWS_IDENTITY_CODE:
                content = IDENTITY_CODE.sub(b"", content)
            found.look(f"{who} POST {path}", content)


def open_each(found: Found, browser: Client, made: list[dict[str, str]]) -> None:
    """The main pages of every one of the fifty, as their own counsellor reads them."""
    own = [route for route in routes.staff() if route.name in OF_EACH]
    assert len(own) == len(OF_EACH)
    for world in made:
        for route in own:
            answer = browser.get(routes.paths(route, world)[0])
            assert answer.status_code == 200
            found.look(f"the own counsellor {route.name}", content_of(answer))


def dump(server: testing.TestServer) -> bytes:
    """The whole database as a superuser's pg_dump writes it."""
    program = embedded_place.find(embedded_place.home(server.var)).binaries / "pg_dump"
    url = server.owner(str(connection.settings_dict["NAME"])).replace(embedded_postgres.OWNER, "postgres")
    words = [str(program), "--data-only", "--encoding=UTF8", url]
    return subprocess.run(words, capture_output=True, check=True).stdout


def test_no_word_of_the_protected_leaves_the_one_permitted_view(
    counsellor: Worker,
    made: list[dict[str, str]],
    database_server: testing.TestServer,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    found = Found()
    send_everything()
    turn = cycle(made)
    for who, worker in {"the own counsellor": counsellor, **workers(counsellor)}.items():
        walk(found, who, builders.signed_in(worker), turn)
    open_each(found, builders.signed_in(counsellor), made)
    look_at_exports(found, tmp_path)
    for text in (*(text for _number, text, _reference in RecordingSms.sent), caplog.text):
        found.look("text messages and logs", text.encode())
    look_at_dump(found, dump(database_server))
    found.none()
    assert_the_view_shows(made, counsellor)


def send_everything() -> None:
    """What waits in the outbox leaves: to the person's safe address alone."""
    with builders.as_worker(builders.a_worker(Role.COUNSELLOR)):
        waiting = list(Message.objects.values_list("pk", "controller_id"))
    for message, controller in waiting:
        sending.send(message, controller)
    assert {letter.to[0] for letter in mail.outbox} == {words.email for words in PROTECTED}


def look_at_exports(found: Found, folder: Path) -> None:
    for form in ("csv", "json", "xlsx"):
        file = folder / f"report.{form}"
        call_command("report", "yearly", "--year", "2026", "--format", form, "--output", str(file))
        found.look(f"kotisatama report {form}", content_of(HttpResponse(file.read_bytes())))


def look_at_dump(found: Found, content: bytes) -> None:
    """The list of municipalities names them all; no row of a client names one of the fifty by its code."""
    codes = {words.code.encode() for words in PROTECTED}
    for block in re.findall(rb"^COPY public\.(\S+) .*?$\n(.*?)^\\\.$", content, re.DOTALL | re.MULTILINE):
        table, lines = block[0].strip(b'"').decode(), block[1]
        if table == "network_municipality":
            continue
        found.look(
            f"dump of {table}", SEALED.sub(b"", lines)
        )  # In hexadecimal digits a seal says any number by chance.
        found.look(
            f"dump of {table}, bytes",
            b"".join(bytes.fromhex(each.decode()) for each in SEALED.findall(lines)),
        )
        if table in audited.client_tables():
            told = codes & set(re.split(rb'[\t\n"]', lines))
            found.leaks += [f"dump of {table}: municipality {code.decode()}" for code in sorted(told)]


def assert_the_view_shows(made: list[dict[str, str]], counsellor: Worker) -> None:
    """The test would be worth nothing if the words were nowhere: the one view has them all."""
    worker = builders.a_worker(Role.TEAM_LEAD)
    meet(worker, counsellor)
    lead = builders.signed_in(worker)
    for words, world in list(zip(PROTECTED, made, strict=True))[::10]:
        address = f"/desk/people/{world['person']}/"
        shown = lead.post(f"{address}non-disclosure/details/", {"reason": "serve"})
        content = OFFERED.sub(b"", shown.content).decode()
        assert [word for word in (words.street, words.town, words.phone, words.email) if word not in content] == []
        assert words.hetu in lead.post(f"{address}identity-code/").content.decode()
        assert words.hetu not in content


def test_nobody_is_found_by_what_is_hidden(counsellor: Worker) -> None:
    words = PROTECTED[0]
    worlds.a_world(counsellor, words, protects_last=True)
    browser = builders.signed_in(counsellor)
    for text in (words.phone, words.email, words.street, words.phone[-7:]):
        page = browser.get("/desk/people/", {"q": text}).content.decode()
        assert "Turva Asiakas" not in page
    assert "Turva Asiakas" in browser.get("/desk/people/", {"q": "Turva Asiakas"}).content.decode()
    assert "Turva Asiakas" not in browser.get("/desk/contacts/", {"municipality": words.code}).content.decode()
