"""Asking PxWeb: the question as the interface wants it, and what may go wrong on the way."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from kotisatama.funding import pxweb, share_actions
from kotisatama.funding.models import Statistic
from kotisatama.funding.splitting import Faulty
from kotisatama.funding.tests import partners
from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from tests import builders

RECORDED = pxweb.Recorded().answer(year=2019, codes=[])


@dataclass
class Office:
    """A statistical office on this machine: what it was asked, and what it answers."""

    address: str = ""
    status: int = 200
    content: bytes = RECORDED
    asked: list[Any] = field(default_factory=list)


@pytest.fixture
def office() -> Iterator[Office]:
    told = Office()

    class Desk(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append((self.path, json.loads(body)))
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(told.content)))
            self.end_headers()
            self.wfile.write(told.content)

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Desk)
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(source: pxweb.Source, *codes: str, year: int = 2019) -> Statistic:
    by = partners.a_coordinator()
    with builders.as_worker(by):
        return share_actions.fetch_statistic(
            key=identifiers.new_id(), title="x", year=year, codes=codes or list(partners.PEOPLE), source=source, by=by
        )


@pytest.mark.django_db
def test_the_question_is_the_interfaces_own_and_the_answer_is_kept_with_its_source(
    office: Office, settings: Any
) -> None:
    settings.PXWEB_BASE, settings.PXWEB_TABLE = f"{office.address}/api/v1/fi", "StatFin/vaerak/table.px"
    source = pxweb.configured()
    assert source
    found = fetch(source)
    ((path, asked),) = office.asked
    assert path == "/api/v1/fi/StatFin/vaerak/table.px"
    assert asked["response"] == {"format": "json-stat2"}
    assert {each["code"]: each["selection"]["values"] for each in asked["query"]} == {
        "Alue": ["KU167", "KU276", "KU426", "KU309", "KU146"],
        "Vuosi": ["2019"],
        "Kansalaisuus": ["FOREIGN"],
        "Tiedot": ["vaesto"],
    }
    assert found.numbers == partners.PEOPLE
    assert "Tilastokeskus" in found.source
    assert "table.px" in found.source


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "content"), [(404, b""), (500, RECORDED), (200, b"<html>")])
def test_a_refusal_or_another_answer_is_a_sentence(office: Office, status: int, content: bytes) -> None:
    office.status, office.content = status, content
    with pytest.raises(NotAllowed, match=f"refused the question .{status}|not a file in json-stat2"):
        fetch(pxweb.PxWeb(office.address))
    assert not Statistic.objects.exists()


@pytest.mark.django_db
def test_nobody_there_is_a_sentence() -> None:
    with pytest.raises(NotAllowed, match="does not answer"):
        fetch(pxweb.PxWeb("http://127.0.0.1:9/"))


@pytest.mark.django_db
def test_what_was_asked_and_is_not_in_the_answer_is_named() -> None:
    source = pxweb.Recorded()
    with pytest.raises(Faulty, match="no number of 607"):
        fetch(source, "167", "607")
    with pytest.raises(Faulty, match="no numbers of 2020"):
        fetch(source, "167", year=2020)
    assert source.asked == [(2019, ("167", "607")), (2020, ("167",))]


def test_without_a_table_numbers_are_typed_in_and_the_demo_takes_the_recorded_answer(settings: Any) -> None:
    assert isinstance(pxweb.configured(), pxweb.Recorded)
    settings.DEMO = False
    assert pxweb.configured() is None
