"""What a receipt promised is there after the machine lost power."""

import os
import pathlib
import signal
from collections.abc import Iterator

import psycopg
import pytest

from e2e.visitor import Visitor
from kotisatama.kernel import embedded_place, embedded_postgres, row_security, testing
from kotisatama.kernel.live_app import LiveApp, free_port

ROUNDS = 20


@pytest.fixture
def lonely_app(tmp_path: pathlib.Path, live_static: pathlib.Path) -> Iterator[LiveApp]:
    """The application on a PostgreSQL of its own, which may be killed without hurting other tests."""
    tmp_path.chmod(0o755)
    embedded = embedded_postgres.ensure_running(tmp_path)
    server = testing.TestServer(embedded.app_url, embedded.owner_url, tmp_path)
    app = LiveApp(server, server.create("live_killed"), live_static, free_port())
    app.command("demo-region")
    app.command("form-import", str(testing.ROOT / "kotisatama/forms/definitions/yhteydenotto.xlsx"), "--publish")
    app.start()
    yield app
    app.stop()
    embedded_postgres.release(embedded)


def kill_postgresql(var: pathlib.Path) -> None:
    data = embedded_place.find(embedded_place.home(var)).data
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def is_kept(app: LiveApp, reference: str) -> bool:
    with psycopg.connect(app.database_url) as connection:
        connection.execute("SELECT set_config(%s, '426', true)", [row_security.CONTROLLERS])
        found = connection.execute("SELECT count(*) FROM forms_submission WHERE reference = %s", [reference]).fetchone()
    return found == (1,)


@pytest.mark.slow
def test_a_submission_with_a_receipt_survives_kill_9_of_the_web_server_and_of_postgresql(lonely_app: LiveApp) -> None:
    var = lonely_app.server.var
    for _round in range(ROUNDS):
        visitor = Visitor(lonely_app.url)
        reference = visitor.send(visitor.fill())
        kill_postgresql(var)
        lonely_app.kill()
        again = embedded_postgres.ensure_running(var)  # waits until the server answers again
        lonely_app.start()
        assert is_kept(lonely_app, reference), reference
        assert reference in visitor.get(f"/fi/form/yhteydenotto/sent/{reference}/")
        embedded_postgres.release(again)
