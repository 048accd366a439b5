"""The ground under all other tests: the restricted role, fresh databases, the real application."""

import os
import urllib.error
import urllib.request

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from kotisatama.kernel.live_app import LiveApp
from kotisatama.kernel.testing import TestServer


def _value(query: str, *values: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.django_db
def test_tests_run_as_a_role_that_row_security_binds_and_that_owns_nothing() -> None:
    assert _value("SELECT current_user") == "kotisatama_app"
    assert _value("SELECT rolsuper OR rolbypassrls OR rolcreatedb FROM pg_roles WHERE rolname = current_user") is False
    with pytest.raises(ProgrammingError), transaction.atomic():
        _value("TRUNCATE django_session")


@pytest.mark.parametrize("round_", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_commits_leaves_nothing_to_the_next_and_keeps_what_migrations_wrote(round_: int) -> None:
    assert _value("SELECT count(*) FROM django_session") == 0
    assert _value("SELECT count(*) FROM django_migrations") != 0
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES (%s, 'x', now())", [str(round_)])


def test_a_database_of_a_run_that_ended_is_removed(database_server: TestServer) -> None:
    abandoned = database_server.create("test_999999999")
    kept = database_server.create(f"test_extra_{os.getpid()}")
    database_server.drop_abandoned()
    with psycopg.connect(database_server.owner("postgres")) as line:
        names = {name for (name,) in line.execute("SELECT datname FROM pg_database")}
    database_server.drop(kept)
    assert abandoned not in names
    assert kept in names


def test_the_live_application_answers_after_being_killed_and_keeps_its_database(live_app: LiveApp) -> None:
    with psycopg.connect(live_app.database_url) as line:
        line.execute("INSERT INTO django_session VALUES ('kept', 'x', now())")
    live_app.kill()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(live_app.url + "/")
    live_app.start()
    with psycopg.connect(live_app.database_url) as line:
        assert line.execute("SELECT count(*) FROM django_session").fetchone() == (1,)
