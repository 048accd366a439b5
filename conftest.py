"""Every test runs on PostgreSQL as the application's restricted role: row security and privileges are real."""

import os
import pathlib
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation

from kotisatama.kernel import database_url, live_app, testing


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences in tests are the English sources; a page has the language of its reader."""
    with translation.override("en"):
        yield


_in_use: dict[str, testing.TestServer] = {}


def pytest_configure() -> None:
    # The browser's driver leaves an event loop in the thread; tests that the same worker runs afterwards need none.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    # Side by side (make test, -n 2) each worker has a server of its own: sealing waits for the whole server's writers.
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["KOTISATAMA_VAR"] = str(testing.var() / worker)
    # Pages are drawn without a collected folder of static files, and passwords are not made slow to guess.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # The roots of test trails are told to nobody unless a test says so.
    settings.AUDIT_ROOTS_FILE = ""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def database_server() -> Iterator[testing.TestServer]:
    """The server that holds the test databases."""
    with testing.server() as server:
        server.drop_abandoned()
        yield server


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: pytest.FixtureRequest,
    database_server: testing.TestServer,
) -> Iterator[None]:
    """A migrated database of this run, used as the application's role, which could not make one itself."""
    name = database_server.create(f"test_{os.getpid()}")
    connections["default"].settings_dict.update(database_url.parse(database_server.app(name)))
    _in_use[name] = database_server
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        connections.close_all()
    database_server.drop(name)


def _begin_anew(self: TransactionTestCase) -> None:
    """After a test with real commits: a fresh copy of the database, reference data included.

    Django would truncate the tables, which the application's role must not do.
    """
    connections.close_all()
    for name, server in _in_use.items():
        server.create(name)


TransactionTestCase._fixture_teardown = _begin_anew  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def live_static(tmp_path_factory: pytest.TempPathFactory, database_server: testing.TestServer) -> pathlib.Path:
    """A var directory with the static files collected, shared by every live application of the run."""
    var = tmp_path_factory.mktemp("live")
    live_app.LiveApp(database_server, "postgres", var, 0).command("collectstatic", "--noinput", "--verbosity", "0")
    return var


@pytest.fixture(scope="session")
def start_live_app(
    database_server: testing.TestServer, live_static: pathlib.Path
) -> Iterator[Callable[[], live_app.LiveApp]]:
    """Start the real application on a database of its own, as often as asked; all end with the run."""
    started: list[live_app.LiveApp] = []

    def start() -> live_app.LiveApp:
        name = database_server.create(f"live_{len(started)}_{os.getpid()}")
        app = live_app.LiveApp(database_server, name, live_static, live_app.free_port())
        started.append(app)
        app.start()
        return app

    yield start
    for app in started:
        app.stop()
        database_server.drop(app.database)


@pytest.fixture(name="live_app")
def live_app_fixture(start_live_app: Callable[[], live_app.LiveApp]) -> Iterator[live_app.LiveApp]:
    """The real application for one test: granian on a free port, the restricted role, a fresh database."""
    app = start_live_app()
    yield app
    app.stop()
